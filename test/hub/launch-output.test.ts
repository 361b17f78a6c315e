/** Tests the error for a launched editor that ended before it connected. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LocalHub } from "../support/local-hub.ts";

/** The output of a Godot without a window, then its error. */
const PRINTED = [
  "Godot Engine v4.6.3",
  "\\033[31mERROR: The display is gone.\\033[0m",
  "[   0%% ] \\033[90m\\033[1mfirst_scan_filesystem\\033[22m | Started (5 steps)\\033[39m\\033[0m",
  ...["16", "33", "50", "66", "92"].map(
    (done) => `[  ${done}%% ] \\033[90m\\033[1mupdate_scripts_classes\\033[22m | Player\\033[39m\\033[0m`,
  ),
  "\\033[32m[ DONE ]\\033[39m \\033[1mupdate_scripts_classes\\033[22m",
  "",
];

let folder: string;
let hub: LocalHub;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "godot-hub-launch-output-"));
  const godot = join(folder, "godot");
  writeFileSync(godot, `#!/bin/sh\nprintf '${PRINTED.join("\\n")}'\nexit 1\n`, { mode: 0o755 });
  hub = await LocalHub.start({ godot, launchRoots: [folder] });
});
afterEach(async () => {
  await hub.dispose();
  rmSync(folder, { recursive: true, force: true });
});

it.runIf(process.platform !== "win32")("is its last lines, without colours and progress", async () => {
  const project = join(folder, "game");
  mkdirSync(join(project, "addons", "godot_mcp_hub"), { recursive: true });
  writeFileSync(join(project, "addons", "godot_mcp_hub", "plugin.cfg"), "");
  writeFileSync(join(project, "project.godot"), '"res://addons/godot_mcp_hub/plugin.cfg"');
  const { error } = await (await hub.adapter()).request("instance.launch", { project });
  expect(error?.message).toBe("Godot ended before it connected. Godot Engine v4.6.3 | ERROR: The display is gone.");
});
