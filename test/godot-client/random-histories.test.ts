/** Random sequences of undoable commands: undoing and redoing each of them restores the saved scene to the letter. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { fc } from "../support/random.ts";
import { CommandError } from "../support/stub-hub.ts";
import { savedText } from "./undo-check.ts";
import { openWorkbench, type Params, type Workbench } from "./workbench.ts";

const LISTENER = `extends Node2D

@export var friend: Node2D
@export var way: NodePath
@export var stage: int = 1


func hear() -> void:
	pass
`;
/** Messages of the engine itself about scenes like these, after any edit. */
const ENGINES_OWN = [
  // A deferred connection to a method whose script is no tool, and so does not run in the editor.
  /'Node2D\(listener\.gd\)::hear': Method not found/,
  // A scene is saved in which a variable refers to a node that was deleted.
  /Parameter "common_parent" is null/,
  // A scene is saved in which a signal leads to a node that was deleted.
  /Condition "!common_parent" is true/,
];
const nodesSchema = z.array(z.looseObject({ path: z.string(), type: z.string() }));

/** One step: which command, and numbers that choose from what there is when it runs. */
interface Step {
  readonly kind: number;
  readonly first: number;
  readonly second: number;
  readonly value: number;
}
type Choose = (number: number) => string;

let bench: Workbench;
let runs = 0;
beforeAll(async () => {
  bench = await openWorkbench({ "listener.gd": LISTENER });
});
afterAll(() => bench.dispose());

/** Every undoable command, with params made from a step. Some do not fit the scene: then nothing must change. */
const COMMANDS: readonly ((step: Step, node: Choose) => [method: string, params: Params])[] = [
  ({ first, value }, node) => [
    "node.add",
    {
      parent: node(first),
      type: ["Node2D", "Sprite2D", "Label", "Timer", "AnimationPlayer"][value % 5],
      name: `N${value}`,
    },
  ],
  ({ first, value }, node) => [
    "scene.instance",
    { parent: node(first), instance: "res://game/coin.tscn", name: `I${value}` },
  ],
  ({ first, value }, node) => [
    "node.add",
    {
      parent: node(first),
      instance: "res://game/player.tscn",
      name: `P${value}`,
      editableChildren: value % 2 === 0,
      index: 0,
    },
  ],
  ({ first }, node) => ["node.delete", { path: node(first) }],
  ({ first, value }, node) => ["node.rename", { path: node(first), name: `R${value}` }],
  ({ first, second, value }, node) => ["node.move", { path: node(first), parent: node(second), index: value % 4 }],
  ({ first, value }, node) => ["node.move", { path: node(first), index: value % 5 }],
  ({ first, second, value }, node) => [
    "node.duplicate",
    { path: node(first), name: `D${value}`, ...(value % 2 === 0 && { parent: node(second) }) },
  ],
  ({ first, value }, node) => [
    "node.set_properties",
    { path: node(first), properties: { position: { type: "Vector2", x: value, y: 1 }, rotation: value / 7 } },
  ],
  ({ first, value }, node) => [
    "node.set_properties",
    {
      path: node(first),
      properties: { unique_name_in_owner: value % 2 === 0, "metadata/mark": value % 3 === 0 ? null : value },
    },
  ],
  ({ first, value }, node) => ["node.set_groups", { path: node(first), groups: ["a", "b", "c"].slice(value % 3) }],
  ({ first, value }, node) => ["node.set_groups", { path: node(first), add: [`g${value % 3}`], remove: ["a"] }],
  ({ first }, node) => ["script.attach", { path: node(first), script: "res://listener.gd" }],
  ({ first, second }, node) => ["node.set_reference", { path: node(first), property: "friend", to: node(second) }],
  ({ first, second }, node) => ["node.set_reference", { path: node(first), property: "way", to: node(second) }],
  ({ first, second, value }, node) => [
    "node.connect_signal",
    {
      path: node(first),
      signal: "renamed",
      to: node(second),
      method: "hear",
      flags: value % 2 === 0 ? ["deferred"] : [],
    },
  ],
  ({ first, second }, node) => [
    "node.disconnect_signal",
    { path: node(first), signal: "renamed", to: node(second), method: "hear" },
  ],
  (_, __) => ["animation.create", { path: "Mover", animation: "walk" }],
  ({ value }) => ["animation.create", { path: "Mover", animation: `lib/a${value % 2}` }],
  ({ first }, node) => [
    "animation.add_track",
    { path: "Mover", animation: "walk", node: node(first), property: "rotation" },
  ],
  ({ value }) => [
    "animation.set_key",
    { path: "Mover", animation: "walk", track: 0, time: value % 4, value: value / 3 },
  ],
  ({ value }) => ["animation.remove", { path: "Mover", animation: "walk", ...(value % 3 > 0 && { track: 0 }) }],
  ({ value, first, second }, node) => [
    "edit.batch",
    {
      operations: [
        { op: "add", as: "made", type: "Node2D", parent: node(first), name: `B${value}` },
        { op: "duplicate", path: "$made", name: `C${value}`, parent: node(second) },
        { op: "set_groups", path: "$made", add: ["batch"] },
        { op: "move", path: "$made", parent: "." },
      ],
    },
  ],
];

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.nat(COMMANDS.length - 1),
  first: fc.nat(100),
  second: fc.nat(100),
  value: fc.nat(20),
});

