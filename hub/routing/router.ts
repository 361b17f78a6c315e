/** What happens to each frame of an identified client. */
import type { Logger } from "pino";
import { encodeError, encodeMessage, encodeNotification } from "../../protocol/codec.ts";
import { type Envelope, readEnvelope } from "../../protocol/envelope.ts";
import { toErrorObject, WireError } from "../../protocol/errors.ts";
import { eventObjection } from "../../protocol/event-names.ts";
import { isHubMethod } from "../../protocol/hub-methods.ts";
import { MAX_METHOD_LENGTH, type RequestEnvelope, type RequestId } from "../../protocol/rpc.ts";
import { MAX_EVENT_BYTES } from "../../protocol/timing.ts";
import { notAllowed, tooLarge } from "../access/rejections.ts";
import type { Client } from "../clients/client.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import { Instance } from "../clients/instance.ts";
import {
  binaryFrame,
  type EventNotification,
  isNotification,
  parseMessage,
  parseParams,
  parseRequest,
  readableId,
  requireText,
} from "../connections/incoming.ts";
import type { Policy } from "../policy/policy.ts";
import type { HubEvents } from "../scheduling/hub-events.ts";
import { isReadOnlyCommand, PendingRequest, wireId } from "../scheduling/pending-request.ts";
import type { PendingTable } from "../scheduling/pending-table.ts";
import { errorOfResend, inFlightAlready, shuttingDown } from "../scheduling/request-errors.ts";
import type { Scheduler } from "../scheduling/scheduler.ts";
import { resolveTarget } from "./target.ts";
import type { TargetWaitQueue } from "./target-waits.ts";

/** What the router hands frames to. */
interface RouterOptions {
  registry: ClientRegistry;
  table: PendingTable;
  scheduler: Scheduler;
  waits: TargetWaitQueue;
  /** Answers the hub's own methods. */
  calls: { receive(client: Client, request: RequestEnvelope, envelope: Envelope): void };
  policy: Policy;
  events: HubEvents;
  commandDeadlineMs: number;
  logger: Logger;
  /** Handles what instances report. */
  presence: { onEvent(instance: Instance, event: EventNotification): void; onUnread(instance: Instance): void };
}

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
      if (envelope.kind === "response") this.#onResponse(client, envelope);
      else if (envelope.kind === "request") this.#onRequest(client, envelope);
      else this.#onOther(client, envelope);
    } catch (error) {
      this.#refuse(client, null, error);
    }
  }

  #onOther(client: Client, envelope: Envelope): void {
    requireText(envelope);
    if (envelope.kind === "notification") this.#onNotification(client, envelope);
    else this.#onMessage(client, envelope.frame);
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
      requireText(envelope);
      if (this.#draining) throw shuttingDown();
      const limit = client.connection?.origin.maxMessageBytes ?? 0;
      if (envelope.frame.length > limit) throw tooLarge("The request", envelope.frame.length, limit);
      if (client instanceof Instance)
        throw notAllowed("An instance answers commands and sends events; it may issue none.");
      if (request.method.startsWith("hub.") || isHubMethod(request.method))
        this.#options.calls.receive(client, request, envelope);
      else this.#onCommand(client, request, envelope);
    } catch (error) {
      const method = String(envelope.members.get("method")).slice(0, MAX_METHOD_LENGTH);
      this.#refuse(client, readableId(envelope), error, method);
    }
  }

  /** Answers what can't be handled; a fault of the hub's own goes to the log as well. */
  #refuse(client: Client, id: RequestId | null, error: unknown, method?: string): void {
    if (!(error instanceof WireError))
      this.#options.logger.error({ err: error, method }, "a frame could not be handled");
    const object = toErrorObject(error);
    client.send(encodeError(id, object));
    this.#options.events.emit("refused", client, object, method);
  }

  #onCommand(client: Client, request: RequestEnvelope, envelope: Envelope): void {
    const { table, commandDeadlineMs, policy } = this.#options;
    const known = table.get(wireId(client.id, request.id));
    if (known) {
      // The answer to the first send is on its way, to whichever connection the client has then.
      if ((request.attempt ?? 1) === 1) throw inFlightAlready(request);
      table.reassign(known, client);
      return;
    }
    this.#admit(client, request, envelope);
    const pending = new PendingRequest(client, request, envelope, request.deadlineMs ?? commandDeadlineMs);
    pending.withheld = policy.withheldFrom(client, request.method);
    table.add(pending);
    this.#route(pending);
  }

  /** @throws {WireError} the error for the client; that of a write which it has sent before does not say that nothing was done. */
  #admit(client: Client, request: RequestEnvelope, envelope: Envelope): void {
    const { events, policy, table } = this.#options;
    try {
      table.requireRoom(client, envelope.frame.length);
      policy.admitCommand(client, request.method, envelope);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const shown = errorOfResend(request, isReadOnlyCommand(request.method, undefined), error);
      if (shown !== error) events.emit("refused", client, error.toErrorObject(), request.method);
      throw shown;
    }
  }

  /** Sends a request on its way, now or when its target arrives. */
  #route(pending: PendingRequest): void {
    if (this.#tryRoute(pending)) return;
    const { waits } = this.#options;
    pending.endWait = waits.add({ retry: () => this.#tryRoute(pending), patient: pending.attempt > 1 });
  }

  /** False when the target is not there yet and may still come. */
  #tryRoute(pending: PendingRequest): boolean {
    const { registry, waits, scheduler, table, policy } = this.#options;
    try {
      const { target, anyOf, method } = pending.request;
      const query = { target, anyOf: anyOf === true && pending.isReadOnly(), method };
      const instance = resolveTarget(registry.instances, pending.client, query);
      policy.admitCustom(pending.client, method, isReadOnlyCommand(method, instance));
      scheduler.enqueue(pending, instance);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const { client, request, attempt } = pending;
      const judged = waits.judge(error, { client, target: request.target, wasSentBefore: attempt > 1 });
      if (judged.mayAppear) {
        pending.unresolved = judged.error;
        return false;
      }
      table.fail(pending, judged.error);
    }
    return true;
  }

  #onResponse(client: Client, envelope: Envelope): void {
    const { scheduler, table, presence } = this.#options;
    if (!(client instanceof Instance)) {
      table.counters.late += 1;
      return;
    }
    if (envelope.outcome === "error" && envelope.members.get("id") === null) presence.onUnread(client);
    scheduler.onResponse(client, envelope);
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
    else this.#onEvent(client, parseParams("event", value));
  }

  #onEvent(instance: Instance, event: EventNotification): void {
    const objection = eventObjection(event.event, instance.isEditor);
    if (objection !== undefined) throw notAllowed(objection);
    this.#options.presence.onEvent(instance, event);
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
