/** Rows by key, all of them there, of any height: a row that stays keeps its elements, and so the focus and the selection inside. */
import { putInOrder, type Row, type Rows } from "./rows.ts";

/** The rows of one short table. */
export class KeyedRows<T> implements Rows<T> {
  readonly #body: HTMLElement;
  readonly #keyOf: (item: T) => string;
  readonly #create: (item: T) => Row<T>;
  readonly #rows = new Map<string, Row<T>>();

  constructor(body: HTMLElement, keyOf: (item: T) => string, create: (item: T) => Row<T>) {
    this.#body = body;
    this.#keyOf = keyOf;
    this.#create = create;
  }

  /** Shows `items`, in their order. @returns false when a row that had the focus is gone. */
  show(items: readonly T[]): boolean {
    const wanted = new Map(items.map((item) => [this.#keyOf(item), item]));
    const keptFocus = this.#removeOthers(wanted);
    const elements = [...wanted].map(([key, item]) => {
      const row = this.#rowOf(key, item);
      row.update(item);
      return row.element;
    });
    putInOrder(this.#body, elements);
    return keptFocus;
  }

  /** Key of the row that `element` stands in. */
  keyAround(element: Element): string | undefined {
    for (const [key, row] of this.#rows) if (row.element.contains(element)) return key;
    return undefined;
  }

  #removeOthers(wanted: ReadonlyMap<string, T>): boolean {
    let keptFocus = true;
    for (const [key, { element }] of this.#rows) {
      if (wanted.has(key)) continue;
      if (element.contains(document.activeElement)) keptFocus = false;
      element.remove();
      this.#rows.delete(key);
    }
    return keptFocus;
  }

  #rowOf(key: string, item: T): Row<T> {
    const known = this.#rows.get(key);
    if (known) return known;
    const row = this.#create(item);
    this.#rows.set(key, row);
    return row;
  }
}
