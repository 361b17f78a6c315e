/**
 * Text as a terminal may have it. Names, errors and log lines come from strangers: nothing in them may steer the
 * terminal (ECMA-48), turn the order of characters around, hide some, or make one line look like two.
 */

/** What terminals act on instead of showing it. */
const ACTED_ON = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]`;
/** The colours of `styleText`: they change nothing but looks. */
const COLOR = String.raw`\u001b\[(?:[013]|22|3[0-79]|9[0-7])m`;
/** What lays out this program's own lines. */
const LAYOUT: ReadonlySet<string> = new Set(["\n", "\t"]);

const steering = new RegExp(ACTED_ON, "gu");
const steeringOrColor = new RegExp(`${COLOR}|${ACTED_ON}`, "gu");

/**
 * The same text with all of that written as `\u001b`, as JSON has it: so JSON stays what it was.
 * @param hasColor Whether this program writes colours.
 */
export function visibleText(text: string, hasColor: boolean): string {
  if (!hasColor) return text.replace(steering, (found) => (LAYOUT.has(found) ? found : written(found)));
  return text.replace(steeringOrColor, (found) => (found.length > 2 || LAYOUT.has(found) ? found : written(found)));
}

/** One line of a stranger's text: line breaks are written out, too. */
export function oneLine(text: string): string {
  return text.replace(steering, written);
}

/** A character as the escapes of its UTF-16 units. */
function written(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
