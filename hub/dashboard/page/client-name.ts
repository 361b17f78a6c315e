/** A client's name with a dot in a colour of its own: the same wherever the name stands, so that one sees who drives what. */
import { element } from "./elements.ts";

/** Steps around the colour circle by the golden angle: names that follow each other look apart. */
const GOLDEN_ANGLE = 137.508;

/** The name of a client, to be put into a cell. */
export function clientName(name: string, className = ""): HTMLSpanElement {
  const made = element("span", { class: `client ${className}`.trim(), text: name });
  made.style.setProperty("--hue", String(hueOf(name)));
  return made;
}

/** Degrees on the colour circle. */
export function hueOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) % 0xffff;
  return Math.round((Math.abs(hash) * GOLDEN_ANGLE) % 360);
}
