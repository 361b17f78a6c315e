/** Where commands write: whole lines for people (or JSON) to stdout, errors and log lines to stderr. */

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
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  };
}

/** Columns that are as wide as their widest cell; `rows` begin with the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}
