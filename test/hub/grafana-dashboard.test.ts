import { readFileSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Exposition } from "../support/exposition.ts";
import { LocalHub } from "../support/local-hub.ts";
import { ProtocolClient } from "../support/protocol-client.ts";
import { until } from "../support/wait.ts";

const datasource = z.strictObject({ type: z.literal("prometheus"), uid: z.literal("$" + "{datasource}") });
const gridPos = z.strictObject({
  h: z.number().int().min(1),
  w: z.number().int().min(1).max(24),
  x: z.number().int().min(0).max(23),
  y: z.number().int().min(0),
});
const panel = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("row"), id: z.number().int(), title: z.string().min(1), gridPos }),
  z.looseObject({
    type: z.enum(["stat", "timeseries"]),
    id: z.number().int(),
    title: z.string().min(1),
    description: z.string().min(1),
    gridPos,
    datasource,
    fieldConfig: z.looseObject({ defaults: z.looseObject({ unit: z.string() }), overrides: z.array(z.unknown()) }),
    targets: z
      .array(z.looseObject({ refId: z.string(), datasource, expr: z.string(), legendFormat: z.string() }))
      .min(1),
  }),
]);
/** What Grafana needs of a dashboard's file to import it, for the panels that this one uses. */
const dashboardSchema = z.looseObject({
  title: z.string().min(1),
  uid: z.string().max(40),
  schemaVersion: z.number().int().min(36),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  templating: z.strictObject({
    list: z.array(z.looseObject({ name: z.string(), type: z.string(), query: z.unknown() })),
  }),
  panels: z.array(panel),
});

const file = new URL("../../docs/grafana-dashboard.json", import.meta.url);
const dashboard = dashboardSchema.parse(JSON.parse(readFileSync(file, "utf8")));
const expressions = dashboard.panels.flatMap((each) =>
  each.type === "row" ? [] : each.targets.map(({ expr }) => expr),
);

/** The nodes of an expression by their names in PromQL's grammar, with their text. */
function nodesOf(expression: string, name: string): string[] {
  // Grafana puts its own variables in before Prometheus sees the expression.
  const text = expression.replaceAll("$__rate_interval", "1m").replaceAll("$job", "hub");
  const found: string[] = [];
  parser.parse(text).iterate({
    enter: (node) => {
      if (node.type.isError && name === "error") found.push(text.slice(node.from, node.to));
      if (node.name === name) found.push(text.slice(node.from, node.to));
    },
  });
  return found;
}

const metricsOf = (expression: string) => nodesOf(expression, "VectorSelector").map((text) => text.split("{")[0] ?? "");

describe("docs/grafana-dashboard.json", () => {
  let hub: LocalHub;
  let exported: Exposition;
  beforeAll(async () => {
    hub = await LocalHub.start();
    await hub.editor();
    const client = await hub.adapter();
    await client.request("node.add");
    await client.request("hub.status");
    client.sendFrame("[]");
    await client.response(null);
    const own = await ProtocolClient.connect(hub.url, { token: hub.token });
    own.sendFrame("{}");
    await own.closed;
    await client.close();
    await fetch(`${hub.url.replace("ws:", "http:")}/metrics`, { headers: { Authorization: "Bearer wrong" } });
    const headers = { Authorization: `Bearer ${hub.token}` };
    exported = await until(
      async () => {
        const response = await fetch(`${hub.url.replace("ws:", "http:")}/metrics`, { headers });
        const now = new Exposition(await response.text());
        return now.sum("godot_hub_departures_total") > 0 && now.sum("godot_hub_connections_closed_total") > 0 && now;
      },
      { what: "each metric to have been counted once" },
    );
  });
  afterAll(() => hub.dispose());

  it("has expressions that PromQL's own grammar accepts", () => {
    expect(expressions.length).toBeGreaterThan(20);
    for (const expression of expressions) expect([expression, nodesOf(expression, "error")]).toEqual([expression, []]);
    expect(nodesOf("sum by (x) (rate(y[1m])", "error")).not.toEqual([]);
  });

  it("asks for metrics that the hub exports, by labels that they have", () => {
    for (const expression of expressions) {
      const metrics = metricsOf(expression);
      expect(metrics.length).toBeGreaterThan(0);
      for (const metric of metrics) {
        const family = metric.replace(/_(bucket|sum|count)$/, "");
        expect(exported.types.has(metric) || exported.types.has(family), `${metric} in ${expression}`).toBe(true);
        const labels = nodesOf(expression, "LabelName").filter((label) => label !== "job");
        const known = exported.samples
          .filter(({ name }) => name === metric)
          .flatMap((each) => Object.keys(each.labels));
        expect(known, `${metric} in ${expression}`).toEqual(expect.arrayContaining(labels));
      }
    }
  });

  it("shows every metric of the hub", () => {
    const own = [...exported.types.keys()].filter((name) => name.startsWith("godot_hub_"));
    const shown = new Set(expressions.flatMap(metricsOf).map((name) => name.replace(/_bucket$/, "")));
    // Accepted is answered and pending, which are there.
    expect(own.filter((name) => !shown.has(name))).toEqual(["godot_hub_commands_accepted_total"]);
  });

  it("names its data source and jobs by variables, and each panel once, none over another", () => {
    expect(dashboard.templating.list.map(({ name, type }) => [name, type])).toEqual([
      ["datasource", "datasource"],
      ["job", "query"],
    ]);
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
