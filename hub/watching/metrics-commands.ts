/** What becomes of commands, counted as it happens: how many ended how, and how long each stage took. */
import { Counter, Histogram, type Registry } from "prom-client";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { type ErrorObject, errorKind } from "../../protocol/errors.ts";
import type { HubEvents } from "../hub-events.ts";
import type { PendingRequest } from "../scheduling/pending-request.ts";

/** Upper bounds of the duration histogram's buckets, s: from one frame of an editor that is awake to a deadline. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Stands for every name that is not in the command table: there is no end of those. */
const CUSTOM = "custom";

type Observe = (seconds: number) => void;

/** What is counted of one command, its labels resolved once. */
interface CommandCounts {
  readonly group: string;
  readonly command: string;
  readonly byOutcome: Map<string, () => void>;
  readonly queued: Observe;
  readonly inEditor: Observe;
  readonly total: Observe;
}

/** The name under which an error is counted: its kind, where the protocol knows it. */
export function outcomeOf(error: ErrorObject | undefined): string {
  return error ? (errorKind(error.code) ?? "OTHER") : "OK";
}

/** Counts each command once it is answered. */
export class CommandMetrics {
  readonly #outcomes: Counter<"group" | "command" | "outcome">;
  readonly #durations: Histogram<"stage" | "group">;
  readonly #counts = new Map<string, CommandCounts>();

  constructor(registry: Registry, events: HubEvents) {
    this.#outcomes = new Counter({
      name: "godot_hub_commands_total",
      help: "Commands that were answered, by how: OK or the kind of the error.",
      labelNames: ["group", "command", "outcome"],
      registers: [registry],
    });
    this.#durations = new Histogram({
      name: "godot_hub_command_duration_seconds",
      help: "How long commands waited in the hub (queued), were out to their instance (editor), and took in all (total).",
      labelNames: ["stage", "group"],
      buckets: BUCKETS,
      registers: [registry],
    });
    events.on("answered", (request, { error }) => this.#count(request, outcomeOf(error)));
  }

  #count(request: PendingRequest, outcome: string): void {
    const counts = this.#counts.get(request.method) ?? this.#countsOf(request.method);
    let increment = counts.byOutcome.get(outcome);
    if (!increment) {
      const child = this.#outcomes.labels({ group: counts.group, command: counts.command, outcome });
      increment = () => child.inc();
      counts.byOutcome.set(outcome, increment);
    }
    increment();
    const now = performance.now();
    const { acceptedAt, firstSentAt, sentAt } = request;
    counts.total((now - acceptedAt) / 1_000);
    if (firstSentAt === undefined || sentAt === undefined) return;
    counts.queued((firstSentAt - acceptedAt) / 1_000);
    counts.inEditor((now - sentAt) / 1_000);
  }

  #countsOf(method: string): CommandCounts {
    const command = COMMANDS.has(method) ? method : CUSTOM;
    const known = this.#counts.get(command);
    if (known) return known;
    const group = command.split(".", 1)[0] ?? command;
    const observer = (stage: string): Observe => {
      const child = this.#durations.labels({ stage, group });
      return (seconds) => child.observe(seconds);
    };
    const counts: CommandCounts = {
      group,
      command,
      byOutcome: new Map(),
      queued: observer("queued"),
      inEditor: observer("editor"),
      total: observer("total"),
    };
    this.#counts.set(command, counts);
    return counts;
  }
}
