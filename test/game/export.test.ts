/** Tests that a game without a hub, and an exported game, contain nothing of the addon. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GodotEditor, godotBinary } from "../support/godot-editor.ts";
import { until } from "../support/wait.ts";
import { exportBuild, exportPresets, PRESET, runBuild } from "./exported-build.ts";
import { childrenOf, readProcess } from "./stage.ts";

const run = promisify(execFile);

/** An addon that plays the project as soon as the editor has read it. */
const PLAYING = `@tool
extends EditorPlugin

var _frames: int = 0


func _process(_delta: float) -> void:
	_frames += 0 if EditorInterface.get_resource_filesystem().is_scanning() else 1
	if _frames == 20:
		EditorInterface.play_main_scene()
`;
const CONFIG = '[plugin]\nname="Playing"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';

let project: GodotEditor;
beforeAll(() => {
  project = GodotEditor.prepare({ files: { "export_presets.cfg": exportPresets() } });
});
afterAll(() => project.dispose());

/** Names of the files in a ZIP archive: its central directory. */
function namesIn(archive: Buffer): string[] {
  const names: string[] = [];
  for (let at = archive.indexOf("PK\u0001\u0002"); at >= 0; at = archive.indexOf("PK\u0001\u0002", at + 4)) {
    names.push(archive.toString("utf8", at + 46, at + 46 + archive.readUInt16LE(at + 28)));
  }
  return names;
}

it("an exported game has the project's scripts and nothing of the addon, and runs", async () => {
  const pack = join(project.project, "game.zip");
  await run(godotBinary(), ["--headless", "--path", project.project, "--export-pack", PRESET, pack]);
  const names = namesIn(readFileSync(pack));
  expect(names).toContain("game/player.gdc");
  expect(names.filter((name) => name.startsWith("addons/"))).toEqual([]);
  const { stdout, stderr } = await run(godotBinary(), ["--headless", "--main-pack", pack, "--quit-after", "10"]);
  expect(stdout + stderr).not.toMatch(/ERROR|WARNING|hub/i);
});

it.each(["debug", "release"] as const)(
  "an exported %s build runs, has nothing of the addon and looks for no hub",
  async (kind) => {
    const visitors: unknown[] = [];
    const listener = createServer((socket) => void visitors.push(socket.destroy())).listen(0, "127.0.0.1");
    await once(listener, "listening");
    const address = listener.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const program = await exportBuild(project.project, kind);
    expect(readFileSync(`${program}.pck`).includes("extends EditorPlugin")).toBe(false);
    const env = { ...process.env, GODOT_HUB_URL: `ws://127.0.0.1:${port}`, GODOT_HUB_TOKEN: "none" };
    const said = await runBuild(program, env);
    expect(said).toContain("Godot Engine");
    expect(said).not.toMatch(/ERROR|WARNING|hub/i);
    expect(visitors).toEqual([]);
    listener.close();
  },
);

it("a game that no editor plays is as it would be without the addon", async () => {
  const env = { ...process.env, GODOT_HUB_URL: "ws://127.0.0.1:1", GODOT_HUB_TOKEN: "none" };
  const { stdout, stderr } = await run(
    godotBinary(),
    ["--headless", "--path", project.project, "--quit-after", "10", "res://game/level.tscn"],
    { env },
  );
  expect(stdout + stderr).not.toMatch(/ERROR|WARNING|hub/i);
});

it("a game that an editor without a hub plays is as it would be without the addon", async () => {
  const files = { "addons/playing/plugin.cfg": CONFIG, "addons/playing/plugin.gd": PLAYING };
  const editor = GodotEditor.start({ files, addons: ["res://addons/playing/plugin.cfg"] });
  try {
    const game = await until(
      () => childrenOf(editor.pid).find(({ commandLine }) => commandLine.includes("--remote-debug")),
      { what: "the game", deadlineMs: 100_000 },
    );
    expect(game.commandLine).not.toMatch(/godot_mcp_hub|--script|--log-file/);
    expect(readProcess(game.pid, "environ")).not.toContain("GODOT_HUB_RUN");
  } finally {
    // The game does not end with its editor: it behaves as without the addon.
    for (const { pid } of childrenOf(editor.pid)) process.kill(pid, "SIGKILL");
    await editor.dispose();
  }
});
