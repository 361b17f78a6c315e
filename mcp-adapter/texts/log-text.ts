/** Entries of a log, one line each: of the editor, or of a game. */
import { z } from "zod";
import { kindOf } from "./engine-errors.ts";
import { outline, pairs } from "./outline.ts";

const entrySchema = z.looseObject({
  level: z.string(),
  message: z.string(),
  count: z.number().optional(),
  file: z.string().optional(),
  line: z.number().optional(),
});
type Entry = z.infer<typeof entrySchema>;
const logSchema = z.looseObject({
  entries: z.array(entrySchema),
  cursor: z.string(),
  truncated: z.boolean().optional(),
});
const outputSchema = z.looseObject({ game: z.number(), state: z.string() });

/** The answer of `editor.get_log`. */
export function logText(log: unknown): string {
  const parsed = logSchema.safeParse(log).data;
  if (!parsed) return outline(log);
  const { entries, cursor, truncated } = parsed;
  const lines = withoutRepetitions(entries).map(({ level, message, seq: _, count = 1, ...rest }) =>
    `${level}: ${message}${count === 1 ? "" : ` (${count} times)`} ${pairs(rest)}`.trimEnd(),
  );
  const head = lines.length > 0 ? lines : ["Nothing."];
  return [
    ...head,
    `${truncated ? "... older entries are left out; " : ""}${countsOf(entries)}cursor ${JSON.stringify(cursor)}`,
  ].join("\n");
}

/** Entries that follow one another and differ in nothing but numbers are told once: a loop complains with each turn. */
function withoutRepetitions(entries: readonly Entry[]): Entry[] {
  const told: Entry[] = [];
  for (const entry of entries) {
    const last = told.at(-1);
    const isRepetition = last !== undefined && entry.level !== "info" && kindOf(last) === kindOf(entry);
    if (isRepetition) told[told.length - 1] = { ...last, count: (last.count ?? 1) + (entry.count ?? 1) };
    else told.push(entry);
  }
  return told;
}

/** The answer of `run.get_output`. */
export function outputText(output: unknown): string {
  const of = outputSchema.safeParse(output).data;
  return of ? `Game ${of.game}, ${of.state}:\n${logText(output)}` : logText(output);
}

/** How many entries of each level there are, when they are too many to be counted at a glance. */
function countsOf(entries: readonly { level: string }[]): string {
  if (entries.length < COUNTED_FROM) return "";
  const levels = [...new Set(entries.map(({ level }) => level))];
  return `${levels.map((level) => `${entries.filter((each) => each.level === level).length} ${level}`).join(", ")}; `;
}

const COUNTED_FROM = 20;
