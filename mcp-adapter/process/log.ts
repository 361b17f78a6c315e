/** Diagnostics on fd 2, one JSON line each: stdout belongs to MCP, and a logging library would cost a third of the start. */
import { writeSync } from "node:fs";

const LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LEVELS)[number];
type Fields = Record<string, unknown>;

/** True for a word that `--log-level` accepts. */
export function isLogLevel(word: string): word is LogLevel {
  return LEVELS.some((level) => level === word);
}

/** Writes what is at or above its level; never throws, whatever became of fd 2. */
export class Log {
  readonly #threshold: number;
  readonly #tell: (level: LogLevel, message: string, fields: Fields) => void;

  /** @param tell Hears everything that is logged, at whatever level. */
  constructor(level: LogLevel, tell: (level: LogLevel, message: string, fields: Fields) => void = () => {}) {
    this.#threshold = LEVELS.indexOf(level);
    this.#tell = tell;
  }

  /** A log that writes what this one writes, and tells somebody. */
  heardBy(tell: (level: LogLevel, message: string, fields: Fields) => void): Log {
    return new Log(LEVELS[this.#threshold] ?? "warn", tell);
  }

  debug(message: string, fields?: Fields): void {
    this.#write("debug", message, fields);
  }

  info(message: string, fields?: Fields): void {
    this.#write("info", message, fields);
  }

  warn(message: string, fields?: Fields): void {
    this.#write("warn", message, fields);
  }

  error(message: string, fields?: Fields): void {
    this.#write("error", message, fields);
  }

  #write(level: LogLevel, message: string, fields: Fields = {}): void {
    this.#tell(level, message, fields);
    if (LEVELS.indexOf(level) < this.#threshold) return;
    const line = { level, time: new Date().toISOString(), name: "godot-mcp-adapter", pid: process.pid, message };
    try {
      writeSync(2, `${JSON.stringify({ ...line, ...fields })}\n`);
    } catch {
      // A reader of fd 2 that is gone or slow is no reason to stop serving.
    }
  }
}
