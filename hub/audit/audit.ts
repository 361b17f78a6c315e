/** The audit log of one hub: what it observes, and the files that it goes to, from start to stop. */
import type { Logger } from "pino";
import { Redactor } from "../access/redaction.ts";
import type { MethodHandlers } from "../methods/hub-calls.ts";
import type { HubEvents } from "../scheduling/hub-events.ts";
import { AuditFileWriter } from "./audit-files.ts";
import { AuditLog } from "./audit-log.ts";

/** How long after a failure it is tried again to open the files, ms. */
const OPEN_AGAIN_MS = 10_000;

/** How long the token is taken to be what it was, ms: it is read from its file, and every text of every entry is searched for it. */
const TOKEN_LASTS_MS = 1_000;

/** Entries in an answer that names no limit. */
const DEFAULT_ENTRIES = 100;

/** Where the log goes, and what it must never hold. */
interface AuditOptions {
  home: string;
  auditMaxBytes: number;
  auditFiles: number;
  events: HubEvents;
  /** The token that is valid now. */
  token: () => string;
  logger: Logger;
}

/** Open it before anybody can change anything. A log that can't be kept ends nothing: the hub's own log says so. */
export class Audit {
  readonly log: AuditLog;
  readonly #options: AuditOptions;
  #files: AuditFileWriter | undefined;
  #unkept = 0;
  /** When it is tried again to open files that could not be opened, monotonic ms. */
  #opensAgainAt = Number.POSITIVE_INFINITY;

  constructor(options: AuditOptions) {
    this.#options = options;
    const redactor = new Redactor(lately(() => [options.token()]));
    this.log = new AuditLog(options.events, redactor, { write: (line) => this.#write(line) });
  }

  /** Lines that could not be kept, since the hub was started. */
  get lost(): number {
    return this.#unkept + (this.#files?.lost ?? 0);
  }

  /** Its method of the hub. */
  get methods() {
    return {
      "hub.audit": (_client, { limit = DEFAULT_ENTRIES, ...filter }) => ({ entries: this.log.latest(filter, limit) }),
    } satisfies Partial<MethodHandlers>;
  }

  /** Opens the files. */
  async open(): Promise<void> {
    const { home, auditMaxBytes: maxBytes, auditFiles: files, logger } = this.#options;
    this.#opensAgainAt = Number.POSITIVE_INFINITY;
    try {
      this.#files = await AuditFileWriter.open(home, { maxBytes, files }, logger);
      if (this.#unkept > 0) logger.warn({ lost: this.#unkept }, "the audit log is kept again");
    } catch (error) {
      if (this.#unkept === 0) logger.error({ error: String(error) }, "the audit log can't be kept");
      this.#opensAgainAt = performance.now() + OPEN_AGAIN_MS;
    }
  }

  /** Writes what waits, for a bounded time. */
  async close(): Promise<void> {
    this.log.flush();
    this.#opensAgainAt = Number.POSITIVE_INFINITY;
    const files = this.#files;
    this.#files = undefined;
    if (!files) return;
    await files.close();
    this.#unkept += files.lost;
    if (files.lost > 0) this.#options.logger.error({ lost: files.lost }, "entries of the audit log are lost");
  }

  #write(line: string): void {
    if (this.#files) {
      this.#files.write(line);
      return;
    }
    this.#unkept += 1;
    if (performance.now() >= this.#opensAgainAt) void this.open();
  }
}

/** What `read` has given, asked again when that is no longer of now. One that has been rotated since is known by its looks. */
function lately<T>(read: () => T): () => T {
  let known: { readonly value: T; readonly until: number } | undefined;
  return () => {
    const now = performance.now();
    if (!known || known.until <= now) known = { value: read(), until: now + TOKEN_LASTS_MS };
    return known.value;
  };
}
