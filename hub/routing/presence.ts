/** Follows clients as they come, go and report: their commands, the log, and the hub's events. */
import type { Logger } from "pino";
import { LogThrottle } from "../access/rate-budget.ts";
import { BOUNDS } from "../bounds.ts";
import type { Client } from "../clients/client.ts";
import type { Arrival, ClientRegistry } from "../clients/client-registry.ts";
import { Instance } from "../clients/instance.ts";
import type { EventNotification } from "../connections/incoming.ts";
import type { DisconnectPolicy } from "../scheduling/disconnect-policy.ts";
import type { HubEvents } from "../scheduling/hub-events.ts";
import type { InstancePauses } from "../scheduling/instance-pauses.ts";
import type { Scheduler } from "../scheduling/scheduler.ts";
import type { TargetWaitQueue } from "./target-waits.ts";

/** Who has to know. */
interface PresenceOptions {
  registry: ClientRegistry;
  disconnects: DisconnectPolicy;
  scheduler: Scheduler;
  waits: TargetWaitQueue;
  pauses: InstancePauses;
  events: HubEvents;
  logger: Logger;
}

/** Follows the registry, and `onArrived` for the moment after `identified` was sent. */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #logger: LogThrottle;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#logger = new LogThrottle(options.logger, BOUNDS.presenceLines.most);
    const { registry } = options;
    registry.on("away", (client) => this.#onAway(client));
    registry.on("lost", (instance) => this.#onLost(instance));
    registry.on("gone", (client) => this.#onGone(client));
  }

  /** Others hear of a client that is identified, and it gets what waits for it. */
  onArrived(client: Client, how: Arrival): void {
    const { disconnects, waits, pauses, events } = this.#options;
    this.#log("connected", client);
    events.emit("arrived", client, how);
    if (!(client instanceof Instance)) return;
    pauses.onArrived(client);
    disconnects.onArrived(client, how);
    waits.onArrived();
  }

  #onAway(client: Client): void {
    const { disconnects, events } = this.#options;
    if (client instanceof Instance) disconnects.onAway(client);
    this.#log("away", client);
    events.emit("away", client);
  }

  #onLost(instance: Instance): void {
    const { disconnects, events } = this.#options;
    disconnects.onLost(instance);
    this.#log("lost", instance);
    events.emit("lost", instance);
  }

  #onGone(client: Client): void {
    const { disconnects, scheduler, events } = this.#options;
    if (client instanceof Instance) disconnects.onGone(client);
    else scheduler.onClientGone(client);
    this.#log("gone", client);
    events.emit("gone", client);
  }

  /** An instance has reported an event. */
  onEvent(instance: Instance, event: EventNotification): void {
    const { registry, disconnects, pauses, events } = this.#options;
    instance.report(event.event, event.data);
    pauses.onReport(instance, event);
    disconnects.onReport(registry.instances, instance, event);
    events.emit("reported", instance, event);
  }

  /** An instance could not read a request, and not even its id. */
  onUnread(instance: Instance): void {
    this.#options.disconnects.onUnread(instance);
  }

  #log(what: "connected" | "away" | "lost" | "gone", { name, clientType }: Client): void {
    this.#logger.info({ client: name, clientType }, `client ${what}`);
  }
}
