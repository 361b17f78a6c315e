/** The dashboard's file against the types that Grafana publishes, and against the form that its "Export for sharing" writes. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const DASHBOARD = join(ROOT, "docs/grafana-dashboard.json");

const panelSchema = z.looseObject({
  type: z.string(),
  targets: z.array(z.looseObject({})).default([]),
  options: z.looseObject({}).optional(),
  fieldConfig: z.looseObject({ defaults: z.looseObject({ custom: z.unknown().optional() }) }).optional(),
});
type Panel = z.infer<typeof panelSchema>;
const dashboardSchema = z.looseObject({
  __inputs: z.array(z.unknown()),
  __elements: z.record(z.string(), z.unknown()),
  __requires: z.array(z.strictObject({ type: z.string(), id: z.string(), name: z.string(), version: z.string() })),
  panels: z.array(panelSchema),
});
const read = () => dashboardSchema.parse(JSON.parse(readFileSync(DASHBOARD, "utf8")));

/** What JSON has of an enumeration is its value. */
const TYPES = `
import type { Dashboard, Panel, RowPanel } from "@grafana/schema";
import type { FieldConfig, Options as TimeSeriesOptions } from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";
import type { Options as StatOptions } from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
type Plain<T> = T extends string ? \`\${T}\` : T extends number | boolean | null | undefined ? T
  : T extends (infer U)[] ? Plain<U>[] : { [K in keyof T]: Plain<T[K]> };
/** A query of the Prometheus data source, as its editor saves it. */
interface Query {
  refId: string; expr: string; legendFormat?: string; editorMode?: "code" | "builder"; range?: boolean; instant?: boolean;
  format?: "time_series" | "table" | "heatmap"; datasource?: { type: "prometheus"; uid: string };
}
`;
const OPTIONS: Readonly<Record<string, string>> = { stat: "StatOptions", timeseries: "TimeSeriesOptions" };

/** One constant of each type that the compiler is to judge; literals, so that the compiler reports a member that Grafana does not know. */
function programOf({
  panels,
  __inputs,
  __elements,
  __requires,
  ...dashboard
}: z.infer<typeof dashboardSchema>): string {
  const constants = [["Plain<Omit<Dashboard, 'panels'>>", dashboard] as const, ...panels.flatMap(partsOf)];
  return (
    TYPES +
    constants.map(([type, value], index) => `export const c${index}: ${type} = ${JSON.stringify(value)};`).join("\n")
  );
}

function partsOf({ targets, options, fieldConfig, ...panel }: Panel): (readonly [type: string, value: unknown])[] {
  if (panel.type === "row") return [["Plain<RowPanel>", panel]];
  const { custom, ...defaults } = fieldConfig?.defaults ?? {};
  const plain = { ...panel, ...(fieldConfig && { fieldConfig: { ...fieldConfig, defaults } }) };
  return [
    ["Plain<Omit<Panel, 'targets' | 'options'>>", plain],
    [`Plain<Partial<${OPTIONS[panel.type] ?? expect.fail(`a panel '${panel.type}'`)}>>`, options ?? {}],
    ["Plain<Partial<FieldConfig>>", custom ?? {}],
    ...targets.map((target) => ["Query", target] as const),
  ];
}

/** What the compiler has against a program. */
function complaints(program: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "godot-hub-grafana-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  writeFileSync(join(folder, "dashboard.ts"), program);
  const flags = ["--noEmit", "--strict", "--skipLibCheck", "--ignoreConfig", "--target", "es2022"];
  const { stdout, status } = spawnSync(
    process.execPath,
    [TSC, ...flags, "--module", "esnext", "--moduleResolution", "bundler", "dashboard.ts"],
    { cwd: folder, encoding: "utf8" },
  );
  const lines = stdout.split("\n").filter((line) => line.includes("error"));
  return status === 0 || lines.length > 0 ? lines : [`the compiler ended with ${status}: ${stdout}`];
}

it("has what Grafana's published types have, and nothing else", () => {
  expect(complaints(programOf(read()))).toEqual([]);
}, 120_000);

it.each([
  ["a member that there is not", (panel: Panel) => Object.assign(panel, { grdPos: 1 }), "grdPos"],
  [
    "a value of no enumeration",
    (panel: Panel) => Object.assign(panel.options ?? {}, { colorMode: "rainbow" }),
    "rainbow",
  ],
  ["a query that is none", (panel: Panel) => Object.assign(panel, { targets: [{ refId: "A" }] }), "expr"],
] as const)(
  "would be found wrong with %s",
  (_what, damage, word) => {
    const dashboard = read();
    damage(dashboard.panels.find(({ type }) => type === "stat") ?? expect.fail("no panel"));
    expect(complaints(programOf(dashboard)).join("\n")).toContain(word);
  },
  120_000,
);

it("says what it needs, as an export for sharing does: Grafana, its data source and every kind of panel", () => {
  const { __inputs, __elements, __requires, panels } = read();
  // The data source is a variable: so the file can be provisioned as it is, where nothing answers inputs.
  expect([__inputs, __elements]).toEqual([[], {}]);
  const kinds = [...new Set(panels.map(({ type }) => type))].filter((type) => type !== "row").sort();
  expect(__requires.filter(({ type }) => type === "panel").map(({ id }) => id)).toEqual(kinds);
  expect(__requires.map(({ type, id }) => `${type} ${id}`)).toEqual(
    expect.arrayContaining(["grafana grafana", "datasource prometheus"]),
  );
});
