/** `godot-hub audit`: who has changed what, from the audit log's files; no hub need run. */

import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import { parseDuration } from "../../hub-client/durations.ts";
import { type AuditEntry, auditFilterSchema } from "../../protocol/audit.ts";
import { auditFiles } from "../audit/audit-files.ts";
import { entryMatcher, entryOf, readAudit } from "../audit/audit-reader.ts";
import { homeDirectory } from "../config.ts";
import type { CliContext } from "./context.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import { FileTail } from "./logs.ts";
import { wholeNumber } from "./options.ts";
import type { Terminal } from "./terminal.ts";
import { oneLine } from "./terminal.ts";

/** Adds `godot-hub audit`. */
export function addAudit(program: Command, { terminal }: CliContext): void {
  program
    .command("audit")
    .description("show who has changed what, and who was refused; no hub need run")
    .option("--since <time>", "from a duration ago (90s, 30m, 1h, 2d) or a point in time (ISO 8601) on")
    .option("--agent <name>", "of this client or AI client, or part of its name")
    .option("--instance <name>", "on this instance or project")
    .option("--command <name>", "this command or method; * for any characters")
    .option("--outcome <outcome>", "ok, error, or the kind of an error such as FORBIDDEN")
    .option("-n, --limit <n>", "how many of the latest", "50")
    .option("-f, --follow", "go on with new entries")
    .option("--json", "one JSON object a line")
    .action((options: Omit<AuditOptions, "limit"> & { limit: string }, command: Command) => {
      const { follow = false, json = false } = options;
      const home = homeDirectory(command.optsWithGlobals());
      const limit = wholeNumber("--limit", options.limit);
      return audit(home, { ...options, follow, json, limit }, terminal, new AbortController().signal);
    });
}

/** Which entries, and how. */
interface AuditOptions {
  /** A duration before now (`90s`, `30m`, `1h`, `2d`) or a point in time (ISO 8601). */
  since?: string;
  agent?: string;
  instance?: string;
  command?: string;
  outcome?: string;
  /** How many of the latest that fit. */
  limit: number;
  /** Lines as they are in the files. */
  json: boolean;
  /** Go on with new entries until `signal` ends it. */
  follow: boolean;
}

const LOOK_AGAIN_MS = 200;

/** Prints entries, oldest first. @throws {CliError} USAGE for a `since` that is no time. */
export async function audit(
  home: string,
  options: AuditOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const fits = matcherOf(options);
  const print = (entry: AuditEntry) => terminal.out(options.json ? JSON.stringify(entry) : describeEntry(entry));
  const follower = options.follow ? new Follower(home) : undefined;
  const latest: AuditEntry[] = [];
  for await (const entry of readAudit(home, fits)) {
    latest.push(entry);
    if (latest.length > options.limit) latest.shift();
  }
  for (const entry of latest) print(entry);
  if (latest.length === 0 && !follower && !options.json) terminal.out("No entry fits.");
  while (follower && !signal.aborted) {
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
    for (const entry of follower.news().filter(fits)) print(entry);
  }
}

/** One entry as a person reads it. */
function describeEntry(entry: AuditEntry): string {
  const { time, client, address, command, instance, outcome, error, durationMs, undo, params, omitted } = entry;
  const who = client ?? address ?? "?";
  const where = instance ? ` on ${instance.name}` : "";
  const end = error === undefined ? outcome : `${outcome}: ${error}`;
  const lines = [oneLine(`${time} ${who}: ${command}${where}, ${end} (${durationMs} ms)`)];
  if (undo !== undefined) lines.push(`    undo step: ${oneLine(undo)}`);
  if (params !== undefined && JSON.stringify(params) !== "{}") lines.push(`    ${JSON.stringify(params)}`);
  if (omitted !== undefined) lines.push(`    ${omitted} more like this before it`);
  return lines.join("\n");
}

/** Entries that are written from its making on, in whichever file. */
class Follower {
  readonly #home: string;
  readonly #tails = new Map<string, FileTail>();

  constructor(home: string) {
    this.#home = home;
    for (const path of auditFiles(home)) this.#tailOf(path).skipToEnd();
  }

  /** What was written since the last time. */
  news(): AuditEntry[] {
    const lines = auditFiles(this.#home).flatMap((path) => this.#tailOf(path).readLines());
    return lines.map(entryOf).filter((entry) => entry !== undefined);
  }

  #tailOf(path: string): FileTail {
    const tail = this.#tails.get(path) ?? new FileTail(path);
    this.#tails.set(path, tail);
    return tail;
  }
}

function matcherOf({ since, agent, instance, command, outcome }: AuditOptions): (entry: AuditEntry) => boolean {
  const given = { since: since === undefined ? undefined : pointInTime(since), agent, instance, command, outcome };
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return entryMatcher(auditFilterSchema.parse(defined));
}

function pointInTime(text: string): string {
  const ago = parseDuration(text);
  const time = ago === undefined ? Date.parse(text) : Date.now() - ago;
  if (Number.isFinite(time)) return new Date(time).toISOString();
  throw new CliError(
    `--since is a duration such as 30m, 1h or 2d, or a time such as 2026-01-31T12:00:00Z, not '${text}'.`,
    EXIT_CODES.USAGE,
  );
}
