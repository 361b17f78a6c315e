/** Writes down who has changed what, and who was refused: an observer of the hub. */

import type { AuditEntry, AuditFilter } from "../../protocol/audit.ts";
import { ERROR_CODES, type ErrorObject, errorKind } from "../../protocol/errors.ts";
import { hubMethod } from "../../protocol/hub-methods.ts";
import type { Rejection } from "../access/access.ts";
import { RateBudget } from "../access/rate-budget.ts";
import { type Redactor, secretsIn } from "../access/redaction.ts";
import { kindOf } from "../access/roles.ts";
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import type { Ending, HubCall, HubEvents } from "../scheduling/hub-events.ts";
import type { PendingRequest } from "../scheduling/pending-request.ts";
import { entryMatcher, entryOf } from "./audit-reader.ts";

/** Latest entries that `hub.audit` can answer with. */
const KEPT_ENTRIES = 1_000;
/** Params longer than this are not read, only measured, bytes. */
const MAX_PARAMS_BYTES = 64 * 1024;
/** Refusals of one kind and one party that are written down in a minute: whoever knocks all day must not fill the log. */
const REFUSALS_PER_MINUTE = 30;
/** Parties whose refusals are counted. */
const MAX_REFUSED_PARTIES = 1_000;

/** Refusals that are about what somebody may do, not about what they have asked wrongly. */
const SECURITY_CODES: ReadonlySet<number> = new Set([ERROR_CODES.FORBIDDEN, ERROR_CODES.RATE_LIMITED]);

/**
 * Entries that are written down in one turn, at least: to read and redact params takes longer than to forward them, and
 * what comes in waits meanwhile. Of many, half is written, so that they become no more however many come.
 */
const ENTRIES_PER_TURN = 8;

/** Something that has happened and is still to be written down. */
interface Noted {
  readonly at: Date;
  readonly describe: () => Omit<AuditEntry, "time">;
}

/** Who has done it. */
type Who = Pick<AuditEntry, "client" | "clientId" | "agent" | "token">;

type Outcome = Pick<AuditEntry, "outcome" | "error">;

