/** What happens to each frame of an identified client. */
import type { Logger } from "pino";
import { encodeError, encodeMessage, encodeNotification, encodeResult } from "../protocol/codec.ts";
import { type Envelope, readEnvelope } from "../protocol/envelope.ts";
import { toErrorObject, WireError } from "../protocol/errors.ts";
import { isHubMethod } from "../protocol/hub-methods.ts";
import {
  NOTIFICATIONS,
  type NotificationMethod,
  type RequestEnvelope,
  requestEnvelopeSchema,
} from "../protocol/rpc.ts";
import { MAX_EVENT_BYTES } from "../protocol/timing.ts";
import type { Client } from "./client.ts";
import type { ClientRegistry } from "./client-registry.ts";
import type { HubApi } from "./hub-api.ts";
import { binaryFrame, parseMessage, readableId } from "./incoming.ts";
import { Instance } from "./instance.ts";
import { PendingRequest, wireId } from "./pending-request.ts";
import type { PendingTable } from "./pending-table.ts";
import type { Scheduler } from "./scheduler.ts";
import { resolveTarget } from "./target.ts";
import type { TargetWaits } from "./target-waits.ts";
import { shuttingDown, tooLarge } from "./verdicts.ts";

/** Client types that may send commands; every other one that is no instance observes: it may use `hub.*`. */
const COMMANDING_TYPES: ReadonlySet<string> = new Set(["mcp"]);

/** What the router hands frames to. */
export interface RouterOptions {
  registry: ClientRegistry;
  table: PendingTable;
  scheduler: Scheduler;
  waits: TargetWaits;
  api: HubApi;
  commandDeadlineMs: number;
  logger: Logger;
  /** An event that an instance has reported. */
  onEvent: (instance: Instance, event: EventNotification) => void;
}

/** The params of an `event` notification. */
export type EventNotification = ReturnType<(typeof NOTIFICATIONS)["event"]["parse"]>;

/** Hands each frame to the part that it is for. */
export class Router {
  readonly #options: RouterOptions;
  #draining = false;

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  /** New requests are refused with HUB_SHUTTING_DOWN from now on. */
  drain(): void {
    this.#draining = true;
  }

  /** Handles one frame. Never throws: whatever is wrong with it is answered. */
  receive(client: Client, frame: Buffer, binary: boolean): void {
    try {
      if (binary) throw binaryFrame();
      const envelope = readEnvelope(frame);
      if (envelope.kind === "request") this.#onRequest(client, envelope);
      else if (envelope.kind === "response") this.#onResponse(client, envelope);
      else if (envelope.kind === "notification") this.#onNotification(client, envelope);
      else this.#onMessage(client, frame);
    } catch (error) {
      if (!(error instanceof WireError)) this.#options.logger.error({ err: error }, "a frame could not be handled");
      client.send(encodeError(null, toErrorObject(error)));
    }
  }

