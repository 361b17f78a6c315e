/** Reads PROTOCOL.md: its tables and examples are part of the contract that the code is held to. */
import { readFileSync } from "node:fs";

/** The document's text. */
export const PROTOCOL_DOCUMENT = readFileSync(new URL("../../PROTOCOL.md", import.meta.url), "utf8");

/** Rows of the table whose first header is `header`, without the header; each row is its trimmed cells. */
export function tableRows(header: string): string[][] {
  const lines = PROTOCOL_DOCUMENT.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${header} |`));
  if (start < 0) throw new Error(`PROTOCOL.md has no table that begins with '${header}'.`);
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith("|"));
  return rest.slice(0, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Each line of the fenced JSON examples below `heading`. */
export function examples(heading: string): string[] {
  const start = PROTOCOL_DOCUMENT.indexOf(`${heading}\n`);
  const section = PROTOCOL_DOCUMENT.slice(start + heading.length).split(/\n##/)[0] ?? "";
  return [...section.matchAll(/```json\n([\s\S]*?)\n```/g)].flatMap(([, block]) => block?.split("\n") ?? []);
}
