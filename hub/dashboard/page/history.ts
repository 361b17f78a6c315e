/** The last samples of one measure, and the line that shows them. */

/** Samples that are kept: half a minute, at two a second. */
export const SAMPLES = 60;
const WIDTH = 120;
const HEIGHT = 24;
const SVG = "http://www.w3.org/2000/svg";

/** Samples, oldest first. */
export class History {
  readonly #values: number[] = [];
  #isFlat = true;

  /** Adds the newest sample. */
  push(value: number): void {
    this.#values.push(value);
    if (this.#values.length > SAMPLES) this.#values.shift();
    this.#isFlat = this.#values.every((each) => each === 0);
  }

  /** True while there is nothing but zeros. */
  get isFlat(): boolean {
    return this.#isFlat;
  }

  /** Sum of the samples. */
  get sum(): number {
    return this.#values.reduce((sum, value) => sum + value, 0);
  }

  /** The line as a path of SVG, the newest sample at the right edge; `least` is the least value at full height. */
  path(least: number): string {
    const top = Math.max(least, ...this.#values);
    const first = SAMPLES - this.#values.length;
    const points = this.#values.map((value, index) => {
      const x = ((first + index) / (SAMPLES - 1)) * WIDTH;
      const y = HEIGHT - 1 - (value / top) * (HEIGHT - 3);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    });
    return points.length === 0 ? "" : `M${points.join("L")}`;
  }
}

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
