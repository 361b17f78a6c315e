/** Commands that come one after another do not wait for a frame of the editor each. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { openWorkbench, type Workbench } from "./workbench.ts";

/** An addon with a command that tells which frame it runs in. */
const ADDON = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")


func _enter_tree() -> void:
	GodotMcpHub.register_command("probe.frame", "Which frame this is.", {}, func(_params: Dictionary) -> Dictionary:
		return {"frame": Engine.get_process_frames()}, true)
`;
const CONFIG = '[plugin]\nname="Probe"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';
const COMMANDS = 300;

const answerSchema = z.object({ frame: z.number() });
let bench: Workbench;

beforeAll(async () => {
  const files = { "addons/probe/plugin.gd": ADDON, "addons/probe/plugin.cfg": CONFIG };
  bench = await openWorkbench(files, ["res://addons/probe/plugin.cfg"]);
});
afterAll(() => bench?.dispose());

async function frame(): Promise<number> {
  return answerSchema.parse(await bench.call("probe.frame")).frame;
}

it("carries out several commands in a frame, though each is asked only when the one before is answered", async () => {
  const frames = new Set<number>();
  for (let count = 0; count < COMMANDS; count += 1) frames.add(await frame());
  expect(frames.size).toBeLessThan(COMMANDS);
});

it("lets frames pass while commands flow", async () => {
  const frames = new Set<number>();
  for (let count = 0; count < COMMANDS; count += 1) frames.add(await frame());
  expect(frames.size).toBeGreaterThan(1);
});
