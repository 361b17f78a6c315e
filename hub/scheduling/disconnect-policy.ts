/** Decides what becomes of an instance's commands when it goes away, returns, is lost or has gone. */
import { z } from "zod";
import { encodeNotification } from "../../protocol/codec.ts";
import type { Arrival } from "../clients/client-registry.ts";
import type { Instance } from "../clients/instance.ts";
import type { EventNotification } from "../connections/incoming.ts";
import type { Lane, Lanes } from "./instance-queue.ts";
import type { PendingRequest } from "./pending-request.ts";
import type { PendingTable } from "./pending-table.ts";
import { disconnected, outcomeUnknown, unread } from "./request-errors.ts";
import type { Scheduler } from "./scheduler.ts";

/** What an editor reports of a game of its own that has been silent for a while. */
const HUNG_EVENT = "run.game_hung";
const hungReportSchema = z.object({ name: z.string(), hungIn: z.string().optional() });

/** An instance takes back that the answers which it has vouched for are right. */
const CHANGED_EVENT = "instance.changed";

/** What it decides about. */
interface InstanceFatesOptions {
  table: PendingTable;
  scheduler: Scheduler;
}

/** Decides about commands whose instance has come or gone. */
export class InstanceFates {
  readonly #table: PendingTable;
  readonly #lanes: Lanes;
  readonly #scheduler: Scheduler;

  constructor({ table, scheduler }: InstanceFatesOptions) {
    this.#table = table;
    this.#lanes = scheduler.lanes;
    this.#scheduler = scheduler;
  }

  /** The instance has a connection again. */
  onArrived(instance: Instance, how: Arrival): void {
    const lane = this.#lanes.of(instance);
    lane.kept.drop();
    const sent = [...lane.inFlight];
    lane.inFlight.clear();
    // Another connection of the same process may have taken the place of one that nobody saw go.
    const isRecognised = how === "resumed" && instance.hasJournal;
    for (const request of sent) {
      if (!isRecognised && !request.isReadOnly()) this.#table.fail(request, outcomeUnknown(request));
      else this.#resend(request, instance, lane);
    }
    this.#scheduler.pump(instance);
  }

  /** The connection is gone; the instance may come back as the same process. */
  onAway(instance: Instance): void {
    this.#lanes.of(instance).kept.drop();
    if (instance.hasJournal && instance.canResume) return;
    this.#endUnsafe(instance);
  }

  /** The process of the instance has ended. What only reads waits for a successor. */
  onLost(instance: Instance): void {
    this.#endUnsafe(instance);
  }

  /** The instance is unregistered: nothing waits for it any more. */
  onGone(instance: Instance): void {
    for (const request of [...this.#lanes.of(instance)]) {
      const mayHaveRun = request.state === "sent" && !request.isReadOnly();
      this.#table.fail(request, mayHaveRun ? outcomeUnknown(request) : disconnected(request));
    }
    this.#lanes.delete(instance);
    this.#scheduler.leaseRequests.forget(instance);
    this.#scheduler.leases.forget(instance);
  }

  /** The instance could not read something that it was sent, and does not know what: nothing in flight is waited for. */
  onUnread(instance: Instance): void {
    for (const request of [...this.#lanes.of(instance).inFlight]) this.#table.fail(request, unread(request));
    this.#scheduler.pump(instance);
  }

  /** A game that hangs cannot say so. Its editor does, and whoever waits for the game hears it long before the deadline. */
  onReport(instances: readonly Instance[], editor: Instance, { event, data }: EventNotification): void {
    if (event === CHANGED_EVENT) this.#lanes.of(editor).kept.drop();
    if (event !== HUNG_EVENT) return;
    const { name, hungIn } = hungReportSchema.safeParse(data).data ?? {};
    const game = instances.find((each) => each.isPlayedBy(editor) && each.name === name);
    if (!game) return;
    for (const { client, request } of this.#lanes.of(game)) {
      const where = hungIn === undefined ? "" : ` (it hangs ${hungIn})`;
      const message = `${game.name} does not answer${where}; run.stop ends it, run.get_output has what it said.`;
      client.send(encodeNotification("progress", { id: request.id, progress: 0, message }));
    }
  }

  /** Sends again what was sent before: the instance's journal answers or waits for what it has begun. */
  #resend(request: PendingRequest, instance: Instance, lane: Lane<PendingRequest>): void {
    request.attempt += 1;
    this.#table.counters.retried += 1;
    if (request.isReadOnly()) request.epoch = instance.epoch;
    this.#scheduler.send(request, instance, lane);
  }

  /** After a loss: writes that were sent have an unknown outcome, reads are asked again when somebody is there. */
  #endUnsafe(instance: Instance): void {
    const lane = this.#lanes.of(instance);
    const reads: PendingRequest[] = [];
    for (const request of [...lane.inFlight]) {
      if (!request.isReadOnly()) this.#table.fail(request, outcomeUnknown(request));
      else reads.push(request);
    }
    for (const request of reads) {
      lane.inFlight.delete(request);
      request.state = "queued";
      request.attempt += 1;
      request.epoch = undefined;
    }
    this.#table.counters.retried += reads.length;
    lane.queue.unshift(reads);
  }
}
