/** Holds the addon to the texts: it reads what the hub lets through as JSON.parse does, and finds the id of what it can't read. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { runGodotScript } from "../support/godot-script.ts";
import { frameWith, JSON_TEXTS, nameOf } from "./json-texts.ts";

const SCRIPT = fileURLToPath(new URL("./read_texts.gd", import.meta.url));
const LETS_THROUGH = JSON_TEXTS.filter(({ verdict }) => verdict === "text");
const FAULTS = JSON_TEXTS.filter(({ verdict }) => verdict === "fault");
/** The engine's own reading of decimals differs in the last places, and takes the smallest numbers for 0. */
const TOLERANCE = 1e-15;
const SMALLEST = 2.3e-308;

const readSchema = z.object({
  kind: z.string().nullable(),
  id: z.unknown(),
  /** Params as the addon would write them. */
  params: z.string(),
});
let reads: Map<string, z.infer<typeof readSchema>>;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "godot-hub-texts-"));
  const path = join(folder, "texts.json");
  const texts = JSON_TEXTS.filter(({ verdict }) => verdict !== "none").map(({ json }) => json);
  writeFileSync(path, JSON.stringify(texts.map((json, index) => frameWith(json, `t${index}`))));
  try {
    const read = z.array(readSchema).parse(await runGodotScript(SCRIPT, [path]));
    reads = new Map(texts.map((json, index) => [json, read[index] ?? { kind: "missing", id: null, params: "" }]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function sameNumber(one: number, other: number): boolean {
  if (Math.abs(one) < SMALLEST) return Math.abs(other) < SMALLEST;
  return one === other || Math.abs(one - other) <= TOLERANCE * Math.abs(one);
}

/** Whether both are the same but for the last places of numbers. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one === "number") return typeof other === "number" && sameNumber(one, other);
  if (typeof one !== "object" || one === null) return Object.is(one, other);
  if (typeof other !== "object" || other === null) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isSame(Reflect.get(one, name), Reflect.get(other, name)));
}

describe("protocol.gd", () => {
  it.each(LETS_THROUGH.map((text) => [nameOf(text), text] as const))("reads %s as JSON.parse does", (_name, { json }) => {
    const read = reads.get(json);
    expect(read?.kind).toBeNull();
    expect(isSame(JSON.parse(`{"v":${json}}`), JSON.parse(read?.params ?? ""))).toBe(true);
  });

  it.each(FAULTS.map((text) => [nameOf(text), text] as const))("answers what has %s, under its id", (_name, { json }) => {
    const read = reads.get(json);
    // U+0000 it reads as something else: that is why the hub does not let it through.
    if (!json.includes("\\u0000")) expect(read?.kind).toBe("PARSE_ERROR");
    expect(read?.id).toMatch(/^t\d+$/);
  });
});
