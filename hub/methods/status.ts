/** What `hub.status` answers. */
import type { HubStatus } from "../../protocol/hub-methods.ts";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { PendingTable } from "../scheduling/pending-table.ts";

/** What does not change while the hub runs; `url` is known once it listens. */
export interface StatusFacts {
  url: string;
  readonly startedAt: Date;
  /** Monotonic start time, ms. */
  readonly startedTick: number;
  readonly autoStarted: boolean;
}

/** The status at this moment. */
export function hubStatus(facts: StatusFacts, registry: ClientRegistry, table: PendingTable): HubStatus {
  const { instances } = registry;
  const present = instances.filter((instance) => instance.connection);
  return {
    version: PRODUCT_VERSION,
    protocolVersion: PROTOCOL_VERSION,
    pid: process.pid,
    url: facts.url,
    startedAt: facts.startedAt.toISOString(),
    uptimeMs: Math.round(performance.now() - facts.startedTick),
    autoStarted: facts.autoStarted,
    clients: registry.clients.length,
    instances: present.length,
    counters: { ...table.counters, pending: table.size },
    queues: instances.map(({ id, name, workload }) => ({
      instanceId: id,
      name,
      inFlight: workload.inFlightCount,
      queued: workload.queuedCount,
    })),
  };
}
