/** How many there are of each kind, as the parts of one line. Decoration: what it says stands in the tables, too. */
import { element } from "./elements.ts";

/** One line of parts. */
export class Shares {
  readonly element = element("div", { class: "shares", attributes: { "aria-hidden": "true" } });
  readonly #parts = new Map<string, HTMLSpanElement>();

  /** Shows how many there are of each class; a part stays where it first stood. */
  show(counts: ReadonlyMap<string, number>): void {
    for (const [kind, part] of this.#parts) part.hidden = !counts.has(kind);
    for (const [kind, count] of counts) this.#part(kind).style.flexGrow = String(count);
  }

  #part(kind: string): HTMLSpanElement {
    const known = this.#parts.get(kind);
    if (known) return known;
    const part = element("span", { class: `share ${kind}` });
    this.#parts.set(kind, part);
    this.element.append(part);
    return part;
  }
}
