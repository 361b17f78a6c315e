/** Decides what becomes of an instance's commands when it goes away, returns, is lost or has gone. */
import { z } from "zod";
import { encodeNotification } from "../../protocol/codec.ts";
import type { Arrival } from "../clients/client-registry.ts";
import type { Instance } from "../clients/instance.ts";
import type { EventNotification } from "../connections/incoming.ts";
import type { InstanceQueue, InstanceQueues } from "./instance-queue.ts";
import type { PendingRequest } from "./pending-request.ts";
import type { PendingTable } from "./pending-table.ts";
import { disconnected, outcomeUnknown, unread } from "./request-errors.ts";
import type { Scheduler } from "./scheduler.ts";

/** An editor's report of its game that has been silent for a while. */
const HUNG_EVENT = "run.game_hung";
const hungReportSchema = z.object({ name: z.string(), hungIn: z.string().optional() });

/** An instance takes back that the answers which it has vouched for are right. */
const CHANGED_EVENT = "instance.changed";

/** What it decides about. */
interface DisconnectPolicyOptions {
  table: PendingTable;
  scheduler: Scheduler;
}

/** Decides about commands whose instance has come or gone. */
export class DisconnectPolicy {
  readonly #table: PendingTable;
  readonly #queues: InstanceQueues;
  readonly #scheduler: Scheduler;

  constructor({ table, scheduler }: DisconnectPolicyOptions) {
    this.#table = table;
    this.#queues = scheduler.queues;
    this.#scheduler = scheduler;
  }

  /** The instance has a connection again. */
  onArrived(instance: Instance, how: Arrival): void {
    const queue = this.#queues.of(instance);
    queue.cache.clear();
    const sent = [...queue.inFlight];
    queue.inFlight.clear();
    // Another connection of the same process may have replaced one whose end the hub has not seen.
    const isRecognised = how === "resumed" && instance.hasJournal;
    for (const request of sent) {
      if (!isRecognised && !request.isReadOnly()) this.#table.fail(request, outcomeUnknown(request));
      else this.#resend(request, instance, queue);
    }
    this.#scheduler.pump(instance);
  }

  /** The connection is gone; the instance may come back as the same process. */
  onAway(instance: Instance): void {
    this.#queues.of(instance).cache.clear();
    if (instance.hasJournal && instance.canResume) return;
    this.#endUnsafe(instance);
  }

  /** The process of the instance has ended. What only reads waits for a successor. */
  onLost(instance: Instance): void {
    this.#endUnsafe(instance);
  }

  /** The instance is unregistered: nothing waits for it any more. */
  onGone(instance: Instance): void {
    for (const request of [...this.#queues.of(instance)]) {
      const mayHaveRun = request.state === "sent" && !request.isReadOnly();
      this.#table.fail(request, mayHaveRun ? outcomeUnknown(request) : disconnected(request));
    }
    this.#queues.delete(instance);
    this.#scheduler.leaseRequests.forget(instance);
    this.#scheduler.leases.forget(instance);
  }

  /** The instance could not read something that it was sent, and does not know what: nothing in flight is waited for. */
  onUnread(instance: Instance): void {
    for (const request of [...this.#queues.of(instance).inFlight]) this.#table.fail(request, unread(request));
    this.#scheduler.pump(instance);
  }

  /** A game that hangs cannot say so. Its editor does, and clients that wait for the game hear it long before the deadline. */
  onReport(instances: readonly Instance[], editor: Instance, { event, data }: EventNotification): void {
    if (event === CHANGED_EVENT) this.#queues.of(editor).cache.clear();
    if (event !== HUNG_EVENT) return;
    const { name, hungIn } = hungReportSchema.safeParse(data).data ?? {};
    const game = instances.find((each) => each.isPlayedBy(editor) && each.name === name);
    if (!game) return;
    for (const { client, request } of this.#queues.of(game)) {
      const where = hungIn === undefined ? "" : ` (it hangs ${hungIn})`;
      const message = `${game.name} does not answer${where}; run.stop ends it, run.get_output has what it said.`;
      client.send(encodeNotification("progress", { id: request.id, progress: 0, message }));
    }
  }

  /** Sends again what was sent before: the instance's journal answers or waits for what it has begun. */
  #resend(request: PendingRequest, instance: Instance, queue: InstanceQueue<PendingRequest>): void {
    request.attempt += 1;
    this.#table.counters.retried += 1;
    if (request.isReadOnly()) request.epoch = instance.epoch;
    this.#scheduler.send(request, instance, queue);
  }

  /** After a loss: writes that were sent have an unknown outcome, reads are sent again when an instance is there. */
  #endUnsafe(instance: Instance): void {
    const queue = this.#queues.of(instance);
    const reads: PendingRequest[] = [];
    for (const request of [...queue.inFlight]) {
      if (!request.isReadOnly()) this.#table.fail(request, outcomeUnknown(request));
      else reads.push(request);
    }
    for (const request of reads) {
      queue.inFlight.delete(request);
      request.state = "queued";
      request.attempt += 1;
      request.epoch = undefined;
    }
    this.#table.counters.retried += reads.length;
    queue.waiting.unshift(reads);
  }
}
