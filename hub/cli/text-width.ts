/** How much room a text takes on a terminal, where some characters take two columns and some none. */
import stringWidth from "string-width";

const segmenter = new Intl.Segmenter();

/** Columns that `text` takes. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** `text` with spaces behind it, so that it takes that many columns. */
export function padded(text: string, columns: number): string {
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
