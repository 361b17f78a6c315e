/** Whether a Godot is found for editors that the hub is asked to launch, and whether the addon runs in it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findGodot } from "../launching/godot-binary.ts";
import { type Check, note, ok, problem, warning } from "./finding.ts";
import { isOlder } from "./node-check.ts";

/** Oldest engine that the addon supports. */
const OLDEST = "4.3";
const ANSWER_MS = 15_000;
const SET_GODOT = "export GODOT=/path/to/godot";

/** The Godot editor's program. */
export const godotCheck: Check = {
  name: "godot",
  examine: async ({ env, instances = [], platform }) => {
    const mend = platform === "win32" ? "setx GODOT C:\\path\\to\\godot.exe" : SET_GODOT;
    const reported = instances.map(({ executable }) => executable).filter((path) => path !== undefined);
    const found = findGodot(env, reported, { platform });
    if (!found) return [note("No Godot is found: `godot-hub launch` has nothing to start.", mend)];
    const where = `${found.path}, by ${found.from}`;
    const version = await versionOf(found.path);
    if (version === undefined) return [problem(`Godot can't be started (${where}).`, mend)];
    if (isOlder(version, OLDEST)) return [warning(`Godot ${version} (${where}) is older than ${OLDEST}.`, mend)];
    return [ok(`Godot ${version} (${where}).`)];
  },
};

/** What the program calls itself; undefined when it is no Godot, or can't be started. */
async function versionOf(program: string): Promise<string | undefined> {
  try {
    const options = { timeout: ANSWER_MS, windowsHide: true };
    const { stdout } = await promisify(execFile)(program, ["--headless", "--version"], options);
    return /^\d+\.\d+\S*/m.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}
