/** Whose the state directory is, and who can read what is in it. */
import { accessSync, constants, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { word } from "../cli/shell-words.ts";
import { type Check, type Examination, type Finding, note, ok, problem, warning } from "./finding.ts";

/** Files of the state directory; only the token is a secret. */
const FILES = ["token", "tokens.json", "hub.json", "hub.log", "hub-start.log", "launched.json", "config.json"];
const OTHERS = 0o077;

/** The state directory and its files. */
export const stateCheck: Check = {
  name: "state",
  examine: (examination) => {
    const { config, platform } = examination;
    const stat = statSync(config.home, { throwIfNoEntry: false });
    if (!stat)
      return [note(`There is no state directory ${config.home} yet: the first hub makes it.`, "godot-hub start")];
    if (!stat.isDirectory()) {
      const elsewhere = `mv ${word(config.home, platform)} ${word(`${config.home}.old`, platform)}`;
      return [problem(`The state directory ${config.home} is no folder.`, elsewhere)];
    }
    const findings = platform === "win32" ? examineOnWindows(examination) : examineModes(examination, stat);
    return findings.length > 0 ? findings : [ok(`The state directory ${config.home} is yours alone.`)];
  },
};

function examineModes({ config, platform }: Examination, directory: Stats): Finding[] {
  const { home } = config;
  const findings = [ownership(home, directory), writability(home)];
  if (directory.mode & OTHERS) {
    const what = `Others can look into the state directory ${home} (mode ${modeOf(directory)}).`;
    findings.push(problem(what, `chmod 700 ${word(home, platform)}`));
  }
  for (const name of FILES) findings.push(fileMode(join(home, name), name === "token"));
  return findings.filter((each) => each !== undefined);
}

function ownership(path: string, { uid }: Stats): Finding | undefined {
  const own = process.getuid?.();
  if (own === undefined || uid === own) return undefined;
  return problem(`${path} belongs to user ${uid}, not to you.`, `sudo chown -R ${own} ${word(path, process.platform)}`);
}

function writability(home: string): Finding | undefined {
  try {
    accessSync(home, constants.W_OK | constants.X_OK);
    return undefined;
  } catch {
    return problem(`The state directory ${home} can't be written.`, `chmod u+rwx ${word(home, process.platform)}`);
  }
}

function fileMode(path: string, isSecret: boolean): Finding | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const foreign = ownership(path, stat);
  if (foreign) return foreign;
  if (!(stat.mode & OTHERS)) return undefined;
  const mend = `chmod 600 ${word(path, process.platform)}`;
  if (isSecret)
    return problem(`Others can read the token ${path} (mode ${modeOf(stat)}).`, `${mend} && godot-hub token rotate`);
  return warning(`Others can read ${path} (mode ${modeOf(stat)}).`, mend);
}

function modeOf({ mode }: Stats): string {
  return `0${(mode & 0o777).toString(8)}`;
}

/** Windows has no such modes: a folder is private when it lies in the profile of its user. */
function examineOnWindows({ config, env, platform }: Examination): Finding[] {
  const profile = env.USERPROFILE?.toLowerCase();
  if (profile !== undefined && config.home.toLowerCase().startsWith(`${profile}\\`)) return [];
  const rights = `icacls ${word(config.home, platform)} /inheritance:r /grant:r "%USERNAME%:(OI)(CI)F"`;
  return [warning(`The state directory ${config.home} is not in your profile: others may read it.`, rights)];
}
