/** Whether projects have the addon, whole, of this version, and enabled. */
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../hub-client/node-errors.ts";
import { addonPath } from "../cli/package-root.ts";
import { removal, word } from "../cli/shell-words.ts";
import { InstallError, type InstallOutcome, installAddon } from "../install/addon-install.ts";
import { SettingsError } from "../install/addon-install-settings.ts";
import { type Check, type Finding, note, ok, problem, warning } from "./finding.ts";

/** The projects that were named, that the working directory is in, and that are open. */
export const projectCheck: Check = {
  name: "projects",
  examine: ({ projects, instances = [], platform }) => {
    const open = instances.map(({ project }) => project?.path).filter((path) => path !== undefined);
    const all = [...new Set([...projects, ...open].map(canonical))];
    if (all.length === 0)
      return [note("No project was named, none is open, and this folder is in none.", "godot-hub doctor <project>")];
    return all.flatMap((project) => examine(project, platform));
  },
};

function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function examine(project: string, platform: NodeJS.Platform): Finding[] {
  const install = `godot-hub install ${word(project, platform)}`;
  try {
    const outcome = installAddon(addonPath(), project, { force: false, dryRun: true });
    return [...judge(outcome, install), ...leftovers(project, platform)];
  } catch (error) {
    if (error instanceof InstallError || error instanceof SettingsError) return [problem(error.message)];
    return [problem(`${project} can't be examined: ${messageOf(error)}.`)];
  }
}

function judge({ project, copy, previous, version, enabled }: InstallOutcome, install: string): Finding[] {
  if (copy === "installed") return [problem(`${project} does not have the addon.`, install)];
  const findings: Finding[] = [];
  if (enabled) findings.push(problem(`${project} has the addon, but it is not enabled.`, install));
  if (copy === "updated")
    findings.push(warning(`${project} has the addon of version ${previous}, this is ${version}.`, install));
  if (copy === "kept-newer") findings.push(note(`${project} has a newer addon: ${previous}, this is ${version}.`));
  if (copy === "kept-changed")
    findings.push(note(`${project} has the addon with changes of its own.`, `${install} --force`));
  return findings.length > 0 ? findings : [ok(`${project} has the addon, and it is enabled.`)];
}

/** What an installation that broke off has left beside the addon. */
function leftovers(project: string, platform: NodeJS.Platform): Finding[] {
  const addons = join(project, "addons");
  const names = (existsSync(addons) ? readdirSync(addons) : []).filter((name) =>
    /^\.godot_mcp_hub\.\d+\.(new|old)$/.test(name),
  );
  const remove = (path: string) =>
    platform === "win32" ? `rmdir /s ${word(path, platform)}` : removal([path], platform).replace("rm -f", "rm -rf");
  return names.map((name) =>
    note(`An installation that broke off has left ${join(addons, name)}.`, remove(join(addons, name))),
  );
}
