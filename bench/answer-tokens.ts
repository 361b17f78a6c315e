/** Counts the tokens (o200k) of the answers to the twenty most used calls: a real editor and its game, through a real adapter. */
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { getGodot } from "../scripts/get-godot.mjs";
import { type Agent, Studio, textOf } from "../test/support/studio.ts";

const LEVEL = "res://game/level.tscn";
const MADE = "res://made_by_bench.gd";
const PLAYER = "Player";

type Call = readonly [tool: string, args: Record<string, unknown>];

/** In the order in which a session comes to them. */
export const FREQUENT_CALLS: readonly Call[] = [
  ["hub_status", {}],
  ["project_overview", {}],
  ["log_read", {}],
  ["project_search", { text: "func _ready" }],
  ["scene_open", { path: LEVEL }],
  ["scene_tree", {}],
  ["node_inspect", { path: PLAYER }],
  [
    "scene_edit",
    { operations: [{ op: "add", type: "Sprite2D", name: "Icon", properties: { position: "Vector2(8, 9)" } }] },
  ],
  ["script_read", { path: "res://game/player.gd" }],
  ["script_write", { path: MADE, source: "extends Node\n\n\nfunc _ready() -> void:\n\tpass\n" }],
  ["docs_search", { name: "CharacterBody2D.move_and_slide" }],
  ["command_search", { query: "add an input action" }],
  ["command_read", { command: "project.list_input_actions" }],
  ["command_run", { command: "editor.undo" }],
  ["game_run", {}],
  ["game_inspect", { what: "tree" }],
  ["game_control", { action: "input", events: [{ type: "action", action: "ui_right" }] }],
  ["game_wait", { frames: 10 }],
  ["log_read", { of: "game" }],
  ["game_stop", {}],
];

/** Makes the calls and prints the cost of each. */
export async function answerTokens(): Promise<void> {
  process.env.GODOT = await getGodot();
  const studio = await Studio.open();
  try {
    await studio.editors(["answers-game"]);
    const agent = await studio.agent("bench");
    const costs: number[] = [];
    for (const call of FREQUENT_CALLS) costs.push(await cost(agent, call));
    console.log(`all ${costs.length} calls: ${costs.reduce((sum, each) => sum + each, 0)} tokens`);
  } finally {
    await studio.dispose();
  }
}

/** The part of an answer that clients show: its data instead of the text if there is some and no error, else its text. */
async function cost(agent: Agent, [tool, args]: Call): Promise<number> {
  const answer = await agent.call(tool, args);
  const { structuredContent, isError } = answer;
  const text = textOf(answer);
  const tokens = countTokens(structuredContent && !isError ? JSON.stringify(structuredContent) : text);
  const question = `${tool} ${JSON.stringify(args)}`;
  const shown = question.length > 60 ? `${question.slice(0, 59)}…` : question;
  const kinds = [isError && `error: ${text}`, structuredContent && `text: ${countTokens(text)}`]
    .filter(Boolean)
    .join(", ");
  console.log(`${shown.padEnd(60)} ${String(tokens).padStart(6)}${kinds && ` (${kinds})`}`);
  return tokens;
}
