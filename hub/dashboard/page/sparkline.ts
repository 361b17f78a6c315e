/** The line of a history, drawn. */
import { HEIGHT, type History, WIDTH } from "./history.ts";

const SVG = "http://www.w3.org/2000/svg";

/** A small line without axes: its figures stand beside it, so that it is decoration to who can't see it. */
export class Sparkline {
  readonly element: SVGSVGElement;
  readonly #line = path("line");
  readonly #below = path("below");
  #shown = "";

  constructor() {
    this.element = document.createElementNS(SVG, "svg");
    this.element.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    this.element.setAttribute("preserveAspectRatio", "none");
    this.element.setAttribute("aria-hidden", "true");
    this.element.setAttribute("class", "spark");
    this.element.append(this.#below, this.#line);
  }

  /** Shows `history`. */
  show(history: History, least = 1): void {
    const path = history.isFlat ? `M0,${HEIGHT - 1}L${WIDTH},${HEIGHT - 1}` : history.path(least);
    if (path === this.#shown) return;
    this.#shown = path;
    this.#line.setAttribute("d", path);
    this.#below.setAttribute("d", history.isFlat ? "" : `${path}L${WIDTH},${HEIGHT}L${history.startX},${HEIGHT}Z`);
    this.element.classList.toggle("flat", history.isFlat);
  }
}

function path(className: string): SVGPathElement {
  const made = document.createElementNS(SVG, "path");
  made.setAttribute("class", className);
  return made;
}
