/** Whether a Godot is found for editors that the hub is asked to launch, and whether the addon runs in it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { isOlderVersion } from "../../hub-client/versions.ts";
import { findGodot } from "../launching/godot-binary.ts";
import { type Check, type Examination, note, ok, problem, warning } from "./finding.ts";

/** Oldest engine that the addon supports. */
const OLDEST = "4.3";
const ANSWER_MS = 15_000;
/** The hub learns the program from the editor that it starts; config.json keeps it for every later hub. */
const KEEP = 'For always: "godot": "path" in config.json of the state directory.';
const NAME_GODOT = "godot-hub launch --godot path/to/godot path/to/project";

/** The Godot editor's program. */
export const godotCheck: Check = {
  name: "godot",
  examine: async (examination) => {
    const found = programOf(examination);
    if (!found) return [note(`No Godot is found: \`godot-hub launch\` has nothing to start. ${KEEP}`, NAME_GODOT)];
    const where = `${found.path}, by ${found.from}`;
    const version = await versionOf(found.path);
    if (version === undefined) return [problem(`Godot can't be started (${where}). ${KEEP}`, NAME_GODOT)];
    if (isOlderVersion(version, OLDEST))
      return [warning(`Godot ${version} (${where}) is older than ${OLDEST}.`, NAME_GODOT)];
    return [ok(`Godot ${version} (${where}).`)];
  },
};

/** The program that a hub would start, and how it comes to it. */
function programOf({ config, env, instances = [], platform }: Examination): { path: string; from: string } | undefined {
  if (config.godot !== undefined) return { path: config.godot, from: "the configuration" };
  const reported = instances.map(({ executable }) => executable).filter((path) => path !== undefined);
  return findGodot(env, reported, { platform });
}

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
