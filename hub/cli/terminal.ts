/** Where commands write: whole lines for people (or JSON) to stdout, errors and log lines to stderr. */

import { columnsOf, padded } from "./text-width.ts";
import { oneLine, visibleText } from "./visible-text.ts";

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
