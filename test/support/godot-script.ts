/** Runs a script in the real engine, inside the addon's project and without an editor. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PROJECT = fileURLToPath(new URL("../../godot-client", import.meta.url));

/**
 * What `script` prints as its last line, read as JSON.
 * @param script A path in the project (`res://...`) or in the file system.
 * @param args Handed to the script as its user arguments.
 */
export async function runGodotScript(script: string, args: readonly string[] = []): Promise<unknown> {
  const godot = process.env.GODOT;
  if (!godot) throw new Error("GODOT names no binary: tests that need one have names that end in .godot.test.ts.");
  const { stdout, stderr } = await promisify(execFile)(
    godot,
    ["--headless", "--path", PROJECT, "--script", script, "--", ...args],
    { maxBuffer: 16 * 1024 * 1024, timeout: 180_000 },
  );
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  if (!last.startsWith("{") && !last.startsWith("[")) throw new Error(`${script} printed no JSON:\n${stdout}${stderr}`);
  return JSON.parse(last);
}
