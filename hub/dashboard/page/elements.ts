/** Makes what views consist of: elements, names of clients, small charts, and one drawing of a view a frame. */
import { HEIGHT, type History, WIDTH } from "./history.ts";

/** Class, text and attributes of a new element. */
interface Look {
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

/** Steps around the colour circle by the golden angle: names that follow each other look apart. */
const GOLDEN_ANGLE = 137.508;

/** The name of a client, to be put into a cell. */
export function clientName(name: string, className = ""): HTMLSpanElement {
  const made = element("span", { class: `client ${className}`.trim(), text: name });
  made.style.setProperty("--hue", String(hueOf(name)));
  return made;
}

/** Degrees on the colour circle. */
function hueOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) % 0xffff;
  return Math.round((Math.abs(hash) * GOLDEN_ANGLE) % 360);
}

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

const SVG = "http://www.w3.org/2000/svg";

/** A small line without axes: its figures stand beside it, so that it is decoration to who can't see it. */
export class Sparkline {
  readonly element: SVGSVGElement;
  readonly #line = path("line");
  readonly #below = path("below");
  #shown = "";

  constructor() {
    this.element = document.createElementNS(SVG, "svg");
    this.element.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    this.element.setAttribute("preserveAspectRatio", "none");
    this.element.setAttribute("aria-hidden", "true");
    this.element.setAttribute("class", "spark");
    this.element.append(this.#below, this.#line);
  }

  /** Shows `history`. */
  show(history: History, least = 1): void {
    const path = history.isFlat ? `M0,${HEIGHT - 1}L${WIDTH},${HEIGHT - 1}` : history.path(least);
    if (path === this.#shown) return;
    this.#shown = path;
    this.#line.setAttribute("d", path);
    this.#below.setAttribute("d", history.isFlat ? "" : `${path}L${WIDTH},${HEIGHT}L${history.startX},${HEIGHT}Z`);
    this.element.classList.toggle("flat", history.isFlat);
  }
}

function path(className: string): SVGPathElement {
  const made = document.createElementNS(SVG, "path");
  made.setAttribute("class", className);
  return made;
}
