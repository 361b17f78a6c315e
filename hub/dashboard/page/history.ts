/** The last samples of one measure, and the line that they make. */

/** Samples that are kept: half a minute, at two a second. */
const SAMPLES = 60;
/** The line's own coordinates. */
export const WIDTH = 120;
/** The same. */
export const HEIGHT = 24;

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

  /** The samples, oldest first. */
  get values(): readonly number[] {
    return this.#values;
  }

  /** Sum of the samples. */
  get sum(): number {
    return this.#values.reduce((sum, value) => sum + value, 0);
  }

  /** Where the line begins: it grows from the right edge until there are all samples. */
  get startX(): number {
    return WIDTH - ((this.#values.length - 1) / (SAMPLES - 1)) * WIDTH;
  }

  /** The line as a path of SVG, the newest sample at the right edge; `least` is the least value at full height. */
  path(least: number): string {
    const top = Math.max(least, ...this.#values);
    const points = this.#values.map((value, index) => {
      const x = this.startX + (index / (SAMPLES - 1)) * WIDTH;
      const y = HEIGHT - 1 - (value / top) * (HEIGHT - 3);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    });
    return points.length === 0 ? "" : `M${points.join("L")}`;
  }
}
