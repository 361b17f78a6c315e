/** What agents have cost their models: tokens by agent, tool and instance, as adapters report them. */
import type { HubParams, HubResult } from "../../protocol/hub-methods.ts";
import type { Client } from "../clients/client.ts";

/** Rows that are kept; past it the least recently changed one is added to the row for all others. */
const MAX_ROWS = 1_000;
const OTHERS = "(others)";

type Row = HubResult<"hub.usage">["rows"][number];

/** Sums since the hub started. */
export class UsageLedger {
  readonly #since = new Date();
  readonly #rows = new Map<string, Row>();

  /** Adds what an adapter has counted since its last report. */
  add(client: Client, { entries }: HubParams<"hub.report_usage">): void {
    const agent = client.identify.agent?.name ?? client.name;
    for (const entry of entries) this.#add({ ...entry, agent });
    while (this.#rows.size > MAX_ROWS) this.#merge();
  }

  /** Everything, the costliest first. */
  report(): HubResult<"hub.usage"> {
    const rows = [...this.#rows.values()].toSorted((a, b) => b.tokens - a.tokens);
    return { since: this.#since.toISOString(), rows };
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

function sum(a: Row, b: Row): Row {
  return { ...a, calls: a.calls + b.calls, tokens: a.tokens + b.tokens, saved: a.saved + b.saved };
}
