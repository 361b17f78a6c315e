/** Writes the table of bounds in docs/security.md from the code's declarations. */
import { BOUNDS, type Bound } from "../hub/bounds.ts";

const [BEGIN, END] = ["<!-- bounds: npm run generate -->", "<!-- /bounds -->"];

/** `document` with its table as the code has it. @throws when it has no place for one. */
export function withBounds(document: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new RangeError(`There is no '${BEGIN}' before a '${END}'.`);
  return `${document.slice(0, begin + BEGIN.length)}\n${table()}\n${document.slice(end)}`;
}

function table(): string {
  const rows = Object.values<Bound>(BOUNDS).map(({ what, most, unit, beyond }) => [what, amount(most, unit), beyond]);
  return ["| what | at most | beyond it |", "|---|---|---|", ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n");
}

function amount(most: number, unit: Bound["unit"]): string {
  const grouped = most.toLocaleString("en");
  if (unit === "messages") return `${grouped} × \`--max-message-bytes\``;
  return unit === "" ? grouped : `${grouped} ${unit}`;
}