/** What an error quotes. */
const QUOTED = /(["'`])(?:(?!\1).)+\1/g;

/** Where entries go. */
interface AuditSink {
  write(line: string): void;
}

/** The log, as it is written while the hub runs. */
export class AuditLog {
  readonly #redactor: Redactor;
  readonly #sink: AuditSink;
  /** In the order in which they happened. */
  readonly #noted: Noted[] = [];
  /** The latest lines. */
  readonly #lines: string[] = [];
  /** Clients, as they are written down, since they identified themselves that way. */
  readonly #who = new WeakMap<Client["identify"], Who>();
  readonly #refusals = new Map<string, { readonly budget: RateBudget; omitted: number }>();

  /** @param sink Where lines go. */
  constructor(events: HubEvents, redactor: Redactor, sink: AuditSink) {
    this.#redactor = redactor;
    this.#sink = sink;
    events.on("answered", (request, ending) => this.#onAnswered(request, ending));
    events.on("called", (call) => this.#onCalled(call));
    events.on("refused", (client, error, method) => this.#onRefused(client, error, method));
    events.on("rejected", (rejection) => this.#onRejected(rejection));
  }

  /** The latest entries that fit, newest first. */
  latest(filter: AuditFilter, limit: number): AuditEntry[] {
    this.flush();
    const fits = entryMatcher(filter);
    const found: AuditEntry[] = [];
    for (const line of this.#lines.toReversed()) {
      const entry = found.length < limit ? entryOf(line) : undefined;
      if (entry && fits(entry)) found.push(entry);
    }
    return found;
  }

  /** Writes down at once what has happened so far. */
  flush(): void {
    this.#write(this.#noted.length);
  }

  #onAnswered(request: PendingRequest, { error, response }: Ending): void {
    if (request.isReadOnly() && !isAboutSecurity(error)) return;
    const undo = response?.members.get("undo");
    const { traceparent } = request.request;
    const durationMs = rounded(performance.now() - request.acceptedAt);
    this.#note(() => {
      const params = paramsOf(request.paramsText);
      const secrets = error || typeof undo === "string" ? secretsOf(params) : [];
      return {
        ...this.#whoIs(request.client),
        instance: describe(request.instance),
        command: request.method,
        params: this.#redactor.value(params),
        ...this.#outcome(error, secrets),
        durationMs,
        ...(typeof undo === "string" && { undo: this.#redactor.text(undo, "", secrets ?? []) }),
        ...(request.attempt > 1 && { attempt: request.attempt }),
        ...(traceparent !== undefined && { traceparent }),
      };
    });
  }

  #onCalled({ client, method, params, durationMs, error }: HubCall): void {
    const kind = kindOf(method);
    const isChange = kind === "control" || (kind === "owner" && hubMethod(method)?.isAudited !== false);
    if (!isChange && !isAboutSecurity(error)) return;
    this.#note(() => ({
      ...this.#whoIs(client),
      instance: null,
      command: method,
      params: this.#redactor.value(params),
      ...this.#outcome(error, secretsIn(params)),
      durationMs: rounded(durationMs),
    }));
  }

  #onRefused(client: Client, error: ErrorObject, method: string | undefined): void {
    if (!isAboutSecurity(error)) return;
    this.#addRefusal(`${client.id} ${error.code}`, () => ({
      ...this.#whoIs(client),
      instance: null,
      command: method ?? "?",
      ...this.#outcome(error),
      durationMs: 0,
    }));
  }

  #onRejected({ address, reason, kind }: Rejection): void {
    const nobody = { client: null, clientId: null, agent: null, token: null, instance: null };
    this.#addRefusal(`${address} ${kind}`, () => {
      const outcome = { outcome: kind, error: this.#redactor.text(reason) };
      return { ...nobody, address, command: "connect", ...outcome, durationMs: 0 };
    });
  }

  /** @param key Who was refused, and how: so many of the same are written down, and the others are counted. */
  #addRefusal(key: string, describe: Noted["describe"]): void {
    if (this.#refusals.size >= MAX_REFUSED_PARTIES && !this.#refusals.has(key)) this.#refusals.clear();
    const count = this.#refusals.get(key) ?? { budget: new RateBudget(REFUSALS_PER_MINUTE), omitted: 0 };
    this.#refusals.set(key, count);
    if (count.budget.take() > 0) {
      count.omitted += 1;
      return;
    }
    const { omitted } = count;
    count.omitted = 0;
    this.#note(() => ({ ...describe(), ...(omitted > 0 && { omitted }) }));
  }

  /** Has it written down when the answers of this turn are on their way. */
  #note(describe: () => Omit<AuditEntry, "time">): void {
    if (this.#noted.push({ at: new Date(), describe }) === 1) setImmediate(this.#writeSome);
  }

  readonly #writeSome = (): void => {
    this.#write(Math.max(ENTRIES_PER_TURN, this.#noted.length / 2));
    if (this.#noted.length > 0) setImmediate(this.#writeSome);
  };

  #write(count: number): void {
    for (const { at, describe } of this.#noted.splice(0, count)) {
      const line = JSON.stringify({ time: at.toISOString(), ...describe() });
      this.#lines.push(line);
      if (this.#lines.length > KEPT_ENTRIES) this.#lines.shift();
      this.#sink.write(line);
    }
  }

  #whoIs(client: Client): Who {
    const known = this.#who.get(client.identify);
    if (known) return known;
    const who = this.#describeClient(client);
    this.#who.set(client.identify, who);
    return who;
  }

  #describeClient({ id, name, identify, permission }: Client): Who {
    const { agent } = identify;
    return {
      client: this.#redactor.text(name),
      clientId: id,
      agent: agent ? this.#redactor.text(`${agent.name} ${agent.version}`.trim()) : null,
      token: permission?.name ?? null,
    };
  }

  /** @param secrets Those in the params, which an error may quote; null where they were not looked for. */
  #outcome(error: ErrorObject | undefined, secrets: readonly string[] | null = []): Outcome {
    if (!error) return { outcome: "ok" };
    const kind = errorKind(error.code) ?? `error ${error.code}`;
    const message = secrets ? error.message : error.message.replace(QUOTED, "$1…$1");
    return { outcome: kind, error: this.#redactor.text(message, "", secrets ?? []) };
  }
}

/** Params, or how long they are. */
function paramsOf(text: Buffer): unknown {
  if (text.length === 0) return {};
  return text.length > MAX_PARAMS_BYTES ? `… (${text.length} bytes)` : JSON.parse(text.toString("utf8"));
}

function secretsOf(params: unknown): readonly string[] | null {
  return typeof params === "string" ? null : secretsIn(params);
}

function isAboutSecurity(error: ErrorObject | undefined): boolean {
  return error !== undefined && SECURITY_CODES.has(error.code);
}

function describe(instance: Instance | undefined): AuditEntry["instance"] {
  if (!instance) return null;
  return { id: instance.id, name: instance.name, project: instance.projectPath ?? null };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
