/**
 * Requests over HTTP in the newer era of MCP, which knows no sessions. A tool call names its session by the handle that `hub_use` gave;
 * every other request is a client of the hub by itself, until it is answered. So no two agents share undo, limits or usage.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { Caller, SESSION_PARAM } from "../calls/caller.ts";
import { revisionIn } from "../mcp/era-router.ts";
import type { ModernServer } from "../mcp/modern-server.ts";

/** The first revision of the era. */
const FIRST_REVISION = "2026-07-28";
/** A session that nobody has used for this long is ended. */
const IDLE_MS = 60 * 60_000;

const callSchema = z.looseObject({
  method: z.literal("tools/call"),
  params: z.looseObject({ arguments: z.record(z.string(), z.unknown()) }),
});

export interface ModernOptions {
  /** Sessions and requests outside of any that there are at most at a time. */
  readonly most: number;
  /** Makes an adapter. */
  readonly open: (caller: Caller) => Promise<ModernAdapter>;
}

/** A client of the hub, and what answers for it. */
interface ModernAdapter {
  readonly server: Pick<ModernServer, "answer">;
  dispose(): void;
}

/** A session, or a request that belongs to none. */
interface Open {
  readonly adapter: ModernAdapter;
  readonly caller: Caller;
  /** Requests that are not answered. */
  active: number;
  usedAt: number;
}

/** Whether a request says by its header that it is of the newer era. */
export function isModernRequest({ headers }: IncomingMessage): boolean {
  const revision = headers["mcp-protocol-version"];
  return typeof revision === "string" && revision >= FIRST_REVISION;
}

/** Whether a message is of the newer era by what it says itself. */
export function isModernMessage(message: unknown): boolean {
  return typeof message === "object" && message !== null && revisionIn(message) !== undefined;
}

export class ModernRequests {
  readonly #options: ModernOptions;
  readonly #sessions = new Map<string, Open>();
  /** Requests outside of any session. */
  #alone = 0;

  constructor(options: ModernOptions) {
    this.#options = options;
  }

  /** Answers a request. @param body Its message. @returns false when there are too many. */
  async answer(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<boolean> {
    const { handle, message } = takeHandle(body);
    const known = handle === undefined ? undefined : this.#sessions.get(handle);
    if (!known && !this.#hasRoom()) return false;
    if (known) await this.#answerIn(known, { request, response, message });
    else await this.#answerAlone(handle, { request, response, message });
    return true;
  }

  /** Ends the sessions that are not used any more. */
  endIdle(): void {
    const now = performance.now();
    for (const [handle, open] of this.#sessions) {
      if (open.active === 0 && now - open.usedAt > IDLE_MS) this.#end(handle, open);
    }
  }

  /** Ends every session. */
  stop(): void {
    for (const [handle, open] of this.#sessions) this.#end(handle, open);
  }

  /** A request that names no session, or one that has ended. It may open one. */
  async #answerAlone(named: string | undefined, exchange: Exchange): Promise<void> {
    this.#alone += 1;
    let open: Open | undefined;
    const caller: Caller = new Caller(named, () => open && this.#sessions.set(caller.handle, open));
    try {
      const adapter = await this.#options.open(caller);
      open = { adapter, caller, active: 0, usedAt: performance.now() };
      await this.#answerIn(open, exchange);
    } finally {
      this.#alone -= 1;
      if (!caller.isOpen) open?.adapter.dispose();
    }
  }

  async #answerIn(open: Open, { request, response, message }: Exchange): Promise<void> {
    open.active += 1;
    try {
      await open.adapter.server.answer(request, response, message);
    } finally {
      open.active -= 1;
      open.usedAt = performance.now();
    }
  }

  /** Whether there is room for one more. Nobody says when a session ends: the one that is unused for the longest time makes room. */
  #hasRoom(): boolean {
    if (this.#sessions.size + this.#alone < this.#options.most) return true;
    const idle = [...this.#sessions].filter(([, { active }]) => active === 0);
    const [oldest] = idle.toSorted(([, one], [, other]) => one.usedAt - other.usedAt);
    if (oldest) this.#end(...oldest);
    return oldest !== undefined;
  }

  #end(handle: string, { adapter }: Open): void {
    this.#sessions.delete(handle);
    adapter.dispose();
  }
}

/** A request, where its answer goes, and its message without the handle. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly message: unknown;
}

/** Takes the handle of the session out of the arguments of a tool call. */
function takeHandle(body: unknown): { handle: string | undefined; message: unknown } {
  const call = callSchema.safeParse(body).data;
  const { [SESSION_PARAM]: handle, ...rest } = call?.params.arguments ?? {};
  if (!call || typeof handle !== "string" || handle === "") return { handle: undefined, message: body };
  return { handle, message: { ...call, params: { ...call.params, arguments: rest } } };
}
