/** What follows when a client comes or goes: its commands, its events, who is told. */
import type { Logger } from "pino";
import { BOUNDS } from "../bounds.ts";
import type { EventFeed } from "../events/event-feed.ts";
import type { HubEvents } from "../hub-events.ts";
import type { InstancePauses } from "../instance-pauses.ts";
import { LogThrottle } from "../log-throttle.ts";
import type { TargetWaits } from "../routing/target-waits.ts";
import type { InstanceFates } from "../scheduling/instance-fates.ts";
import type { Scheduler } from "../scheduling/scheduler.ts";
import type { Client } from "./client.ts";
import type { Arrival, ClientRegistry } from "./client-registry.ts";
import { Instance, isInstanceType } from "./instance.ts";

/** Who has to know. */
export interface AttendanceOptions {
  registry: ClientRegistry;
  fates: InstanceFates;
  scheduler: Scheduler;
  feed: EventFeed;
  waits: TargetWaits;
  pauses: InstancePauses;
  events: HubEvents;
  logger: Logger;
}

/** Follows the registry, and `onArrived` for the moment after `identified` was sent. */
export class Attendance {
  readonly #options: AttendanceOptions;
  readonly #log: LogThrottle;

  constructor(options: AttendanceOptions) {
    this.#options = options;
    this.#log = new LogThrottle(options.logger, BOUNDS.presenceLines.most);
    const { registry } = options;
    registry.on("away", (client) => this.#onAway(client));
    registry.on("lost", (instance) => this.#onLost(instance));
    registry.on("gone", (client) => this.#onGone(client));
  }

  /** Others hear of a client that is identified, and it gets what waits for it. */
  onArrived(client: Client, how: Arrival): void {
    const { feed, fates, waits, pauses, events } = this.#options;
    if (how === "restarted") feed.onRestarted(client);
    this.#tell("connected", client);
    events.emit("arrived", client, how);
    feed.onArrived(client);
    if (!(client instanceof Instance)) return;
    pauses.onArrived(client);
    fates.onArrived(client, how);
    waits.onArrived();
  }

  #onAway(client: Client): void {
    const { fates, events } = this.#options;
    if (client instanceof Instance) fates.onAway(client);
    this.#tell("away", client);
    events.emit("away", client);
  }

  #onLost(instance: Instance): void {
    const { fates, events } = this.#options;
    fates.onLost(instance);
    this.#tell("lost", instance);
    events.emit("lost", instance);
  }

  #onGone(client: Client): void {
    const { fates, scheduler, feed, events } = this.#options;
    if (client instanceof Instance) fates.onGone(client);
    else scheduler.onClientGone(client);
    feed.onGone(client);
    this.#tell("gone", client);
    events.emit("gone", client);
  }

  /** Logs and publishes what has become of a client: `hub.client_connected`, `hub.instance_gone`, ... */
  #tell(what: "connected" | "away" | "lost" | "gone", { id, name, clientType }: Client): void {
    const { feed } = this.#options;
    this.#log.info({ client: name, clientType }, `client ${what}`);
    const event = `hub.${isInstanceType(clientType) ? "instance" : "client"}_${what}`;
    feed.publish({ event, data: { id, name, clientType } });
  }
}
