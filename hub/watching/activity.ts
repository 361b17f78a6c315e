/** Tells whoever watches what happens in the hub: one report an interval, whatever the load, and no work while nobody watches. */
import type { ActivityReport, ClientRow, InstanceRow } from "../../protocol/activity.ts";
import { ACTIVITY_EVENT } from "../../protocol/activity-event.ts";
import { encodeNotification } from "../../protocol/codec.ts";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import type { DashboardSessions } from "../access/dashboard-sessions.ts";
import type { Client } from "../clients/client.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { MethodHandlers } from "../methods/hub-calls.ts";
import type { StatusFacts } from "../methods/status.ts";
import { requireOwner } from "../policy/ownership.ts";
import type { HubEvents } from "../scheduling/hub-events.ts";
import type { Leases } from "../scheduling/leases.ts";
import type { PendingTable } from "../scheduling/pending-table.ts";
import { type ActivityPeriod, ActivityRecorder } from "./activity-recorder.ts";
import { clientRow, instanceRow, leaseRows, loadOf, SeenRows } from "./activity-rows.ts";

/** Time between two reports, ms: often enough to look alive, seldom enough to read. */
const ACTIVITY_INTERVAL_MS = 500;

/** What reports are made of. */
export interface ActivityOptions {
  registry: ClientRegistry;
  table: PendingTable;
  leases: Leases;
  events: HubEvents;
  facts: StatusFacts;
  sessions: DashboardSessions;
}

/** Everything that a report may hold, as it is now. */
interface Snapshot {
  readonly instances: InstanceRow[];
  readonly clients: ClientRow[];
  readonly leases: NonNullable<ActivityReport["leases"]>;
}

/** The watchers and their reports. */
export class Activity {
  readonly #options: ActivityOptions;
  readonly #recorder: ActivityRecorder;
  /** Watchers, and whether each needs a whole report because it has missed one. */
  readonly #watchers = new Map<Client, { isBehind: boolean }>();
  #instances = new SeenRows<InstanceRow>();
  #clients = new SeenRows<ClientRow>();
  #leaseText = "";
  #reportedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ActivityOptions) {
    this.#options = options;
    this.#recorder = new ActivityRecorder(options.events);
    options.events.on("away", (client) => this.#unwatch(client)).on("gone", (client) => this.#unwatch(client));
  }

  /** Its method of the hub, which is the owner's. */
  get methods() {
    return {
      "hub.watch_activity": (client, { watch = true }) => {
        requireOwner(client, "watch what others do", this.#options.sessions);
        if (watch) this.#watch(client);
        else this.#unwatch(client);
        return { watching: watch, intervalMs: ACTIVITY_INTERVAL_MS };
      },
    } satisfies Partial<MethodHandlers>;
  }

  /** Reports to `client` from now on, everything first. */
  #watch(client: Client): void {
    if (this.#watchers.size === 0) this.#begin();
    this.#watchers.set(client, { isBehind: true });
  }

  /** Reports to `client` no more. */
  #unwatch(client: Client): void {
    if (this.#watchers.delete(client) && this.#watchers.size === 0) this.dispose();
  }

  /** Ends the reports. */
  dispose(): void {
    this.#watchers.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#recorder.stop();
  }

  #begin(): void {
    this.#recorder.start();
    this.#reportedAt = performance.now();
    this.#timer = setInterval(() => this.#report(), ACTIVITY_INTERVAL_MS);
    this.#timer.unref();
  }

  #report(): void {
    const snapshot = this.#snapshot();
    const period = this.#recorder.take();
    const base = this.#base(period);
    const changes = encode({ ...base, whole: false, ...this.#changes(snapshot) });
    let whole: string | undefined;
    for (const [client, watcher] of this.#watchers) {
      const { connection } = client;
      if (!connection?.isOpen) continue;
      if (!this.#isStillIn(connection.origin.session)) {
        connection.close("UNAUTHORIZED", "This session of the dashboard has ended.");
        continue;
      }
      if (connection.isBacklogged) {
        watcher.isBehind = true;
        continue;
      }
      if (watcher.isBehind) whole ??= encode({ ...base, whole: true, ...snapshot, gone: [] });
      client.send(watcher.isBehind && whole !== undefined ? whole : changes);
      watcher.isBehind = false;
    }
  }

  /** A session may have ended since its page connected: by logging out, a new token, or time. */
  #isStillIn(session: string | undefined): boolean {
    return session === undefined || this.#options.sessions.isOpen(session);
  }

  #snapshot(): Snapshot {
    const { registry, leases } = this.#options;
    const { instances, clients } = registry;
    return {
      instances: instances.map(instanceRow),
      clients: clients.map((client) => clientRow(client, instances)),
      leases: leaseRows(leases),
    };
  }

  /** What stands in every report. */
  #base({ rate, rates, commands, omitted }: ActivityPeriod) {
    const { registry, table, facts } = this.#options;
    const now = performance.now();
    const periodMs = Math.round(now - this.#reportedAt);
    this.#reportedAt = now;
    const loads: ActivityReport["loads"] = {};
    for (const instance of registry.instances) {
      const load = loadOf(instance, rates.get(instance.id));
      if (load) loads[instance.id] = load;
    }
    const counters = { ...table.counters, pending: table.size };
    const hub = { version: PRODUCT_VERSION, pid: process.pid, startedAt: facts.startedAt.toISOString(), counters };
    return { at: new Date().toISOString(), periodMs, hub, rate, loads, commands, omitted };
  }

  #changes({
    instances,
    clients,
    leases,
  }: Snapshot): Pick<ActivityReport, "instances" | "clients" | "gone" | "leases"> {
    const ofInstances = this.#instances.changes(instances);
    const ofClients = this.#clients.changes(clients);
    const leaseText = JSON.stringify(leases);
    const isNews = leaseText !== this.#leaseText;
    this.#leaseText = leaseText;
    return {
      instances: ofInstances.changed,
      clients: ofClients.changed,
      gone: [...ofInstances.gone, ...ofClients.gone],
      ...(isNews && { leases }),
    };
  }
}

function encode(data: ActivityReport): string {
  return encodeNotification("event", { event: ACTIVITY_EVENT, data });
}
