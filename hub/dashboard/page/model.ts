/** What the page knows of the hub: the latest reports put together. Bounded, however long the page stays open. */
import type { ActivityReport, ClientRow, CommandRow, InstanceRow, LeaseRow, Load } from "../../../protocol/activity.ts";
import { History } from "./history.ts";

/** Commands and errors that are kept. */
const MAX_COMMANDS = 500;
const MAX_ERRORS = 60;

const IDLE: Load = { answered: 0, failed: 0, p50Ms: null, p95Ms: null, inFlight: 0, queued: 0 };

/** Errors that say the same, and the latest of them. */
export interface KnownError {
  latest: CommandRow;
  count: number;
}

/** One instance with what was measured of it. */
export interface KnownInstance {
  row: InstanceRow;
  load: Load;
  readonly queue: History;
  readonly latency: History;
  /** The last latency that was measured: between two commands it is no less true. */
  lastMs: number | null;
}

/** What an instance does at this moment. */
export function stateOf({ row, load }: KnownInstance): string {
  return row.state === "ready" && load.inFlight > 0 ? "busy" : row.state;
}

/** Everything that the views show. */
export class Model {
  readonly instances = new Map<string, KnownInstance>();
  readonly clients = new Map<string, ClientRow>();
  leases: readonly LeaseRow[] = [];
  /** Newest first. */
  commands: CommandRow[] = [];
  /** By what they say; the one that came last is last. */
  readonly errors = new Map<string, KnownError>();
  latest: ActivityReport | undefined;
  readonly rate = new History();
  readonly latency = new History();
  readonly queue = new History();
  readonly failures = new History();
  /** Names of those who drive an instance, by its id. */
  #agents = new Map<string, string[]>();

  /** Takes a report. @returns sentences for who can't see what has changed. */
  apply(report: ActivityReport): string[] {
    const isFirst = this.latest === undefined;
    this.latest = report;
    if (report.whole) this.#forget(report);
    const news = [...this.#takeInstances(report), ...this.#takeGone(report.gone)];
    for (const row of report.clients) this.clients.set(row.id, row);
    if (report.whole || report.clients.length + report.gone.length > 0) this.#agents = drivers(this.clients.values());
    if (report.leases) this.leases = report.leases;
    this.#takeCommands(report.commands);
    this.#measure(report);
    return isFirst ? [] : news;
  }

  /** Names of those whose commands go to that instance by default. */
  agentsOf(instanceId: string): readonly string[] {
    return this.#agents.get(instanceId) ?? [];
  }

  /** How many instances do what. */
  get instancesByState(): ReadonlyMap<string, number> {
    return countBy(this.instances.values(), stateOf);
  }

  /** How many clients wait for something, and how many do not. */
  get clientsByWork(): ReadonlyMap<string, number> {
    return countBy(this.clients.values(), ({ pending }) => (pending > 0 ? "busy" : "idle"));
  }

  /** Commands that run and wait, in all. */
  get load(): { inFlight: number; queued: number } {
    const loads = [...this.instances.values()].map(({ load }) => load);
    return {
      inFlight: loads.reduce((sum, load) => sum + load.inFlight, 0),
      queued: loads.reduce((sum, load) => sum + load.queued, 0),
    };
  }

  #forget({ instances }: ActivityReport): void {
    const present = new Set(instances.map(({ id }) => id));
    for (const id of this.instances.keys()) if (!present.has(id)) this.instances.delete(id);
    this.clients.clear();
  }

  #takeInstances({ instances }: ActivityReport): string[] {
    return instances.flatMap((row) => {
      const known = this.instances.get(row.id);
      if (!known) {
        const histories = { queue: new History(), latency: new History() };
        this.instances.set(row.id, { row, load: IDLE, lastMs: null, ...histories });
        return [`${row.name} is connected.`];
      }
      const isChanged = known.row.state !== row.state;
      known.row = row;
      return isChanged ? [`${row.name} is ${row.state}.`] : [];
    });
  }

  #takeGone(gone: readonly string[]): string[] {
    return gone.flatMap((id) => {
      const name = this.instances.get(id)?.row.name;
      this.instances.delete(id);
      this.clients.delete(id);
      return name === undefined ? [] : [`${name} has left.`];
    });
  }

  #takeCommands(ended: readonly CommandRow[]): void {
    if (ended.length === 0) return;
    const newest = ended.toReversed();
    this.commands = [...newest, ...this.commands].slice(0, MAX_COMMANDS);
    for (const row of ended) if (row.outcome !== "ok") this.#takeError(row);
  }

  #takeError(latest: CommandRow): void {
    const key = `${latest.outcome} ${latest.instance} ${latest.message}`;
    const count = (this.errors.get(key)?.count ?? 0) + 1;
    this.errors.delete(key);
    this.errors.set(key, { latest, count });
    const [oldest] = this.errors.keys();
    if (this.errors.size > MAX_ERRORS && oldest !== undefined) this.errors.delete(oldest);
  }

  #measure({ loads, rate, periodMs }: ActivityReport): void {
    for (const [id, instance] of this.instances) {
      const load = loads[id] ?? IDLE;
      instance.load = load;
      instance.lastMs = load.p50Ms ?? instance.lastMs;
      instance.queue.push(load.inFlight + load.queued);
      instance.latency.push(load.p50Ms ?? 0);
    }
    const { inFlight, queued } = this.load;
    this.rate.push(periodMs > 0 ? (rate.answered * 1_000) / periodMs : 0);
    this.latency.push(rate.p50Ms ?? 0);
    this.queue.push(inFlight + queued);
    this.failures.push(rate.failed);
  }
}

function drivers(clients: Iterable<ClientRow>): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { drives, name } of clients) {
    if (drives === null) continue;
    const known = names.get(drives);
    if (known) known.push(name);
    else names.set(drives, [name]);
  }
  return names;
}

function countBy<T>(items: Iterable<T>, kindOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(kindOf(item), (counts.get(kindOf(item)) ?? 0) + 1);
  return counts;
}