  #onMessage(client: Client, frame: Buffer): void {
    const message = parseMessage(frame);
    if (message.type === "heartbeat")
      client.send(encodeMessage({ type: "heartbeat_ack", timestamp: message.timestamp }));
    if (message.type === "identify") {
      throw new WireError("INVALID_REQUEST", "This connection is identified already.", {
        hint: "Open a new connection to identify as somebody else.",
      });
    }
  }

  #onRequest(client: Client, envelope: Envelope): void {
    try {
      const request = parseRequest(envelope);
      if (this.#draining) throw shuttingDown();
      const limit = client.connection?.origin.maxMessageBytes ?? 0;
      if (envelope.frame.length > limit) throw tooLarge("The request", envelope.frame.length, limit);
      if (client instanceof Instance)
        throw notAllowed("An instance answers commands and sends events; it may issue none.");
      if (request.method.startsWith("hub.") || isHubMethod(request.method))
        this.#onHubRequest(client, request, envelope);
      else this.#onCommand(client, request, envelope);
    } catch (error) {
      if (!(error instanceof WireError)) this.#options.logger.error({ err: error }, "a request could not be handled");
      client.send(encodeError(readableId(envelope), toErrorObject(error)));
    }
  }

  #onHubRequest(client: Client, request: RequestEnvelope, { params, frame }: Envelope): void {
    const value: unknown = params ? JSON.parse(frame.toString("utf8", params.start, params.end)) : {};
    this.#options.api.call(client, request, value).then(
      (result) => client.send(encodeResult(request.id, result)),
      (error: unknown) => {
        if (!(error instanceof WireError))
          this.#options.logger.error({ err: error, method: request.method }, "hub method failed");
        client.send(encodeError(request.id, toErrorObject(error)));
      },
    );
  }

  #onCommand(client: Client, request: RequestEnvelope, envelope: Envelope): void {
    if (!COMMANDING_TYPES.has(client.clientType)) {
      throw notAllowed(`A client of type '${client.clientType}' may send hub.* requests only.`);
    }
    const { table, commandDeadlineMs } = this.#options;
    const known = table.get(wireId(client.id, request.id));
    if (known) {
      // The answer to the first send is on its way, to whichever connection the client has then.
      if ((request.attempt ?? 1) === 1) throw inFlightAlready(request);
      table.reassign(known, client);
      return;
    }
    const pending = new PendingRequest(client, request, envelope, request.deadlineMs ?? commandDeadlineMs);
    table.add(pending);
    this.#route(pending);
  }

  /** Sends a request on its way, now or when its target arrives. */
  #route(pending: PendingRequest): void {
    if (this.#tryRoute(pending)) return;
    const { waits, table } = this.#options;
    pending.endWait = waits.add({
      retry: () => this.#tryRoute(pending),
      giveUp: () => {
        if (pending.unresolved instanceof WireError) table.fail(pending, pending.unresolved);
      },
      patient: pending.attempt > 1,
    });
  }

  /** False when the target is not there yet and may still come. */
  #tryRoute(pending: PendingRequest): boolean {
    const { registry, waits, scheduler, table } = this.#options;
    try {
      const { target, anyOf, method } = pending.request;
      const query = { target, anyOf: anyOf === true && pending.isReadOnly(), method };
      scheduler.enqueue(pending, resolveTarget(registry.instances, pending.client, query));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      if (waits.mayAppear(error, pending.attempt > 1)) {
        pending.unresolved = error;
        return false;
      }
      table.fail(pending, error);
    }
    return true;
  }

  #onResponse(client: Client, envelope: Envelope): void {
    if (client instanceof Instance) this.#options.scheduler.onResponse(client, envelope);
    else this.#options.table.counters.late += 1;
  }

  #onNotification(client: Client, envelope: Envelope): void {
    const method = String(envelope.members.get("method"));
    if (!isNotification(method)) throw new WireError("METHOD_NOT_FOUND", `Unknown notification '${method}'.`);
    const { frame, params } = envelope;
    if (frame.length > MAX_EVENT_BYTES) throw tooLarge(`'${method}'`, frame.length, MAX_EVENT_BYTES);
    const value: unknown = params ? JSON.parse(frame.toString("utf8", params.start, params.end)) : {};
    if (method === "cancel") this.#onCancel(client, parseParams("cancel", value));
    else if (!(client instanceof Instance)) throw notAllowed(`Only an instance sends '${method}'.`);
    else if (method === "progress") this.#onProgress(client, parseParams("progress", value));
    else this.#options.onEvent(client, parseParams("event", value));
  }

  #onCancel(client: Client, { id }: { id: string | number }): void {
    const pending = this.#options.table.get(wireId(client.id, id));
    if (pending) this.#options.scheduler.cancel(pending);
  }

  #onProgress(instance: Instance, progress: { id: string | number; progress: number }): void {
    const pending = this.#options.table.get(String(progress.id));
    if (!pending || pending.instance !== instance) return;
    for (const asked of [pending, ...pending.followers]) {
      asked.client.send(encodeNotification("progress", { ...progress, id: asked.request.id }));
    }
  }
}

function isNotification(method: string): method is NotificationMethod {
  return Object.hasOwn(NOTIFICATIONS, method);
}

/** @throws {WireError} INVALID_REQUEST naming the member. */
function parseRequest(envelope: Envelope): RequestEnvelope {
  const parsed = requestEnvelopeSchema.safeParse(Object.fromEntries(envelope.members));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new WireError("INVALID_REQUEST", `'${issue?.path.join(".")}': ${issue?.message}.`, {
      hint: "See 'request' in PROTOCOL.md.",
    });
  }
  const { params, frame } = envelope;
  if (params && frame[params.start] !== 0x7b) throw new WireError("INVALID_PARAMS", "'params' must be an object.");
  return parsed.data;
}

/** @throws {WireError} INVALID_PARAMS naming the member. */
function parseParams<M extends NotificationMethod>(
  method: M,
  value: unknown,
): ReturnType<(typeof NOTIFICATIONS)[M]["parse"]> {
  const parsed = NOTIFICATIONS[method].safeParse(value);
  if (parsed.success) return parsed.data as ReturnType<(typeof NOTIFICATIONS)[M]["parse"]>;
  const [issue] = parsed.error.issues;
  throw new WireError("INVALID_PARAMS", `'${method}': '${issue?.path.join(".")}': ${issue?.message}.`);
}

function inFlightAlready({ id }: RequestEnvelope): WireError {
  return new WireError("INVALID_REQUEST", `The id ${JSON.stringify(id)} is in flight already.`, {
    hint: "Use each id once, or mark a resend with 'attempt'.",
  });
}

function notAllowed(message: string): WireError {
  return new WireError("FORBIDDEN", message);
}
