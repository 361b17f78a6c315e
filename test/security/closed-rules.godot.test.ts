/**
 * Every command with random params while the rules are closed: no tripwire of the project trips, nothing of it changes, and nothing outside of it is
 * told. The editor has scenes with tool scripts at work, autoloads, an import plugin and links that lead out.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createToken, type TokenWish } from "../../hub/access/token-book.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import type { GodotEditor } from "../support/godot-editor.ts";
import { isLong } from "../support/length.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import { fc } from "../support/random.ts";
import { RandomCommands, type Words } from "../support/random-commands.ts";
import { Studio } from "../support/studio.ts";
import { importPlugin, Tripwires, tripwireFiles } from "../support/tripwires.ts";
import { until } from "../support/wait.ts";

const LIVE = "res://wires/live.tscn";
const ROUNDS = isLong ? 4_000 : 200;
const SECRET = "the-secret-outside";
const OUTSIDE = mkdtempSync(join(tmpdir(), "godot-hub-outside-"));
const wires = new Tripwires();
const FILES = tripwireFiles(wires);

const resource = (type: string) => ({ type: "Resource", class: type, properties: { watched: 3 } });
const WORDS: Words = {
  files: [
    ...Object.keys(FILES).map((file) => `res://${file}`),
    "res://",
    "res://wires",
    "res://game/level.tscn",
    "res://addons/wires/plugin.gd",
    "res://addons/wires/thing.wire",
    "res://way_out/secret.txt",
    "res://way_out/secret.gd",
    join(OUTSIDE, "secret.txt"),
    "res://../secret.gd",
    "user://a.gd",
  ],
  nodes: [".", "Child", "Player", "BuiltIn", "Inner/BuiltIn", "..", "/root", "/root/TripAuto", "%Child", "$a"],
  properties: [
    "watched",
    "plain",
    "dynamic",
    "script",
    "metadata/config",
    "metadata/inner",
    "position",
    "owner",
    "own",
  ],
  names: [
    "TripNode",
    "TripResource",
    "TripUser",
    "LiveNode",
    "TripAuto",
    "Node2D",
    "HTTPRequest",
    "called",
    "rang",
  ].concat(["queue_free", "draw", "texture_changed", "wired", "turn", "*", "*e*", "EditorScript", "secret", "", "a"]),
  values: [
    0,
    14,
    true,
    null,
    "a",
    "Vector2(1, 2)",
    [1],
    { a: 1 },
    "res://wires/tool_node.gd",
    "res://wires/config.tres",
  ]
    .concat([
      resource("TripResource"),
      [resource("TripResource")],
      resource("Animation"),
      resource("GDScript"),
    ] as never[])
    .concat([
      { type: "Resource", path: "res://wires/holder.tres" },
      { type: "Node", path: "Child" },
    ] as never[]),
  sources: [
    `@tool\nextends Node\nstatic var x := ${wires.trip("source.static")}\n`,
    `@tool\nextends TripNode\nfunc _static_init() -> void:\n\t${wires.trip("source.init")}\n`,
    `extends "res://wires/tool_node.gd"\nconst A := preload("res://wires/closed.tscn")\n`,
    "shader_type spatial;\n",
  ],
};

let studio: Studio;
let editor: GodotEditor;
let reader: ProtocolClient;
let denied: ProtocolClient;

beforeAll(async () => {
  for (const name of ["secret.txt", "secret.gd"]) writeFileSync(join(OUTSIDE, name), `# ${SECRET}\nextends Node\n`);
  studio = await Studio.open({ args: ["--max-auth-failures", "1000"] });
  const files = { ...FILES, ...importPlugin(wires) };
  [editor] = (await studio.editors(["tripwired"], { files, addons: ["res://addons/wires/plugin.cfg"] })) as [
    GodotEditor,
  ];
  symlinkSync(OUTSIDE, join(editor.project, "way_out"));
  const person = await studio.agent("person");
  await person.run("scene.open", { path: LIVE });
  reader = await clientWith({ name: "reader", readOnly: true });
  denied = await clientWith({ name: "denied", deny: ["*"] });
  await atRest();
}, 240_000);
afterAll(async () => {
  for (const client of [reader, denied]) client?.terminate();
  await studio?.dispose();
  wires.dispose();
  rmSync(OUTSIDE, { recursive: true, force: true });
});

beforeEach(() => wires.reset());

async function clientWith(wish: Partial<TokenWish>): Promise<ProtocolClient> {
  const token = createToken(studio.hub.home, {
    name: "t",
    role: "agent",
    readOnly: false,
    allow: [],
    deny: [],
    ...wish,
  });
  return (await openAdapter(studio.hub.url, token)).client;
}

/** The interval at which the editor's docks read the nodes of the shown scene, in milliseconds. */
const DOCKS_MS = 600;

