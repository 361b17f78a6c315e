/** A project that had nothing but the command's help: after `godot-hub install` its editor comes to the hub by itself. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { PRODUCT_VERSION } from "../../../protocol/version.ts";
import { godotBinary } from "../../support/godot-editor.ts";
import { environment } from "../../support/hub-process.ts";
import { until } from "../../support/wait.ts";
import { CommandLine, temporaryFolder } from "./command-line.ts";

it("an installed addon connects a real editor to the hub, the editor keeps it enabled, and nothing of it is left after uninstall", async () => {
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
  const settings = () => readFileSync(join(folder, "project.godot"), "utf8");
  expect(settings()).toContain("res://addons/godot_mcp_hub/plugin.cfg");

  // The editor writes project.godot in its own order and form.
  const renamed = JSON.stringify({
    settings: { "application/config/name": "Renamed", "rendering/x": 1 },
    create: true,
  });
  expect((await cli.run(["call", "project.set_settings", renamed])).code).toBe(0);
  editor.kill("SIGKILL");
  await until(() => editor.exitCode !== null || editor.signalCode !== null, { what: "the editor's end" });
  const written = settings();
  expect((await cli.run(["uninstall", folder])).stdout).toContain("took out the addon");
  expect(settings()).toBe(written.replace(/\[editor_plugins\]\n\nenabled=.*\n\n/, ""));
  expect(settings()).not.toContain("plugin");
  expect(settings()).toContain('config/name="Renamed"');
  expect(readdirSync(folder).filter((name) => name !== ".godot")).toEqual(["project.godot"]);
}, 240_000);
