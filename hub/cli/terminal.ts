/** Where commands write: whole lines for people (or JSON) to stdout, errors and log lines to stderr. */

import stringWidth from "string-width";

/** Where a command writes to. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Whether stdout shows colours. */
  readonly color: boolean;
}

/** The terminal of this process. A reader that is gone (`godot-hub logs | head`) ends nothing. */
export function processTerminal(): Terminal {
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  return {
    out: (line) => void process.stdout.write(`${visibleText(line, color)}\n`),
    err: (line) => void process.stderr.write(`${visibleText(line, color)}\n`),
    color,
  };
}

/** Columns that are as wide as their widest cell; the first row is the heading. */
export function table(given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map(oneLine));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ""))));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}

const segmenter = new Intl.Segmenter();

/** Columns that `text` takes. */
function columnsOf(text: string): number {
  return stringWidth(text);
}

/** `text` with spaces behind it, so that it takes that many columns. */
function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** `text` in that many columns at most; one that is cut ends in an ellipsis. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  if (columns < 1) return "";
  let kept = "";
  let taken = 0;
  for (const { segment } of segmenter.segment(text)) {
    taken += columnsOf(segment);
    if (taken > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

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