async function atRest(): Promise<void> {
  const isAtRest = async () => {
    wires.reset();
    const end = performance.now() + DOCKS_MS;
    while (performance.now() < end) await reader.request("scene.list_open");
    return wires.tripped.length === 0;
  };
  await until(isAtRest, { what: "the editor to be done with the scene" });
}

/** What `ask` trips. Of what the open scene has, only what it trips twice: the docks may have asked the first time. */
async function trippedBy(ask: () => Promise<unknown>): Promise<string[]> {
  await ask();
  const isOfOpenScene = (wire: string) => wire.startsWith("live_");
  if (wires.tripped.length === 0 || !wires.tripped.every(isOfOpenScene)) return wires.tripped;
  await atRest();
  await ask();
  return wires.tripped;
}

/** Every file of the project but what the engine keeps for itself, and what the editor says of its scenes. */
async function state(): Promise<unknown> {
  const files = readdirSync(editor.project, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(".godot"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path, createHash("md5").update(readFileSync(path)).digest("hex")]);
  const { result } = await reader.request("scene.list_open");
  const { result: tree } = await reader.request("scene.get_tree", { scene: LIVE });
  const { result: history } = await reader.request("editor.get_history", { scene: LIVE });
  return { files, result, tree, history };
}

const random = new RandomCommands(WORDS);
const READS = [...COMMANDS.values()].filter(({ readOnly }) => readOnly);
/** Waits that only end with their time: what a game does is not looked at here. */
const deadlineMs = 15_000;

describe("a client that may only read", () => {
  it("changes and trips nothing, and learns nothing about files outside", async () => {
    const before = await state();
    const command = fc.constantFrom(...READS).chain((read) => fc.tuple(fc.constant(read.name), random.paramsOf(read)));
    const isQuiet = async ([method, params]: [string, Record<string, unknown>]) => {
      const ask = async () => {
        const answer = await reader.request(method, params, {}, { deadlineMs });
        expect(JSON.stringify(answer)).not.toContain(SECRET);
        expect(answer.error?.data?.kind, JSON.stringify(answer.error)).not.toBe("INTERNAL_ERROR");
      };
      expect(await trippedBy(ask)).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(command, isQuiet), { numRuns: ROUNDS, endOnFailure: true });
    expect(await state()).toEqual(before);
    expect(editor.isRunning).toBe(true);
  }, 3_600_000);

  it("is refused whatever else there is", async () => {
    const before = await state();
    const askAll = async () => {
      for (const command of COMMANDS.values()) {
        if (command.readOnly) continue;
        for (const params of fc.sample(random.paramsOf(command), { numRuns: isLong ? 20 : 2, seed: 7 })) {
          const { error } = await reader.request(command.name, params, {}, { deadlineMs });
          expect(error?.data?.kind, command.name).toBe("FORBIDDEN");
        }
      }
    };
    expect(await trippedBy(askAll)).toEqual([]);
    expect(await state()).toEqual(before);
  }, 600_000);
});

it("a client to which everything is denied is refused every command", async () => {
  const askAll = async () => {
    for (const command of COMMANDS.values()) {
      const [params] = fc.sample(random.paramsOf(command), { numRuns: 1, seed: 7 });
      const { error } = await denied.request(command.name, params ?? {}, {}, { deadlineMs });
      expect(error?.data, command.name).toMatchObject({ kind: "FORBIDDEN", rule: "deny *" });
    }
  };
  expect(await trippedBy(askAll)).toEqual([]);
}, 120_000);
