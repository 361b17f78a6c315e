/** The registry as watchers see it: a row for each instance, client and lease, and which rows have changed. */
import type { ClientRow, InstanceRow, LeaseRow, Load, Rate } from "../../protocol/activity.ts";
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import { drivenBy } from "../routing/target.ts";
import type { Leases } from "../scheduling/leases.ts";
import { lapsesAt } from "../scheduling/request-errors.ts";

/** Leases that are told of. */
const MAX_LEASES = 200;

/** What one instance is. */
export function instanceRow(instance: Instance): InstanceRow {
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
export function clientRow(client: Client, instances: readonly Instance[]): ClientRow {
  const { lastSeenAt, ...info } = client.describe();
  const drives = client.clientType === "mcp" ? drivenBy(client, instances)?.id : undefined;
  return { ...info, drives: drives ?? null };
}

/** What has something to do, or had. */
export function loadOf({ workload }: Instance, rate: Rate | undefined): Load | undefined {
  const { inFlightCount: inFlight, queuedCount: queued } = workload;
  if (!rate && inFlight + queued === 0) return undefined;
  return { ...(rate ?? NOTHING_ANSWERED), inFlight, queued };
}

/** The leases that there are; lapse times to the second, so that a renewal is not news each time. */
export function leaseRows(leases: Leases): LeaseRow[] {
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
export class SeenRows<R extends { readonly id: string }> {
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
