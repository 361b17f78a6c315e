/** Counts the tokens (o200k) that tools cost a model: the lists of the presets, and answers as text against raw JSON. */
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { instructionsFor } from "../mcp-adapter/instructions.ts";
import { presetTools } from "../mcp-adapter/tools/preset-tools.ts";
import { resultText } from "../mcp-adapter/tools/result-text.ts";

const PRESETS = ["compact", "full", "graphql"] as const;
const MAX_COMPACT = 6_000;
const MAX_INSTRUCTIONS = 700;

const MOMENT = { frame: 1_234, paused: false, timeScale: 1 };

/** Answers of the size that games have. */
const ANSWERS: readonly [command: string, answer: () => unknown][] = [
  ["scene.get_tree", () => ({ scene: "res://main.tscn", revision: 12, root: tree("Main", ".", 4) })],
  ["node.get_properties", properties],
  ["project.list_files", () => ({ files: Array.from({ length: 200 }, (_, at) => file(at)) })],
  ["game.get_tree", () => ({ root: tree("root", ".", 4), currentScene: "res://main.tscn", ...MOMENT })],
  ["game.find", () => ({ nodes: Array.from({ length: 30 }, (_, at) => coin(at)), ...MOMENT })],
  ["editor.get_log", () => ({ entries: Array.from({ length: 100 }, (_, at) => entry(at)), cursor: "100" })],
  [
    "script.read",
    () => ({ path: "res://player.gd", hash: "5f1c", lines: 120, source: "\tvelocity.x = speed * delta\n".repeat(120) }),
  ],
];

/** Prints both tables. */
export async function tokens(): Promise<void> {
  for (const preset of PRESETS) {
    const tools = await presetTools({ preset, toolsets: [] });
    const list = JSON.stringify({ tools: [...tools.values()].map((tool) => tool.listing()) });
    const goal = preset === "compact" ? ` (goal: at most ${MAX_COMPACT})` : "";
    console.log(
      `tools/list ${preset.padEnd(8)} ${tools.size} tools, ${countTokens(list)} tokens, ${list.length} characters${goal}`,
    );
    const instructions = instructionsFor(preset);
    console.log(
      `instructions ${preset.padEnd(6)} ${countTokens(instructions)} tokens, ${instructions.length} characters (goal: at most ${MAX_INSTRUCTIONS})`,
    );
  }
  for (const [command, answer] of ANSWERS) {
    const [raw, text] = [JSON.stringify(answer()), resultText(command, answer())];
    const [before, after] = [countTokens(raw), countTokens(text)];
    const perToken = (text.length / after).toFixed(1);
    console.log(
      `${command.padEnd(20)} raw JSON ${before}, as text ${after}: x${(after / before).toFixed(2)}, ${perToken} characters a token`,
    );
  }
}

function tree(name: string, path: string, depth: number): object {
  const below = depth === 0 ? [] : Array.from({ length: 4 }, (_, at) => `Enemy${depth}${at}`);
  const children = below.map((child) => tree(child, path === "." ? child : `${path}/${child}`, depth - 1));
  return { name, type: "CharacterBody2D", path, script: "res://enemy.gd", groups: ["enemies"], children };
}

function properties(): object {
  const vector = (x: number) => ({ type: "Vector2", x, y: x * 2 });
  const entries = Array.from({ length: 30 }, (_, at) => [`property_${at}`, at % 2 ? vector(at) : at * 1.5]);
  return {
    scene: "res://main.tscn",
    revision: 3,
    path: "Player",
    type: "Sprite2D",
    properties: Object.fromEntries(entries),
  };
}

function coin(at: number): object {
  const position = { type: "Vector2", x: 40 * at, y: 540 };
  return { name: `Coin${at}`, type: "Area2D", path: `Level/Coins/Coin${at}`, groups: ["coins"], position };
}

/** Every fourth turn of a loop fails, the others print. */
function entry(at: number): object {
  if (at % 4 > 0) return { seq: at, level: "info", message: `Wave ${at}`, count: 1 };
  const message = `Invalid call. Nonexistent function 'hit' in base 'Nil' (turn ${at}).`;
  return { seq: at, level: "error", message, count: 1, file: "res://enemy.gd", line: 27, function: "_on_hit" };
}

function file(at: number): object {
  return { path: `res://levels/level_${at}/enemies.tscn`, type: "PackedScene", size: 1_000 + at };
}
