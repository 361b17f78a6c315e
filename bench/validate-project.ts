/** Measures project.validate on a project of several hundred files, against the engine's loading of the same files. */
import { execFile } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { getGodot } from "../scripts/get-godot.mjs";
import { BULK_FOLDER, bulkProject } from "../test/support/bulk-project.ts";
import { GodotEditor } from "../test/support/godot-editor.ts";
import { StubHub } from "../test/support/stub-hub.ts";

/** The number of scripts, scenes, resources and shaders. */
const COUNT = 150;
const ROUNDS = 5;
const LOADED = /\.(gd|tscn|tres|gdshader|gdshaderinc)$/;

/** Loads each file that its arguments name and prints how long that took, in ms. */
const OWN_LOAD = `extends SceneTree

func _init() -> void:
	var began := Time.get_ticks_usec()
	var kept: Array[Resource] = []
	for path: String in FileAccess.get_file_as_string(OS.get_cmdline_user_args()[0]).split("\\n", false):
		var resource := load(path)
		if resource is Shader:
			var material := ShaderMaterial.new()
			material.shader = resource
		kept.append(resource)
	print("\\nloaded ", (Time.get_ticks_usec() - began) / 1000.0)
	quit()
`;

/** Runs the benchmark and prints its figures. */
export async function validateProject(): Promise<void> {
  process.env.GODOT = await getGodot();
  const hub = await StubHub.start();
  const editor = GodotEditor.start({ env: hub.env, files: bulkProject(COUNT) });
  try {
    await hub.editor();
    await hub.settled();
    const files = filesBelow(editor.project, BULK_FOLDER).filter((path) => LOADED.test(path));
    writeFileSync(join(editor.project, "list.txt"), files.map((path) => `res://${path}`).join("\n"));
    writeFileSync(join(editor.project, "own_load.gd"), OWN_LOAD);
    const own: number[] = [];
    const whole: number[] = [];
    const validated: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const began = performance.now();
      own.push(await ownLoad(editor.project));
      whole.push(performance.now() - began);
      const since = performance.now();
      const { checked, errors } = await hub.call("project.validate", { path: `res://${BULK_FOLDER}` });
      validated.push(performance.now() - since);
      if (errors !== 0) throw new Error(`${checked} files, ${errors} errors`);
    }
    console.log(`\nproject.validate of ${files.length} files, median of ${ROUNDS} rounds taken in turns`);
    row("the engine loads each, in a separate process", own, own);
    row("the same with the start of that process", whole, own);
    row("project.validate", validated, own);
    console.log(`  ratio to the process as a whole: ${(median(validated) / median(whole)).toFixed(2)}`);
  } finally {
    await editor.dispose();
    await hub.stop();
  }
}

function row(name: string, times: number[], first: number[]): void {
  const ratio = (median(times) / median(first)).toFixed(2);
  console.log(`  ${name.padEnd(48)} ${median(times).toFixed(0).padStart(6)} ms  ${ratio}`);
}

const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;

async function ownLoad(project: string): Promise<number> {
  const args = ["--headless", "--path", project, "-s", "own_load.gd", "--", "res://list.txt"];
  const { stdout } = await promisify(execFile)(process.env.GODOT ?? "", args, { maxBuffer: 1 << 26 });
  return Number(/^loaded ([\d.]+)/m.exec(stdout)?.[1]);
}

function filesBelow(project: string, folder: string): string[] {
  return readdirSync(join(project, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
}
