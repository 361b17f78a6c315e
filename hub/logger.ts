/** The hub's log: JSON lines in hub.log, which is bounded in size, and lines for people on the terminal. */
import { renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";
import pino, { type Logger } from "pino";
import { z } from "zod";

/** Path of the log in the state directory. When it is full it is moved to the same name with `.1`. */
export function logPath(home: string): string {
  return join(home, "hub.log");
}

/** Where the log goes and how much of it. */
export interface LoggerOptions {
  home: string;
  level: string;
  /** Size in bytes at which hub.log is moved aside. */
  maxBytes: number;
  /** Writes one line for people; absent: no lines. */
  terminal?: ((line: string) => void) | undefined;
}

/** Opens the log. Once open, a full disk costs log lines and nothing else. @throws when hub.log can't be opened. */
export function createLogger({ home, level, maxBytes, terminal }: LoggerOptions): Logger {
  const file = new BoundedFile(logPath(home), maxBytes);
  if (!terminal) return pino({ level, base: null }, file);
  const people = { write: (line: string) => terminal(describeLogLine(line)) };
  const streams = [file, people].map((stream) => ({ level: "trace" as const, stream }));
  return pino({ level, base: null }, pino.multistream(streams));
}

/** Bytes kept for a log that can not be written now; past them, lines are dropped. */
const UNWRITTEN_BYTES = 1024 * 1024;

/** A file that is appended to in whole lines, and moved aside when it has reached its size. */
class BoundedFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #destination: ReturnType<typeof pino.destination>;
  #bytes: number;

  constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#destination = pino.destination({ dest: path, sync: true, mode: 0o600, maxLength: UNWRITTEN_BYTES });
    // Without a listener a failed write (disk full) would be an uncaught exception.
    this.#destination.on("error", () => {});
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  write(line: string): void {
    if (this.#bytes >= this.#maxBytes) this.#moveAside();
    this.#bytes += Buffer.byteLength(line);
    this.#destination.write(line);
  }

  #moveAside(): void {
    try {
      renameSync(this.#path, `${this.#path}.1`);
      this.#destination.reopen();
    } catch {
      // Windows refuses to move a file that somebody reads: the next full size is the next attempt.
    }
    this.#bytes = 0;
  }
}

const logLineSchema = z.looseObject({ level: z.number(), time: z.number(), msg: z.string().default("") });

const COLORS = { trace: "gray", debug: "gray", info: "green", warn: "yellow", error: "red", fatal: "red" } as const;
type Level = keyof typeof COLORS;

/** One JSON line of the log as a person reads it: time, level, message, and the other members as `name=value`. */
export function describeLogLine(line: string, color = false): string {
  const parsed = logLineSchema.safeParse(parseOrUndefined(line));
  if (!parsed.success) return line.trimEnd();
  const { level, time, msg, ...members } = parsed.data;
  const name = levelName(level);
  const label = name.toUpperCase().padEnd(5);
  const shown = color ? styleText(COLORS[name], label) : label;
  const rest = Object.entries(members).map(([key, value]) => `${key}=${describeValue(value)}`);
  return [new Date(time).toISOString(), shown, msg, ...rest].join(" ");
}

function levelName(level: number): Level {
  const name = pino.levels.labels[level];
  return name !== undefined && Object.hasOwn(COLORS, name) ? (name as Level) : "info";
}

function describeValue(value: unknown): string {
  if (typeof value === "string") return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  const error = z.object({ stack: z.string() }).safeParse(value);
  return error.success ? `\n  ${error.data.stack.replaceAll("\n", "\n  ")}` : JSON.stringify(value);
}

function parseOrUndefined(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
