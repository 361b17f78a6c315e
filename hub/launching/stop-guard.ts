/** Decides whether an editor may be ended: nobody else holds any of it, and it says itself that no unsaved work of others would be lost. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { messageOf } from "../../hub-client/node-errors.ts";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { encodeRequest } from "../../protocol/codec.ts";
import { readEnvelope } from "../../protocol/envelope.ts";
import { type ErrorObject, errorKind, WireError } from "../../protocol/errors.ts";
import { responseSchema } from "../../protocol/rpc.ts";
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import type { Frame } from "../connections/connection.ts";
import { type Lease, PendingRequest, WHOLE_INSTANCE } from "../scheduling/pending-request.ts";
import type { PendingTable } from "../scheduling/pending-table.ts";
import type { Scheduler } from "../scheduling/scheduler.ts";

/** The command that the editor is asked. */
const CHECK = "editor.validate_stop";
/** How long the editor may take to answer, ms. */
const ANSWER_MS = 8_000;
/** How long an editor is kept from others while it is asked and ended, ms, unless that ends sooner. */
const HOLD_MS = 30_000;
/** Kinds of errors by which the editor refuses; any other one says nothing about its work. */
const REFUSALS: ReadonlySet<string> = new Set(["CONFLICT", "LEASE_HELD"]);

const answerSchema = z.looseObject({ lost: z.array(z.string()).default([]) });

/** What the guard asks. */
interface StopGuardOptions {
  table: PendingTable;
  scheduler: Scheduler;
}

/** Asks before an editor is ended. */
export class StopGuard {
  readonly #options: StopGuardOptions;

  constructor(options: StopGuardOptions) {
    this.#options = options;
  }

  /**
   * Does `end` when it is the turn of `client`: like a write to the whole editor, which others then don't write to.
   * @param deadlineMs How long to wait for the turn.
   * @throws {WireError} LEASE_HELD where that can't be within the deadline, or what `end` throws.
   */
  async inTurn<T>(instance: Instance, client: Client, deadlineMs: number, end: () => Promise<T>): Promise<T> {
    const { leases, leaseRequests } = this.#options.scheduler;
    const isHeld = [...leases].some(({ lease }) => isOwnWhole(lease, instance, client));
    if (isHeld || hasEnded(instance)) return end();
    const query = { instance, resources: [WHOLE_INSTANCE], durationMs: HOLD_MS, deadlineMs };
    await leaseRequests.acquire(client, query);
    try {
      return await end();
    } finally {
      leases.release(client, instance, [WHOLE_INSTANCE]);
    }
  }

  /**
   * Lets `client` end the editor.
   * @param discard Unsaved work may be lost, also that of others.
   * @returns Scenes and scripts whose unsaved changes are lost, as far as they are known.
   * @throws {WireError} CONFLICT naming what would be lost, or why the editor does not say.
   */
  async admit(instance: Instance, client: Client, discard: boolean): Promise<string[]> {
    if (discard || hasEnded(instance)) return [];
    try {
      return answerSchema.parse(await this.#ask(instance, client)).lost;
    } catch (error) {
      if (error instanceof WireError && REFUSALS.has(error.kind)) throw error;
      const reason = messageOf(error);
      throw new WireError("CONFLICT", `${instance.name} does not say whether unsaved work would be lost: ${reason}`, {
        hint: "It goes on. Repeat it later, or say discard:true to end it all the same.",
      });
    }
  }

  /** Has the editor carry out the check as a command of `client`, and gives its result. */
  #ask(instance: Instance, client: Client): Promise<unknown> {
    const request = { jsonrpc: "2.0", id: `stop-${randomUUID()}`, method: CHECK } as const;
    const envelope = readEnvelope(Buffer.from(encodeRequest({ ...request, params: {} })));
    const pending = new PendingRequest(client, request, envelope, ANSWER_MS);
    return new Promise((resolve, reject) => {
      pending.reply = (frame) => {
        const { result, error } = responseSchema.parse(JSON.parse(textOf(frame)));
        if (error) reject(refusalOf(error));
        else resolve(result);
      };
      this.#options.table.add(pending);
      try {
        this.#options.scheduler.enqueue(pending, instance);
      } catch (error) {
        if (error instanceof WireError) this.#options.table.fail(pending, error);
        else reject(error);
      }
    });
  }
}

function hasEnded({ pid }: Instance): boolean {
  return pid !== undefined && !isProcessAlive(pid);
}

function isOwnWhole({ resource, holder, explicit, ...lease }: Lease, instance: Instance, client: Client): boolean {
  return explicit && lease.instance === instance && holder === client && resource === WHOLE_INSTANCE;
}

function refusalOf({ code, message, data }: ErrorObject): WireError {
  const { kind: _kind, hint = "", candidates = [], ...details } = data ?? { kind: "" };
  return new WireError(errorKind(code) ?? "INTERNAL_ERROR", message, { ...details, hint, candidates });
}

function textOf(frame: Frame): string {
  return typeof frame === "string"
    ? frame
    : Buffer.isBuffer(frame)
      ? frame.toString()
      : Buffer.concat(frame).toString();
}
