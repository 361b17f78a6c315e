/** Sends each command to its instance in its turn, and gives its answer back. `disconnect-policy.ts` decides what becomes of it when the instance goes. */
import { encodeContext, encodeNotification, spliceRequest, spliceResponse } from "../../protocol/codec.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { WireError } from "../../protocol/errors.ts";
import type { TraceContext } from "../../protocol/trace-context.ts";
import { tooLarge } from "../access/rejections.ts";
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import { endingOf, type HubEvents } from "./hub-events.ts";
import { type InstanceQueue, InstanceQueues, type QueueLimits } from "./instance-queue.ts";
import { LeaseRequests, Leases } from "./leases.ts";
import type { PendingRequest } from "./pending-request.ts";
import type { PendingTable } from "./pending-table.ts";
import { cancelled, deadlinePassed, keptBack, outcomeUnknown, paused, shuttingDown } from "./request-errors.ts";

/** The trace that an instance gets with a command; asked right before each sending. */
export type TraceOf = (request: PendingRequest) => TraceContext | undefined;

/** What the scheduler works on, and its limits. */
interface SchedulerOptions extends QueueLimits {
  table: PendingTable;
  events: HubEvents;
  traceOf: TraceOf;
  maxMessageBytes: number;
  /** How long a write holds what it has written to, ms. */
  implicitLeaseMs: number;
}

