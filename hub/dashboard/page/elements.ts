/** Making and changing elements. What instances and agents say goes in as text, never as markup. */

/** Class, text and attributes of a new element. */
export interface Look {
  class?: string;
  text?: string;
  /** Other attributes. */
  attributes?: Readonly<Record<string, string>>;
}

/** A new element. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { class: className, text, attributes = {} }: Look = {},
  ...children: Node[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== undefined) made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The element of the page with that id. @throws {Error} when there is none, or it is something else. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The page has no ${type.name} '${id}'.`);
}

/** Changes a text only where it differs: what does not change costs no layout. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** The same for an attribute; undefined takes it away. */
export function setAttribute(target: Element, name: string, value: string | undefined): void {
  if (value === undefined) target.removeAttribute(name);
  else if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}

/** The same parts with a space between each two: without one, who listens or copies gets them as one word. */
export function spaced(...parts: readonly Node[]): Node[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [document.createTextNode(" "), part]));
}

/** A cell, with the heading that it has where a row is shown as a card. */
export function cell(label: string, className: string, ...children: Node[]): HTMLTableCellElement {
  return element("td", { class: className, attributes: { role: "cell", "data-label": label } }, ...children);
}

/** A row of `cells`. Roles are said, because browsers drop those of tables that are laid out otherwise. */
export function row(...cells: Node[]): HTMLTableRowElement {
  return element("tr", { attributes: { role: "row" } }, ...cells);
}

/** The cell that names its row. */
export function rowHeading(...children: Node[]): HTMLTableCellElement {
  return element("th", { attributes: { role: "rowheader", scope: "row" } }, ...spaced(...children));
}

/** A button that says to whom its action applies, where only its short text can be seen. */
export function actionButton(text: string, className = ""): HTMLButtonElement {
  return element("button", { class: className, text, attributes: { type: "button" } });
}
