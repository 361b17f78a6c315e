/** What the rows of a table are to the page: made once for each key, updated, put into order. */

/** One row: its element, and how it takes newer data. */
export interface Row<T> {
  readonly element: HTMLElement;
  update(item: T): void;
}

/** The rows of one table. */
export interface Rows<T> {
  /** Shows `items`, in their order. @returns false when a row that had the focus is gone. */
  show(items: readonly T[]): boolean;
}

/** Puts elements into `body` in that order. The one that has the focus stays where it is: to be moved would cost it the focus. */
export function putInOrder(body: Element, elements: Iterable<Element>): void {
  let place = body.firstElementChild;
  for (const element of elements) {
    if (element.contains(document.activeElement)) place = clearWay(body, place, element);
    if (element === place) place = place.nextElementSibling;
    else body.insertBefore(element, place);
  }
}

/** Moves what stands from `place` to `element` to the end. @returns `element`. */
function clearWay(body: Element, place: Element | null, element: Element): Element {
  for (let next = place; next && next !== element; next = place) {
    place = next.nextElementSibling;
    body.append(next);
  }
  return element;
}
