/** Whether hub, package and the addons of connected editors are of one version. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isOlderVersion } from "../../hub-client/versions.ts";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import { addonPath } from "../cli/package-root.ts";
import { word } from "../cli/shell-words.ts";
import { type Check, type Examination, type Finding, note, ok, problem, warning } from "./finding.ts";

const UPDATE = "npm install -g godot-mcp-hub@latest";

/** The versions of everything that talks to the hub. */
export const versionCheck: Check = {
  name: "versions",
  examine: (examination) => {
    const findings = [...ofHub(examination), ...ofPackage(addonPath()), ...ofInstances(examination)];
    return findings.length > 0 ? findings : [ok(`Everything is of version ${PRODUCT_VERSION}.`)];
  },
};

function ofHub({ running }: Examination): Finding[] {
  if (!running || running.version === PRODUCT_VERSION) return [];
  const what = `The hub that runs is of version ${running.version}, this is ${PRODUCT_VERSION}.`;
  if (isOlderVersion(PRODUCT_VERSION, running.version)) return [note(what, UPDATE)];
  return [warning(what, running.service ? "godot-hub service install" : "godot-hub stop && godot-hub start")];
}

/** @param addon Folder of the addon that this package carries. */
export function ofPackage(addon: string): Finding[] {
  let version: string | undefined;
  try {
    version = /^\s*version\s*=\s*"([^"]*)"/m.exec(readFileSync(join(addon, "plugin.cfg"), "utf8"))?.[1];
  } catch {
    // Said below.
  }
  if (version === PRODUCT_VERSION) return [];
  return [
    problem(
      `The addon in ${addon} is ${version ? `of version ${version}` : "missing"}: this package is incomplete.`,
      UPDATE,
    ),
  ];
}

function ofInstances({ instances = [], platform }: Examination): Finding[] {
  return instances
    .filter(({ addonVersion }) => addonVersion !== PRODUCT_VERSION)
    .map(({ name, addonVersion, project }) => {
      const what = `The addon of ${name} is of version ${addonVersion}, this is ${PRODUCT_VERSION}.`;
      if (isOlderVersion(PRODUCT_VERSION, addonVersion)) return note(what, UPDATE);
      return warning(what, `godot-hub install ${word(project?.path ?? "<project>", platform)}`);
    });
}