async function emptyScene(): Promise<string> {
  runs += 1;
  const scene = `res://made/random_${runs}.tscn`;
  await bench.call("scene.create", { path: scene, rootType: "Node2D", rootName: "Root" });
  const operations = [
    { op: "add", type: "Node2D", name: "A" },
    { op: "add", type: "Node2D", name: "B", parent: "A" },
    { op: "attach_script", path: "A", script: "res://listener.gd" },
    { op: "add", instance: "res://game/coin.tscn", name: "Coin" },
    { op: "add", type: "AnimationPlayer", name: "Mover" },
    { op: "create_animation", path: "Mover", animation: "walk" },
    { op: "add_track", path: "Mover", animation: "walk", node: "A/B", property: "rotation" },
  ];
  await bench.call("edit.batch", { operations });
  return scene;
}

/** Runs a step; whether it changed the scene. A command that does not fit must say so, and not break off. */
async function take(scene: string, { kind, ...rest }: Step): Promise<boolean> {
  const nodes = nodesSchema.parse((await bench.call("node.find", { scene })).nodes);
  const node: Choose = (number) => nodes[number % nodes.length]?.path ?? ".";
  const [method, params] = COMMANDS[kind]?.({ kind, ...rest }, node) ?? ["", {}];
  const before = await bench.call("editor.get_history", { scene });
  try {
    await bench.call(method, { scene, ...params });
  } catch (error) {
    if (!(error instanceof CommandError) || error.kind === "INTERNAL_ERROR") throw error;
    return false;
  }
  return JSON.stringify(await bench.call("editor.get_history", { scene })) !== JSON.stringify(before);
}

it("every undo and redo restores the scene exactly", { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const scene = await emptyScene();
      const texts = [await savedText(bench, scene)];
      for (const next of steps) if (await take(scene, next)) texts.push(await savedText(bench, scene));
      for (const text of texts.slice(0, -1).toReversed()) {
        await bench.call("editor.undo", { scene });
        expect(await savedText(bench, scene)).toBe(text);
      }
      for (const text of texts.slice(1)) {
        await bench.call("editor.redo", { scene });
        expect(await savedText(bench, scene)).toBe(text);
      }
      await bench.call("scene.close", { scene, discard: true });
    }),
    { numRuns: 30 },
  );
});

it("the editor has not complained", () => {
  const others = bench.editor.complaints.filter((complaint) => !ENGINES_OWN.some((known) => known.test(complaint)));
  expect(others).toEqual([]);
});
