/** Entries of a log, one line each: of the editor, or of a game. */
import { z } from "zod";
import { kindOf } from "./engine-errors.ts";
import { outline, pairs } from "./outline.ts";

const entrySchema = z.looseObject({
  seq: z.number().optional(),
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
const outputSchema = z.looseObject({ game: z.number(), state: z.string(), skippedLines: z.number().optional() });

/** Length of the entries that are shown, in characters; an answer with two logs gives each half of it. */
export const LOG_LENGTH = 18_000;
/** Where the older entries would stand. */
const FROM_FIRST = '(cursor "0" tells the older ones, from the first that is kept on)';
/** From how many entries on they are counted by level. */
const COUNTED_FROM = 20;

/** A page of a log: what is left out of it, and where to go on. */
interface Page {
  readonly lines: readonly string[];
  readonly cut: string;
  readonly cursor: string;
}

/** A log as it is read: its lines with what is left out, and where to go on; no cursor in what is no log. */
export function logText(
  log: unknown,
  isContinued = false,
  length = LOG_LENGTH,
): { text: string; cursor: string | undefined } {
  const parsed = logSchema.safeParse(log).data;
  if (!parsed) return { text: outline(log), cursor: undefined };
  const entries = withoutRepetitions(parsed.entries);
  const { lines, cut, cursor } = isContinued ? oldest(entries, parsed, length) : newest(entries, parsed, length);
  const below = [cut, countsOf(parsed.entries)].filter(Boolean).join("; ");
  return { text: [...(lines.length > 0 ? lines : ["Nothing."]), ...(below ? [below] : [])].join("\n"), cursor };
}

/** The answer of `editor.get_log`. @param isContinued It begins at a cursor: what is left out comes later, not earlier. */
export function editorLogText(log: unknown, isContinued = false): string {
  const { text, cursor } = logText(log, isContinued);
  return cursor === undefined ? text : `${text}\ncursor ${JSON.stringify(cursor)}`;
}

/** The answer of `run.get_output`. */
export function outputText(output: unknown, isContinued = false): string {
  const of = outputSchema.safeParse(output).data;
  const text = editorLogText(output, isContinued);
  if (!of) return text;
  const skipped = of.skippedLines ? `; ${of.skippedLines} lines came too fast to be kept` : "";
  return `Game ${of.game}, ${of.state}${skipped}:\n${text}`;
}

type Log = z.infer<typeof logSchema>;

function newest(entries: readonly Entry[], { truncated, cursor }: Log, length: number): Page {
  const lines = entries.map((entry) => clipped(lineOf(entry), length));
  const shown = lines.slice(lines.length - fitting(lines.toReversed(), length));
  const isCut = truncated || shown.length < lines.length;
  return {
    lines: isCut ? [FROM_FIRST, ...shown] : shown,
    cut: isCut ? "... cut: older entries are left out, limit shows more" : "",
    cursor,
  };
}

function oldest(entries: readonly Entry[], { truncated, cursor }: Log, length: number): Page {
  const lines = entries.map((entry) => clipped(lineOf(entry), length));
  const shown = lines.slice(0, fitting(lines, length));
  const last = shown.length < lines.length ? entries[shown.length - 1]?.seq : undefined;
  const isCut = truncated || shown.length < lines.length;
  return {
    lines: shown,
    cut: isCut ? "... cut: newer entries are left out, go on with this cursor" : "",
    cursor: last === undefined ? cursor : String(last),
  };
}

/** How many of the first lines are shown: one at least, if there is one. */
function fitting(lines: readonly string[], most: number): number {
  let length = 0;
  const over = lines.findIndex((line) => {
    length += line.length + 1;
    return length > most;
  });
  return over < 0 ? lines.length : Math.max(1, over);
}

/** A single entry never pushes out what follows it. */
function clipped(line: string, length: number): string {
  return line.length <= length ? line : `${line.slice(0, length)}... (${line.length} characters)`;
}

function lineOf({ level, message, seq: _, count = 1, ...rest }: Entry): string {
  return `${level}: ${message}${count === 1 ? "" : ` (${count} times)`} ${pairs(rest)}`.trimEnd();
}

/** Entries that follow one another and differ in nothing but numbers are told once: a loop complains with each turn. */
function withoutRepetitions(entries: readonly Entry[]): Entry[] {
  const told: Entry[] = [];
  for (const entry of entries) {
    const last = told.at(-1);
    const isRepetition = last !== undefined && entry.level !== "info" && kindOf(last) === kindOf(entry);
    const count = (last?.count ?? 1) + (entry.count ?? 1);
    if (isRepetition) told[told.length - 1] = { ...last, count, ...(entry.seq !== undefined && { seq: entry.seq }) };
    else told.push(entry);
  }
  return told;
}

/** How many entries of each level there are, when they are too many to be counted at a glance. */
function countsOf(entries: readonly { level: string }[]): string {
  if (entries.length < COUNTED_FROM) return "";
  const levels = [...new Set(entries.map(({ level }) => level))];
  return levels.map((level) => `${entries.filter((each) => each.level === level).length} ${level}`).join(", ");
}
