/** Rows of which only those in sight, and a few around them, are elements: hundreds of rows cost what a screenful costs. */
import { putInOrder, type Row, type Rows } from "./rows.ts";

/** Rows above and below those in sight: room to scroll, and to go on with the keyboard. */
const SPARE_ROWS = 5;
/** Height that is assumed until the browser has told it, px. */
const FIRST_HEIGHT = 430;
/** The same for a row; the style sheet says it as `--row`. */
const FIRST_ROW_HEIGHT = 45;

/** An item and its place in the table. */
interface Placed<T> {
  readonly item: T;
  readonly index: number;
}

/** The rows of one table, all of one height. */
export class WindowedRows<T> implements Rows<T> {
  readonly #table: HTMLElement;
  readonly #body: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #keyOf: (item: T) => string;
  readonly #rows: KeyedRows<Placed<T>>;
  #items: readonly T[] = [];
  #top = 0;
  #height = FIRST_HEIGHT;
  #rowHeight = FIRST_ROW_HEIGHT;

  /** @param body Of a table inside an element that scrolls. */
  constructor(body: HTMLElement, keyOf: (item: T) => string, create: (item: T) => Row<T>) {
    this.#body = body;
    this.#table = body.parentElement ?? body;
    this.#table.classList.add("windowed");
    this.#scroller = this.#table.parentElement ?? this.#table;
    this.#keyOf = keyOf;
    this.#rows = new KeyedRows(
      body,
      ({ item }) => keyOf(item),
      ({ item }) => this.#place(create(item)),
    );
    this.#scroller.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    new ResizeObserver(() => this.#onResize()).observe(this.#scroller);
  }

  /** Shows `items`, in their order. @returns false when a row that had the focus is gone. */
  show(items: readonly T[]): boolean {
    const before = this.#items;
    this.#items = items;
    this.#table.setAttribute("aria-rowcount", String(items.length + 1));
    this.#setHeight();
    this.#keepInPlace(before);
    return this.#draw();
  }

  #onScroll(): void {
    this.#top = this.#scroller.scrollTop;
    this.#draw();
  }

  #onResize(): void {
    this.#height = this.#scroller.clientHeight || FIRST_HEIGHT;
    this.#rowHeight = Number.parseFloat(getComputedStyle(this.#table).getPropertyValue("--row")) || FIRST_ROW_HEIGHT;
    this.#setHeight();
    this.#onScroll();
  }

  #setHeight(): void {
    const height = `${this.#items.length * this.#rowHeight}px`;
    if (this.#body.style.height !== height) this.#body.style.height = height;
  }

  /** Whoever has scrolled down goes on reading the same rows, whatever comes or goes above them. */
  #keepInPlace(before: readonly T[]): void {
    if (this.#top < this.#rowHeight) return;
    const place = Math.floor(this.#top / this.#rowHeight);
    const first = before[place];
    if (first === undefined) return;
    const key = this.#keyOf(first);
    const now = this.#items.findIndex((item) => this.#keyOf(item) === key);
    if (now < 0 || now === place) return;
    this.#top += (now - place) * this.#rowHeight;
    this.#scroller.scrollTop = this.#top;
  }

  #draw(): boolean {
    const from = Math.max(0, Math.floor(this.#top / this.#rowHeight) - SPARE_ROWS);
    const to = Math.ceil((this.#top + this.#height) / this.#rowHeight) + SPARE_ROWS;
    const shown = this.#items.slice(from, to).map((item, offset) => ({ item, index: from + offset }));
    const focused = this.#focused(from, to);
    if (focused) shown.splice(focused.index < from ? 0 : shown.length, 0, focused);
    return this.#rows.show(shown);
  }

  /** The item whose row has the focus, if it is out of sight: it stays, so that the focus does. */
  #focused(from: number, to: number): Placed<T> | undefined {
    const focus = document.activeElement;
    if (!focus || !this.#body.contains(focus)) return undefined;
    const key = this.#rows.keyAround(focus);
    const index = this.#items.findIndex((item) => this.#keyOf(item) === key);
    const item = this.#items[index];
    return item === undefined || (index >= from && index < to) ? undefined : { item, index };
  }

  /** Rows stand where their places are, so that none is laid out again because of another. */
  #place({ element, update }: Row<T>): Row<Placed<T>> {
    let shown = "";
    return {
      element,
      update: ({ item, index }) => {
        update(item);
        const top = `translateY(${index * this.#rowHeight}px)`;
        if (top === shown) return;
        shown = top;
        element.style.transform = top;
        element.setAttribute("aria-rowindex", String(index + 2));
      },
    };
  }
}

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
