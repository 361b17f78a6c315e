/** Whether a folder is a project whose editor would connect. */
import { existsSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { WireError } from "../../protocol/errors.ts";

/** As project.godot lists it when it is enabled. */
const PLUGIN = "res://addons/godot_mcp_hub/plugin.cfg";

/** @throws {WireError} NOT_FOUND or INVALID_PARAMS, saying what is missing or wrong and what to do. */
export function requireProject(project: string): void {
  if (sep === "/" && project.includes("\\")) {
    throw new WireError(
      "INVALID_PARAMS",
      `Godot takes the backslash in ${project} for a slash, and opens another folder.`,
      {
        hint: "Rename the folder, or name it with slashes.",
      },
    );
  }
  if (!existsSync(join(project, "project.godot"))) {
    throw new WireError("NOT_FOUND", `There is no project.godot in ${project}.`, {
      hint: "Name the folder that has it.",
    });
  }
  if (!existsSync(join(project, "addons", "godot_mcp_hub", "plugin.cfg"))) {
    throw new WireError("NOT_FOUND", `The project ${project} does not have the addon.`, {
      hint: `Run \`godot-hub install ${project}\`.`,
    });
  }
  // Its editor would run and never connect.
  if (!readFileSync(join(project, "project.godot"), "latin1").includes(PLUGIN)) {
    throw new WireError("NOT_FOUND", `The project ${project} has the addon, but it is not enabled.`, {
      hint: `Run \`godot-hub install ${project}\`.`,
    });
  }
}
