/** A project that had nothing but the command's help: after `godot-hub install` its editor comes to the hub by itself. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { PRODUCT_VERSION } from "../../../protocol/version.ts";
import { godotBinary } from "../../support/godot-editor.ts";
import { environment } from "../../support/hub-process.ts";
import { until } from "../../support/wait.ts";
import { CommandLine, temporaryFolder } from "./command-line.ts";

it("an installed addon connects a real editor to the hub, and the editor keeps it enabled", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "project.godot"), 'config_version=5\n\n[application]\n\nconfig/name="Fresh"\n');
  const cli = new CommandLine();
  expect((await cli.run(["install", folder])).code).toBe(0);
  await cli.run(["start", "--port", "0"]);
  const editor = spawn(godotBinary(), ["--headless", "--editor", "--path", folder], {
    env: { ...environment(), GODOT_HUB_HOME: cli.home },
    stdio: "ignore",
  });
  onTestFinished(() => void editor.kill("SIGKILL"));

  const instance = await until(async () => JSON.parse((await cli.run(["status", "--json"])).stdout).instances[0], {
    what: "the editor in `godot-hub status`",
    deadlineMs: 100_000,
  });
  expect(instance).toMatchObject({ clientType: "godot", addonVersion: PRODUCT_VERSION, project: { name: "Fresh" } });
  expect((await cli.run(["status"])).stdout).toMatch(/NAME +STATE +GODOT/);
  expect(readFileSync(join(folder, "project.godot"), "utf8")).toContain("res://addons/godot_mcp_hub/plugin.cfg");
});
