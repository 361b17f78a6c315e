import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ADVISED_KINDS, adviceFor } from "../../mcp-adapter/calls/error-advice.ts";
import { HUB_COMMANDS } from "../../mcp-adapter/calls/hub-commands.ts";
import { JOB_COMMANDS } from "../../mcp-adapter/calls/job-commands.ts";
import { inToolWords, wayToCall } from "../../mcp-adapter/calls/tool-words.ts";
import { instructionsFor } from "../../mcp-adapter/instructions.ts";
import { presetTools } from "../../mcp-adapter/tools/preset-tools.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { HUB_METHODS } from "../../protocol/hub-methods.ts";

const PRESETS = ["compact", "full", "graphql"] as const;
const toolsOf = { compact: await load("compact"), full: await load("full"), graphql: await load("graphql") };
const anyTool = new Set(PRESETS.flatMap((preset) => [...toolsOf[preset].keys()]));
const runnable = new Set([...COMMANDS.keys(), ...HUB_COMMANDS.keys(), ...JOB_COMMANDS.keys()]);
const groups = new Set([...runnable, ...Object.keys(HUB_METHODS)].map((name) => name.split(".")[0]));

function load(preset: (typeof PRESETS)[number]) {
  return presetTools({ preset, toolsets: [] });
}

/** Words of a text that are the name of a tool in one preset or another. */
function toolsIn(text: string): string[] {
  return (text.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []).filter((word) => anyTool.has(word));
}

/** Words of a text that look like the name of a command. */
function commandsIn(text: string): string[] {
  const words = text.match(/(?<![\w./])[a-z]+\.[a-z]+(?:_[a-z]+)*(?![\w/]|\.\w)/g) ?? [];
  return words.filter(
    (word) => groups.has(word.split(".")[0] ?? "") && !/\.(gd|tscn|tres|godot|json|log|cfg)$/.test(word),
  );
}

/** Texts of several words in the sources of a folder: what errors, hints and notes are made of. */
function sentencesIn(folder: string, ending: string): string[] {
  const root = fileURLToPath(new URL(`../../${folder}/`, import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(ending));
  return files.flatMap((file) => {
    const code = readFileSync(join(root, file), "utf8").replace(/^\s*(#|\/\/|\/?\*).*$/gm, "");
    const texts = code.match(/"(?:[^"\\\n]|\\.)*"|`[^`]*`/g) ?? [];
    return texts.map((text) => text.replace(/\$\{[^}]*\}/g, "")).filter((text) => /\w \w/.test(text));
  });
}

const SENTENCES = [
  ...sentencesIn("godot-client/addons/godot_mcp_hub", ".gd"),
  ...sentencesIn("hub", ".ts"),
  ...sentencesIn("mcp-adapter", ".ts"),
];

describe("what errors say is to be done", () => {
  it("names only commands that there are", () => {
    const named = SENTENCES.flatMap(commandsIn);
    expect(named.length).toBeGreaterThan(20);
    const unknown = named.filter((name) => !runnable.has(name) && !(name in HUB_METHODS));
    expect([...new Set(unknown)]).toEqual([]);
  });

  it.each(PRESETS)("names only tools that the preset %s has, and no command without the way to it", (preset) => {
    const tools = toolsOf[preset];
    const data = { retryAfterMs: 1_000, hint: "" };
    const advice = ADVISED_KINDS.map((kind) => adviceFor(kind, { kind, ...data }, tools) ?? "");
    const hints = sentencesIn("godot-client/addons/godot_mcp_hub", ".gd").map((text) => inToolWords(text, tools));
    const texts = [...advice, ...hints, instructionsFor(preset)];
    expect(texts.flatMap(toolsIn).filter((name) => !tools.has(name))).toEqual([]);
    for (const text of texts) {
      for (const name of commandsIn(text)) expect(text).toMatch(new RegExp(`command_(run|read) ${name}`));
    }
    expect(texts.join().includes("command_run")).toBe(tools.has("command_run"));
  });

  it("reaches every command with the tools of every preset", () => {
    for (const name of runnable) {
      for (const preset of PRESETS) {
        // GraphQL speaks of an editor's commands; jobs have a tool there, and the hub's own commands are for the others.
        if (preset === "graphql" && HUB_COMMANDS.has(name)) continue;
        if (name === "job.cancel" && preset === "graphql") continue;
        const [tool = ""] = wayToCall(name, toolsOf[preset])?.split(" ") ?? [];
        expect(tool === "the" || toolsOf[preset].has(tool), `${name} in ${preset}: ${tool}`).toBe(true);
      }
    }
  });
});

describe("a hint", () => {
  const hint = "Open one with scene.open, or remove it with project.remove_autoload.";

  it.each([
    ["compact", "Open one with scene_open, or remove it with command_run project.remove_autoload."],
    ["full", "Open one with scene_open, or remove it with project_remove_autoload."],
    ["graphql", "Open one with the field openScene, or remove it with the field projectRemoveAutoload."],
  ] as const)("uses the words of the preset %s", (preset, seen) => {
    expect(inToolWords(hint, toolsOf[preset])).toBe(seen);
  });

  it("keeps files, versions and what only looks like a command", () => {
    const text = "See res://scene.open/a.gd, scene.open.gd, player.gd, e.g. this; hub.json.";
    expect(inToolWords(text, toolsOf.compact)).toBe(text);
  });

  it("for a scene that is not open names the tool that opens one", () => {
    const advice = adviceFor("NO_SCENE_OPEN", undefined, toolsOf.compact);
    expect(advice).toContain("scene_open");
  });
});
