/** What agents have cost: tokens by agent, tool and instance, as adapters report them, and the reads that editors were spared. */
import type { HubParams, HubResult } from "../../protocol/hub-methods.ts";
import type { Client } from "../clients/client.ts";
import type { MethodHandlers } from "../methods/hub-calls.ts";
import type { HubEvents } from "../scheduling/hub-events.ts";
import type { PendingRequest } from "../scheduling/pending-request.ts";

/** Rows that are kept; past it the least recently changed one is added to the row for all others. */
const MAX_ROWS = 1_000;
const OTHERS = "(others)";

type Row = HubResult<"hub.usage">["rows"][number];
type Spared = HubResult<"hub.usage">["spared"][number];

/** Sums since the hub started. */
export class UsageLedger {
  readonly #since = new Date();
  readonly #rows = new Map<string, Row>();
  readonly #spared = new Map<string, Spared>();

  /** @param events Of the hub: which reads were answered without their instance. */
  constructor(events: HubEvents) {
    events.on("answered", (request, { error }) => {
      if (!error) this.#noteSpared(request);
    });
  }

  /** Its methods of the hub. */
  get methods() {
    return {
      "hub.report_usage": (client, params) => {
        this.#addReport(client, params);
        return { added: params.entries.length };
      },
      "hub.usage": () => this.#report(),
    } satisfies Partial<MethodHandlers>;
  }

  /** Adds what an adapter has counted since its last report. */
  #addReport(client: Client, { entries }: HubParams<"hub.report_usage">): void {
    const agent = agentOf(client);
    for (const entry of entries) this.#add({ ...entry, agent });
    while (this.#rows.size > MAX_ROWS) this.#merge();
  }

  /** Everything, the costliest first. */
  #report(): HubResult<"hub.usage"> {
    const rows = [...this.#rows.values()].toSorted((a, b) => b.tokens - a.tokens);
    return { since: this.#since.toISOString(), rows, spared: [...this.#spared.values()] };
  }

  #noteSpared({ client, instance, shortcut, firstSentAt }: PendingRequest): void {
    // One whose leader was cancelled was sent by itself.
    if (!shortcut || !instance || firstSentAt !== undefined) return;
    const [agent, name] = this.#spared.size < MAX_ROWS ? [agentOf(client), instance.name] : [OTHERS, OTHERS];
    const key = JSON.stringify([agent, name]);
    const known = this.#spared.get(key) ?? { agent, instance: name, coalesced: 0, cached: 0 };
    this.#spared.set(key, { ...known, [shortcut]: known[shortcut] + 1 });
  }

  #add(row: Row): void {
    const key = JSON.stringify([row.agent, row.tool, row.instance]);
    const known = this.#rows.get(key);
    // Taken out and put back, so that the order is that of the last change.
    this.#rows.delete(key);
    this.#rows.set(key, known ? sum(known, row) : row);
  }

  #merge(): void {
    const [oldest] = [...this.#rows].filter(([, { agent }]) => agent !== OTHERS);
    if (!oldest) return;
    this.#rows.delete(oldest[0]);
    this.#add({ ...oldest[1], agent: OTHERS, tool: OTHERS, instance: null });
  }
}

function agentOf(client: Client): string {
  return client.identify.agent?.name ?? client.name;
}

function sum(a: Row, b: Row): Row {
  return { ...a, calls: a.calls + b.calls, tokens: a.tokens + b.tokens, saved: a.saved + b.saved };
}
