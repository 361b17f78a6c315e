/** A panel with a table: its heading, its count, its rows, and what it says when there are none. */
import { byId, setText } from "./elements.ts";
import type { Row, Rows } from "./rows.ts";
import { WindowedRows } from "./windowed-rows.ts";

/** Makes the rows of a table: those in sight, where all are of one height, or all. */
type MakeRows<T> = new (body: HTMLElement, keyOf: (item: T) => string, create: (item: T) => Row<T>) => Rows<T>;

/** One panel of the page. */
export class TablePanel<T> {
  readonly #heading: HTMLElement;
  readonly #count: HTMLElement;
  readonly #empty: Element | null | undefined;
  readonly #table: HTMLTableElement;
  readonly #rows: Rows<T>;

  /** @param name Id of the table; those of its heading and count begin with it. */
  constructor(
    name: string,
    keyOf: (item: T) => string,
    create: (item: T) => Row<T>,
    RowsOf: MakeRows<T> = WindowedRows,
  ) {
    this.#heading = byId(`${name}-title`, HTMLElement);
    this.#count = byId(`${name}-count`, HTMLElement);
    this.#table = byId(name, HTMLTableElement);
    this.#empty = this.#table.closest("section")?.querySelector(".empty");
    this.#makeReachable(`${name}-title`);
    sayRoles(this.#table);
    const body = this.#table.tBodies[0];
    if (!body) throw new Error(`The table '${name}' has no body.`);
    this.#rows = new RowsOf(body, keyOf, create);
  }

  /** What scrolls can be scrolled with the keyboard, in every browser. */
  #makeReachable(title: string): void {
    const scroller = this.#table.parentElement;
    if (!scroller) return;
    scroller.tabIndex = 0;
    scroller.role = "group";
    scroller.setAttribute("aria-labelledby", title);
  }

  /** Shows `items`; `count` stands in the heading. */
  show(items: readonly T[], count: string = String(items.length)): void {
    setText(this.#count, count);
    const isEmpty = items.length === 0;
    this.#table.hidden = isEmpty;
    this.#empty?.toggleAttribute("hidden", !isEmpty);
    // Whoever was in a row that is gone goes on reading at its panel, not at the top of the page.
    if (!this.#rows.show(items)) this.#heading.focus();
  }
}

/** The rows are grids, and not every browser still takes a table for one then. */
function sayRoles(table: HTMLTableElement): void {
  table.role = "table";
  for (const group of table.querySelectorAll("thead, tbody")) group.role = "rowgroup";
  for (const heading of table.querySelectorAll("thead tr")) heading.role = "row";
  for (const heading of table.querySelectorAll("thead th")) heading.role = "columnheader";
}
