/** Serves figures for Prometheus at `/metrics`: what happens is counted as it happens, states are looked up on request. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { type ErrorObject, errorKind } from "../../protocol/errors.ts";
import { HUB_METHODS } from "../../protocol/hub-methods.ts";
import type { HttpRoutes } from "../connections/http.ts";
import type { HubEvents } from "../scheduling/hub-events.ts";
import type { PendingRequest } from "../scheduling/pending-request.ts";
import { addStateMetrics, counter, type MetricsParts, type Sample, typeLabel } from "./metrics-state.ts";

/** The metrics of one hub. */
export class Metrics {
  readonly #registry = new Registry();
  #hasProcessMetrics = false;

  constructor(events: HubEvents, parts: MetricsParts) {
    addStateMetrics(this.#registry, parts);
    new CommandMetrics(this.#registry, events);
    this.#countCalls(events);
    this.#countRefusals(events);
    this.#countComings(events);
  }

  /** `/metrics`, in the text format of Prometheus. It names projects and what agents do, so it needs the token. */
  get routes(): HttpRoutes {
    return {
      "/metrics": {
        method: "GET",
        isPublic: false,
        handle: async (_request, response) => {
          const text = await this.#text();
          response.writeHead(200, { "Content-Type": this.#registry.contentType, "Cache-Control": "no-store" });
          response.end(text);
        },
      },
    };
  }

  #text(): Promise<string> {
    if (!this.#hasProcessMetrics) {
      this.#hasProcessMetrics = true;
      // From the first look on: the measurement of the event loop's delay wakes the process a hundred times a second.
      collectDefaultMetrics({ register: this.#registry });
    }
    return this.#registry.metrics();
  }

  #countCalls(events: HubEvents): void {
    const calls = new Counter({
      name: "godot_hub_method_calls_total",
      help: "Calls of the hub's own methods, by how they ended: OK or the kind of the error.",
      labelNames: ["method", "outcome"],
      registers: [this.#registry],
    });
    events.on("called", ({ method, error }) => {
      calls.inc({ method: Object.hasOwn(HUB_METHODS, method) ? method : "unknown", outcome: outcomeOf(error) });
    });
  }

  #countRefusals(events: HubEvents): void {
    const refusals = new Counter({
      name: "godot_hub_refused_total",
      help: "Frames and requests of clients that were refused before they were accepted as commands, by the kind of the error.",
      labelNames: ["kind"],
      registers: [this.#registry],
    });
    events.on("refused", (_client, error) => refusals.inc({ kind: outcomeOf(error) }));
    const rejections = new Counter({
      name: "godot_hub_rejected_total",
      help: "Who was turned away at the door: UNAUTHORIZED (no token, or a wrong one) or FORBIDDEN (a foreign page or host).",
      labelNames: ["kind"],
      registers: [this.#registry],
    });
    events.on("rejected", ({ kind }) => rejections.inc({ kind }));
  }

  #countComings(events: HubEvents): void {
    const arrivals = new Counter({
      name: "godot_hub_arrivals_total",
      help: "Clients that have identified themselves: new, resumed (a reconnect) or restarted (an editor's new process).",
      labelNames: ["type", "how"],
      registers: [this.#registry],
    });
    const departures = new Counter({
      name: "godot_hub_departures_total",
      help: "Clients whose connection went (away), whose process ended (lost), and who were unregistered (gone).",
      labelNames: ["type", "how"],
      registers: [this.#registry],
    });
    const reports = new Counter({
      name: "godot_hub_events_reported_total",
      help: "Events that instances have reported.",
      registers: [this.#registry],
    });
    events.on("arrived", ({ clientType }, how) => arrivals.inc({ type: typeLabel(clientType), how }));
    for (const how of ["away", "lost", "gone"] as const) {
      events.on(how, ({ clientType }) => departures.inc({ type: typeLabel(clientType), how }));
    }
    events.on("reported", () => reports.inc());
  }
}

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
function outcomeOf(error: ErrorObject | undefined): string {
  return error ? (errorKind(error.code) ?? "OTHER") : "OK";
}

/** Counts each command once it is answered. */
class CommandMetrics {
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
