/** The line of a history, drawn. */
import { HEIGHT, type History, WIDTH } from "./history.ts";

const SVG = "http://www.w3.org/2000/svg";

/** A small line without axes: its figures stand beside it, so that it is decoration to who can't see it. */
export class Sparkline {
  readonly element: SVGSVGElement;
  readonly #path: SVGPathElement;
  #shown = "";

  constructor() {
    this.element = document.createElementNS(SVG, "svg");
    this.element.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    this.element.setAttribute("preserveAspectRatio", "none");
    this.element.setAttribute("aria-hidden", "true");
    this.element.setAttribute("class", "spark");
    this.#path = document.createElementNS(SVG, "path");
    this.element.append(this.#path);
  }

  /** Shows `history`. */
  show(history: History, least = 1): void {
    const path = history.isFlat ? `M0,${HEIGHT - 1}L${WIDTH},${HEIGHT - 1}` : history.path(least);
    if (path === this.#shown) return;
    this.#shown = path;
    this.#path.setAttribute("d", path);
    this.element.classList.toggle("flat", history.isFlat);
  }
}
