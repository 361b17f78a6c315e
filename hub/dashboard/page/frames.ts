/** Draws views, one a frame: no task of the page lasts longer than its largest view, and a page that nobody sees draws nothing. */

/** A part of the page that shows what the model has. */
export interface View {
  render(): void;
}

/** The views that wait for their frames. */
export class Frames {
  readonly #due = new Set<View>();
  #isAsked = false;

  /** Draws `views` in the coming frames; one that waits already is drawn once. */
  draw(views: Iterable<View>): void {
    for (const view of views) this.#due.add(view);
    this.#ask();
  }

  #ask(): void {
    if (this.#isAsked || this.#due.size === 0) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      const [next] = this.#due;
      if (next) this.#due.delete(next);
      this.#ask();
      next?.render();
    });
  }
}