/** One instance's queue and window, for all instances. */
export class Scheduler {
  /** Requests that wait for each instance or are in flight to it. */
  readonly queues: InstanceQueues;
  /** Who may write to what. */
  readonly leases: Leases;
  /** Who asks for explicit leases. */
  readonly leaseRequests: LeaseRequests;
  readonly #table: PendingTable;
  readonly #options: SchedulerOptions;
  #draining = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#table = options.table;
    this.queues = new InstanceQueues(options);
    const onLapse = (instance: Instance) => this.#onLapse(instance);
    this.leases = new Leases(options.implicitLeaseMs, onLapse);
    this.leaseRequests = new LeaseRequests(this.leases, onLapse);
  }

  /**
   * Puts a request in its instance's queue, or lets it share the answer of an equal read in flight.
   * @throws {WireError} BUSY, OUTCOME_UNKNOWN, LEASE_HELD.
   */
  enqueue(request: PendingRequest, instance: Instance): void {
    const queue = this.queues.of(instance);
    request.instance = instance;
    requireNotPaused(instance);
    request.queue = queue;
    requireSafeResend(request, instance);
    requireHope(request, instance, this.leases);
    if (!request.isReadOnly()) queue.writeCount += 1;
    request.writeCount = queue.writeCount;
    const kept = queue.cache.find(request);
    if (kept) {
      this.#table.noteShortcut(request, "cached");
      this.#answer(request, instance, kept);
      return;
    }
    const leader = request.request.shareable ? findLeader(request, queue) : undefined;
    if (leader) {
      leader.followers.push(request);
      request.state = "queued";
      this.#table.noteShortcut(request, "coalesced");
      return;
    }
    queue.window.noteRequest(request.client.id);
    queue.waiting.push(request);
    request.state = "queued";
    this.pump(instance);
  }

  /** Sends what the window and the connection have room for, and lets those take leases whose turn has come. */
  pump(instance: Instance): void {
    this.#sendWaiting(instance);
    if (!this.#draining) this.leaseRequests.grant(instance);
  }

  #sendWaiting(instance: Instance): void {
    const { connection } = instance;
    if (!connection || this.#draining) return;
    const queue = this.queues.of(instance);
    connection.onDrain ??= () => this.pump(instance);
    while (connection.isOpen && !connection.isBacklogged) {
      const next = queue.next((request) => this.#hasTurn(request, instance));
      if (!next) return;
      this.send(next, instance, queue);
    }
  }

  #onLapse(instance: Instance): void {
    this.pump(instance);
    for (const other of this.queues.instances()) if (instance.sharesRunSlot(other)) this.pump(other);
  }

  /** An answer has come in. It counts only from the instance that the request went to. */
  onResponse(instance: Instance, response: Envelope): void {
    const id = response.members.get("id");
    const request = typeof id === "string" ? this.#table.get(id) : undefined;
    if (!request || request.instance !== instance || request.state !== "sent") {
      this.#table.counters.late += 1;
      return;
    }
    const queue = this.queues.of(instance);
    if (request.sentAt !== undefined) queue.window.noteAnswer(request.sentAt);
    const { leases } = request;
    if (!request.isReadOnly()) {
      queue.writeCount += 1;
      this.leases.answered(request, instance, response.outcome === "error");
    }
    queue.cache.store(request, response, queue.writeCount);
    this.#answer(request, instance, response);
    this.pump(instance);
    this.leases.passOn(leases);
  }

  /** Passes an answer on, if it is not larger than the asking client can take. */
  #answer(request: PendingRequest, { respondentText }: Instance, response: Envelope): void {
    const own = request.client.identify.maxMessageBytes ?? Number.POSITIVE_INFINITY;
    const limit = Math.min(this.#options.maxMessageBytes, own);
    if (response.frame.length > limit) {
      this.#table.fail(request, tooLarge("The answer", response.frame.length, limit));
    } else {
      this.#table.answer(request, endingOf(response), (asked) =>
        spliceResponse(response, asked.idText, respondentText),
      );
    }
  }

  /** Takes back a request of its client. */
  cancel(request: PendingRequest): void {
    if (request.state === "sent" && request.followers.length === 0) {
      request.instance?.send(encodeNotification("cancel", { id: request.wireId }));
      return;
    }
    this.#endAlone(request, cancelled());
    if (request.instance) this.#onLapse(request.instance);
  }

  /** The budget of a request is used up. */
  onDeadline(request: PendingRequest): void {
    const isSent = request.state === "sent";
    const { instance } = request;
    if (isSent && instance?.connection && request.followers.length === 0) {
      instance.send(encodeNotification("cancel", { id: request.wireId }));
    }
    const obstacle = request.state === "queued" && instance ? this.leases.obstacle(instance, request) : undefined;
    this.#endAlone(request, obstacle ? keptBack(obstacle, request.touches) : deadlinePassed(request));
    if (instance) this.#onLapse(instance);
  }

  /** A client has left for good: what it still had waiting is not sent. */
  onClientGone(client: Client): void {
    this.leases.release(client);
    this.leaseRequests.forget(client);
    for (const request of [...this.#table]) {
      if (request.client === client && request.state !== "sent") this.cancel(request);
    }
  }

  /** Keeps commands from an instance, also those that wait, until `resume`; what was sent may still be answered. */
  pause(instance: Instance, reason: string): void {
    instance.pauseReason = reason;
    for (const request of [...this.queues.of(instance).waiting])
      this.#table.fail(request, paused(instance.name, reason));
  }

  /** Lets commands through again. */
  resume(instance: Instance): void {
    instance.pauseReason = undefined;
  }

  /** Sends nothing more: what waits is refused, what was sent may still be answered. */
  drain(): void {
    this.#draining = true;
    for (const request of [...this.#table]) if (request.state !== "sent") this.#table.fail(request, shuttingDown());
  }

  /** Ends every timer. */
  dispose(): void {
    this.leaseRequests.dispose();
    this.leases.dispose();
  }

  /** Sends a command, for the first time or again. */
  send(request: PendingRequest, instance: Instance, queue: InstanceQueue<PendingRequest>): void {
    // A write that comes again without an epoch may have run in an earlier process: only the journal can tell.
    if (request.attempt === 1 || request.isReadOnly()) request.epoch ??= instance.epoch;
    if (request.writesMore()) request.held = this.leases.heldByOthers(instance, request.client);
    const frame = spliceRequest(request.source, {
      id: request.wireId,
      method: request.method,
      deadlineMs: request.remainingMs,
      attempt: request.attempt > 1 ? request.attempt : undefined,
      epoch: request.epoch,
      context: contextOf(request, this.#options.traceOf(request)),
    });
    const limit = instance.identify.maxMessageBytes;
    if (limit !== undefined && frame.length > limit) {
      this.#table.fail(request, tooLarge("The request", frame.length, limit));
      return;
    }
    request.state = "sent";
    request.sentAt = performance.now();
    request.firstSentAt ??= request.sentAt;
    queue.inFlight.add(request);
    if (!request.isReadOnly()) this.#beginWrite(request, instance);
    instance.send(frame);
    this.#options.events.emit("sent", request);
  }

  #beginWrite(request: PendingRequest, instance: Instance): void {
    this.leases.begin(request, instance);
    request.endWait = () => this.leases.end(request);
  }

  /** A write waits while another session holds what it touches, or has asked before. */
  #hasTurn(request: PendingRequest, instance: Instance): boolean {
    if (!this.leases.obstacle(instance, request)) return true;
    this.leases.wait(instance, request);
    request.endWait = () => this.leases.leave(instance, request);
    return false;
  }

  /** Ends one request; those that share its answer go on by themselves. */
  #endAlone(request: PendingRequest, error: WireError): void {
    const { instance } = request;
    const followers = request.followers.splice(0);
    if (request.queue) removeFollower(request, request.queue);
    this.#table.failAlone(request, error);
    for (const follower of followers) {
      try {
        if (instance) this.enqueue(follower, instance);
      } catch (thrown) {
        if (!(thrown instanceof WireError)) throw thrown;
        this.#table.fail(follower, thrown);
      }
    }
  }
}

