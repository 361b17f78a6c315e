/** Adds the figures that are looked up on request: gauges of this moment, and the counters that `hub.status` shows too. */
import { Counter, Gauge, type Registry } from "prom-client";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { OpenConnections } from "../connections/open-connections.ts";
import type { Leases } from "../scheduling/leases.ts";
import type { PendingTable } from "../scheduling/pending-table.ts";

/** The parts that are looked at. */
export interface MetricsParts {
  readonly registry: ClientRegistry;
  readonly table: PendingTable;
  readonly leases: Leases;
  readonly connections: OpenConnections;
  /** Counts events that subscribers did not get. */
  readonly feed: { readonly dropped: number };
  /** Counts lines that could not be kept. */
  readonly audit: { readonly lost: number };
}

/** A value and what it is labelled with. */
export type Sample<L extends string> = readonly [labels: Record<L, string>, value: number];

const CLIENT_TYPES: ReadonlySet<string> = new Set(["mcp", "godot", "game"]);

/** The client type as a label: the word of a client type of its own may be anything. */
export function typeLabel(clientType: string): string {
  return CLIENT_TYPES.has(clientType) ? clientType : "other";
}

/** Adds everything that is asked for at the moment of looking. */
export function addStateMetrics(metrics: Registry, parts: MetricsParts): void {
  const { table, feed, audit } = parts;
  gauge(metrics, "info", "Version of the hub; always 1.", ["version", "protocol_version"], () => [
    [{ version: PRODUCT_VERSION, protocol_version: String(PROTOCOL_VERSION) }, 1],
  ]);
  addPresence(metrics, parts);
  addQueues(metrics, parts);
  addTraffic(metrics, parts);
  gauge(metrics, "commands_pending", "Commands that are accepted and not answered.", [], () => [[{}, table.size]]);
  const count = (name: string, help: string, value: () => number) =>
    counter(metrics, name, help, [], () => [[{}, value()]]);
  count("commands_accepted_total", "Commands that were accepted.", () => table.counters.accepted);
  count("commands_answered_total", "Commands that were answered.", () => table.counters.answered);
  count("commands_cached_total", "Reads that were answered with a kept answer.", () => table.counters.cached);
  count(
    "commands_coalesced_total",
    "Reads that shared the answer of an equal one in flight.",
    () => table.counters.coalesced,
  );
  count(
    "commands_retried_total",
    "Commands that were sent again after a connection was lost.",
    () => table.counters.retried,
  );
  count(
    "outcome_unknown_total",
    "Writes of which nobody can tell whether they ran.",
    () => table.counters.outcomeUnknown,
  );
  count("late_answers_total", "Answers to nobody: their request had ended before.", () => table.counters.late);
  count(
    "events_dropped_total",
    "Events that a subscriber did not get: it was away, or behind, for too long.",
    () => feed.dropped,
  );
  count("audit_lost_total", "Lines of the audit log that could not be kept.", () => audit.lost);
}

function addPresence(metrics: Registry, { registry, connections, leases }: MetricsParts): void {
  gauge(metrics, "connections", "Open connections, identified or not.", [], () => [[{}, connections.traffic.open]]);
  gauge(metrics, "clients", "Connected clients by type; instances are of the types godot and game.", ["type"], () => {
    const present = registry.instances.filter(({ connection }) => connection);
    return tally([...registry.clients, ...present], ({ clientType }) => ({ type: typeLabel(clientType) }));
  });
  gauge(metrics, "instances", "Instances by what they are doing, those that are away too.", ["state"], () =>
    tally(registry.instances, ({ state }) => ({ state })),
  );
  gauge(metrics, "leases", "Leases that are held.", [], () => [[{}, leases.size]]);
}

function addQueues(metrics: Registry, { registry }: MetricsParts): void {
  const each = (name: string, help: string, value: "queuedCount" | "inFlightCount" | "windowSize") =>
    // `instance` is what Prometheus calls the scraped address, and it would rename this one.
    gauge(metrics, name, help, ["godot"], () =>
      registry.instances.map(({ name: godot, workload }) => [{ godot }, workload[value]]),
    );
  each("queue_depth", "Commands that wait to be sent.", "queuedCount");
  each("in_flight", "Commands that were sent and are not answered.", "inFlightCount");
  each("window_size", "Commands that may be in flight at present, long ones not counted.", "windowSize");
}

function addTraffic(metrics: Registry, { connections }: MetricsParts): void {
  const bytes = (name: string, help: string, member: "receivedBytes" | "sentBytes") =>
    counter(metrics, name, help, [], () => [[{}, connections.traffic[member]]]);
  bytes("received_bytes_total", "Bytes of the messages that came in.", "receivedBytes");
  bytes("sent_bytes_total", "Bytes of the messages that were sent.", "sentBytes");
  counter(metrics, "connections_closed_total", "Connections that the hub has closed, by why.", ["reason"], () =>
    [...connections.traffic.closed].map(([reason, value]) => [{ reason }, value]),
  );
}

function gauge<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly L[],
  samples: () => readonly Sample<L>[],
): void {
  new Gauge({
    name: `godot_hub_${name}`,
    help,
    labelNames,
    registers: [registry],
    collect() {
      // Without what was there the last time: an instance that has left has no queue.
      this.reset();
      for (const [labels, value] of samples()) this.set(labels, value);
    },
  });
}

/** A counter `godot_hub_<name>` of which another part keeps the count. */
export function counter<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly L[],
  samples: () => Iterable<Sample<L>>,
): void {
  new Counter({
    name: `godot_hub_${name}`,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels, value] of samples()) this.inc(labels, value);
    },
  });
}

/** How many there are with each label. */
function tally<T, L extends string>(all: readonly T[], labelsOf: (each: T) => Record<L, string>): Sample<L>[] {
  const counts = new Map<string, Sample<L>>();
  for (const each of all) {
    const labels = labelsOf(each);
    const key = JSON.stringify(labels);
    counts.set(key, [labels, (counts.get(key)?.[1] ?? 0) + 1]);
  }
  return [...counts.values()];
}
