/** What becomes of commands, counted as it happens: how many ended how, and how long each stage took. */
import { Histogram, type Registry } from "prom-client";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { type ErrorObject, errorKind } from "../../protocol/errors.ts";
import type { HubEvents } from "../scheduling/hub-events.ts";
import type { PendingRequest } from "../scheduling/pending-request.ts";
import { counter, type Sample } from "./metrics-state.ts";

/** Upper bounds of the duration histogram's buckets, s: from one frame of an editor that is awake to a deadline. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Stands for every name that is not in the command table: there is no end of those. */
const CUSTOM = "custom";

/** Durations that are put into the histogram together: one at a time, that costs a command more than its routing. */
const BATCH = 256;

/** Durations of one stage, s. */
class Durations {
  readonly #seen: number[] = [];
  readonly #observe: (seconds: number) => void;

  constructor(observe: (seconds: number) => void) {
    this.#observe = observe;
  }

  add(seconds: number): void {
    if (this.#seen.push(seconds) === BATCH) this.pass();
  }

  /** Passes on what has been seen so far. */
  pass(): void {
    for (const seconds of this.#seen) this.#observe(seconds);
    this.#seen.length = 0;
  }
}

/** What is counted of one command. */
interface CommandCounts {
  readonly group: string;
  readonly command: string;
  readonly byOutcome: Map<string, number>;
  readonly queued: Durations;
  readonly inEditor: Durations;
  readonly total: Durations;
}

/** The name under which an error is counted: its kind, where the protocol knows it. */
export function outcomeOf(error: ErrorObject | undefined): string {
  return error ? (errorKind(error.code) ?? "OTHER") : "OK";
}

/** Counts each command once it is answered. */
export class CommandMetrics {
  readonly #durations: Histogram<"stage" | "group">;
  readonly #counts = new Map<string, CommandCounts>();

  constructor(registry: Registry, events: HubEvents) {
    const help = "Commands that were answered, by how: OK or the kind of the error.";
    counter(registry, "commands_total", help, ["group", "command", "outcome"], () => this.#outcomes());
    this.#durations = new Histogram({
      name: "godot_hub_command_duration_seconds",
      help: "How long commands waited in the hub (queued), were out to their instance (editor), and took in all (total).",
      labelNames: ["stage", "group"],
      buckets: BUCKETS,
      registers: [registry],
      collect: () => this.#passAll(),
    });
    events.on("answered", (request, { error }) => this.#count(request, outcomeOf(error)));
  }

  #count({ method, acceptedAt, firstSentAt, sentAt }: PendingRequest, outcome: string): void {
    const counts = this.#counts.get(method) ?? this.#countsOf(method);
    counts.byOutcome.set(outcome, (counts.byOutcome.get(outcome) ?? 0) + 1);
    const now = performance.now();
    counts.total.add((now - acceptedAt) / 1_000);
    if (firstSentAt === undefined || sentAt === undefined) return;
    counts.queued.add((firstSentAt - acceptedAt) / 1_000);
    counts.inEditor.add((now - sentAt) / 1_000);
  }

  *#outcomes(): Iterable<Sample<"group" | "command" | "outcome">> {
    for (const { group, command, byOutcome } of this.#counts.values())
      for (const [outcome, value] of byOutcome) yield [{ group, command, outcome }, value];
  }

  #passAll(): void {
    for (const counts of this.#counts.values())
      for (const durations of [counts.queued, counts.inEditor, counts.total]) durations.pass();
  }

  #countsOf(method: string): CommandCounts {
    const command = COMMANDS.has(method) ? method : CUSTOM;
    const known = this.#counts.get(command);
    if (known) return known;
    const group = command.split(".", 1)[0] ?? command;
    const ofStage = (stage: string): Durations => {
      const child = this.#durations.labels({ stage, group });
      return new Durations((seconds) => child.observe(seconds));
    };
    const counts: CommandCounts = {
      group,
      command,
      byOutcome: new Map(),
      queued: ofStage("queued"),
      inEditor: ofStage("editor"),
      total: ofStage("total"),
    };
    this.#counts.set(command, counts);
    return counts;
  }
}