/** What an instance gets with a command: the client that asks, the trace, and what its params may not mean. */
function contextOf({ client, withheld, held }: PendingRequest, trace: TraceContext | undefined): string {
  if (!trace && !withheld && !held) return client.context;
  const more = { ...(withheld && { withheld }), ...(held && { held }) };
  return encodeContext({ clientId: client.id, agent: client.name, ...trace, ...more });
}

/** @throws {WireError} BUSY while the owner keeps commands from the instance. */
function requireNotPaused({ name, pauseReason }: Instance): void {
  if (pauseReason !== undefined) throw paused(name, pauseReason);
}

/**
 * A write that was sent before may be sent again only where a journal of the same process can recognise it.
 * @throws {WireError} OUTCOME_UNKNOWN.
 */
function requireSafeResend(request: PendingRequest, instance: Instance): void {
  if (request.attempt === 1 || request.isReadOnly()) return;
  const isOtherProcess =
    request.epoch !== undefined && instance.epoch !== undefined && request.epoch !== instance.epoch;
  if (isOtherProcess || !instance.hasJournal) throw outcomeUnknown(request);
}

/**
 * A write that would wait for an explicit lease past its own deadline is refused at once.
 * @throws {WireError} LEASE_HELD.
 */
function requireHope(request: PendingRequest, instance: Instance, leases: Leases): void {
  const lease = leases.conflict(instance, request.client, request.touches);
  if (lease?.explicit && lease.until > request.deadlineAt) throw keptBack(lease, request.touches);
}

/** An equal read that waits or runs, and since whose acceptance no write has been accepted or has ended. */
function findLeader(request: PendingRequest, queue: Iterable<PendingRequest>): PendingRequest | undefined {
  if (!request.isReadOnly()) return undefined;
  const isEqual = (other: PendingRequest): boolean =>
    other.request.shareable === true &&
    other.method === request.method &&
    other.writeCount === request.writeCount &&
    other.paramsText.equals(request.paramsText);
  for (const other of queue) if (isEqual(other)) return other;
  return undefined;
}

/** Takes a request out of the answer that it shares. */
function removeFollower(request: PendingRequest, queue: Iterable<PendingRequest>): void {
  for (const leader of queue) {
    const index = leader.followers.indexOf(request);
    if (index >= 0) leader.followers.splice(index, 1);
  }
}
