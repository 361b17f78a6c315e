/** Reports what happens in the hub to its watchers: one report an interval, whatever the load, and no work without watchers. */
import type { ActivityReport, ClientRow, InstanceRow, LeaseRow, Load, Rate } from "../../protocol/activity.ts";
import { ACTIVITY_EVENT } from "../../protocol/activity-event.ts";
import { encodeNotification } from "../../protocol/codec.ts";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import type { DashboardSessions } from "../access/dashboard-sessions.ts";
import type { Client } from "../clients/client.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { Instance } from "../clients/instance.ts";
import type { StatusFacts } from "../hub-options.ts";
import type { MethodHandlers } from "../methods/hub-calls.ts";
import { requireOwner } from "../policy/policy.ts";
import { drivenBy } from "../routing/target.ts";
import type { HubEvents } from "../scheduling/hub-events.ts";
import type { Leases } from "../scheduling/leases.ts";
import type { PendingTable } from "../scheduling/pending-table.ts";
import { lapsesAt } from "../scheduling/request-errors.ts";
import { type ActivityPeriod, ActivityRecorder } from "./activity-recorder.ts";

/** Time between two reports, ms: often enough to look alive, seldom enough to read. */
const ACTIVITY_INTERVAL_MS = 500;

/** What reports are made of. */
interface ActivityOptions {
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

/** Leases that are told of. */
const MAX_LEASES = 200;

/** What one instance is. */
function instanceRow(instance: Instance): InstanceRow {
  const { id, name, clientType, identify, pid, state, pauseReason, connectedAt } = instance;
  return {
    id,
    name,
    clientType,
    parent: identify.parent ?? null,
    project: identify.project ?? null,
    godotVersion: identify.godotVersion ?? null,
    pid: pid ?? null,
    headless: identify.instance?.headless ?? null,
    // What it does this very moment stands in its load; said here, each command would change the row twice.
    state: state === "busy" ? "ready" : state,
    paused: pauseReason !== undefined,
    connectedAt: connectedAt.toISOString(),
  };
}

/** What one client is, and whom it drives. */
function clientRow(client: Client, instances: readonly Instance[]): ClientRow {
  const { lastSeenAt, ...info } = client.describe();
  const drives = client.clientType === "mcp" ? drivenBy(client, instances)?.id : undefined;
  return { ...info, drives: drives ?? null };
}

/** What has something to do, or had. */
function loadOf({ workload }: Instance, rate: Rate | undefined): Load | undefined {
  const { inFlightCount: inFlight, queuedCount: queued } = workload;
  if (!rate && inFlight + queued === 0) return undefined;
  return { ...(rate ?? NOTHING_ANSWERED), inFlight, queued };
}

/** The leases that there are; lapse times to the second, so that a renewal is not news each time. */
function leaseRows(leases: Leases): LeaseRow[] {
  const rows: LeaseRow[] = [];
  for (const { instance, lease } of leases) {
    if (rows.length === MAX_LEASES) break;
    const { resource, holder, explicit } = lease;
    const until = `${lapsesAt(lease).slice(0, 19)}Z`;
    rows.push({ instanceId: instance.id, resource, holderId: holder.id, holder: holder.name, explicit, until });
  }
  return rows;
}

const NOTHING_ANSWERED: Rate = { answered: 0, failed: 0, p50Ms: null, p95Ms: null };

/** Rows by id, as they were last seen. */
class SeenRows<R extends { readonly id: string }> {
  #texts = new Map<string, string>();

  /** The rows that are new or other than last time, and the ids that are gone. */
  changes(rows: readonly R[]): { changed: R[]; gone: string[] } {
    const texts = new Map(rows.map((row) => [row.id, JSON.stringify(row)]));
    const changed = rows.filter(({ id }) => this.#texts.get(id) !== texts.get(id));
    const gone = [...this.#texts.keys()].filter((id) => !texts.has(id));
    this.#texts = texts;
    return { changed, gone };
  }
}
