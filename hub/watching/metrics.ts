/** Figures for Prometheus at `/metrics`: what happens is counted as it happens, what is the case is looked up when it is asked for. */
import { Counter, collectDefaultMetrics, Registry } from "prom-client";
import { HUB_METHODS } from "../../protocol/hub-methods.ts";
import type { HttpRoutes } from "../connections/http.ts";
import type { HubEvents } from "../scheduling/hub-events.ts";
import { CommandMetrics, outcomeOf } from "./metrics-commands.ts";
import { addStateMetrics, type MetricsParts, typeLabel } from "./metrics-state.ts";

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
