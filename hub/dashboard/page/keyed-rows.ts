/** Rows of a table by key: a row that stays keeps its elements, and so the focus and the selection inside. */

/** One row: its element, and how it takes newer data. */
export interface Row<T> {
  readonly element: HTMLElement;
  update(item: T): void;
}

/** The rows of one table. */
export class KeyedRows<T> {
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
    let place: Element | null = this.#body.firstElementChild;
    for (const [key, item] of wanted) {
      const row = this.#rowOf(key, item);
      row.update(item);
      if (row.element === place) place = place.nextElementSibling;
      else this.#body.insertBefore(row.element, place);
    }
    return keptFocus;
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
