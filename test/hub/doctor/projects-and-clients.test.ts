import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLIENT_CONFIGS } from "../../../hub/cli/client-configs.ts";
import { adapterCommand, addonPath } from "../../../hub/cli/package-root.ts";
import { clientCheck } from "../../../hub/doctor/client-check.ts";
import { projectCheck } from "../../../hub/doctor/project-check.ts";
import { installAddon } from "../../../hub/install/addon-install.ts";
import { editor, machine } from "./examination.ts";

describe("projects", () => {
  function project(settings = "config_version=5\n"): { at: ReturnType<typeof machine>; folder: string } {
    const at = machine();
    const folder = join(at.root, "game");
    mkdirSync(folder);
    writeFileSync(join(folder, "project.godot"), settings);
    return { at: { ...at, projects: [folder] }, folder };
  }
  const install = (folder: string) => installAddon(addonPath(), folder, { force: false, dryRun: false });

  it("without the addon are a problem that install mends", async () => {
    const { at, folder } = project();
    expect(await projectCheck.examine(at)).toMatchObject([{ level: "problem", mend: `godot-hub install ${folder}` }]);
    install(folder);
    expect(await projectCheck.examine(at)).toMatchObject([{ level: "ok" }]);
  });

  it("with the addon switched off are a problem", async () => {
    const { at, folder } = project();
    install(folder);
    writeFileSync(join(folder, "project.godot"), "config_version=5\n");
    expect(await projectCheck.examine(at)).toMatchObject([
      { level: "problem", what: expect.stringContaining("not enabled") },
    ]);
  });

  it("with an older, a newer or a changed addon are distinguished", async () => {
    const { at, folder } = project();
    install(folder);
    const plugin = join(folder, "addons", "godot_mcp_hub", "plugin.cfg");
    const text = readFileSync(plugin, "utf8");
    writeFileSync(plugin, text.replace(/version="[^"]*"/, 'version="0.0.1"'));
    expect(await projectCheck.examine(at)).toMatchObject([
      { level: "warning", what: expect.stringContaining("0.0.1") },
    ]);
    writeFileSync(plugin, text.replace(/version="[^"]*"/, 'version="99.0.0"'));
    expect(await projectCheck.examine(at)).toMatchObject([{ level: "note", what: expect.stringContaining("newer") }]);
    writeFileSync(plugin, `${text}\n`);
    expect(await projectCheck.examine(at)).toMatchObject([{ level: "note", mend: expect.stringMatching(/--force$/) }]);
  });

  it("with leftovers of a broken installation get the files to remove", async () => {
    const { at, folder } = project();
    install(folder);
    mkdirSync(join(folder, "addons", ".godot_mcp_hub.123.new"));
    const found = await projectCheck.examine(at);
    expect(found).toMatchObject([
      { level: "ok" },
      { level: "note", mend: expect.stringMatching(/^rm -rf .*\.123\.new$/) },
    ]);
  });

  it("that are none, or of Godot 3, are a problem; those that are open are looked at, too", async () => {
    const { at, folder } = project("config_version=4\n");
    expect(await projectCheck.examine(at)).toMatchObject([
      { level: "problem", what: expect.stringContaining("Godot 3") },
    ]);
    const instances = [editor({ project: { name: "gone", path: join(folder, "gone") } })];
    expect(await projectCheck.examine({ ...at, projects: [], instances })).toMatchObject([
      { level: "problem", what: expect.stringContaining("is not a folder") },
    ]);
  });
});

describe("AI clients", () => {
  function configured(text: string, client = "claude"): ReturnType<typeof machine> {
    const at = machine();
    const env = { HOME: at.root, PATH: process.env.PATH };
    const path = CLIENT_CONFIGS[client]?.path(env, at.platform) ?? "";
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return { ...at, env };
  }
  const entry = (command: string, args: string[], env = {}) =>
    JSON.stringify({ mcpServers: { godot: { command, args, env } } });

  it.each(Object.keys(CLIENT_CONFIGS))("%s, connected by godot-hub, is well", async (client) => {
    const at = configured("", client);
    const path = CLIENT_CONFIGS[client]?.path(at.env, at.platform) ?? "";
    const command = adapterCommand(at.config.home, at.env);
    writeFileSync(path, CLIENT_CONFIGS[client]?.edit("", "godot", command) ?? "");
    const [found, ...others] = await clientCheck.examine(at);
    expect(others).toEqual([]);
    expect(found?.what).toContain(`runs node ${command.args[0]}`);
    expect(found?.level).toBe("ok");
  });

  it("with an adapter that is gone, or a program that is not there, are a problem that connect mends", async () => {
    const gone = configured(entry("node", ["/gone/godot-mcp-adapter.js"]));
    expect(await clientCheck.examine(gone)).toMatchObject([
      { level: "problem", what: expect.stringContaining("is gone"), mend: "godot-hub connect --client claude" },
    ]);
    const noNode = configured(entry("no-such-node", [adapterCommand("/x").args[0] ?? ""]));
    expect(await clientCheck.examine(noNode)).toMatchObject([
      { level: "problem", what: expect.stringContaining("no program no-such-node") },
    ]);
  });

  it.each(["godot-mcp-hub", "godot-mcp-hub@0.1.0", "godot-mcp-adapter"])(
    "that run %s through npx are well",
    async (name) => {
      const [found] = await clientCheck.examine(configured(entry("npx", ["-y", name])));
      expect(found).toMatchObject({ level: "ok", what: expect.stringContaining(`runs npx -y ${name}`) });
    },
  );

  it("that reach another hub, or run another installation, are reported", async () => {
    const [adapter = ""] = adapterCommand("/x").args;
    const elsewhere = configured(entry("node", [adapter], { GODOT_HUB_HOME: "/elsewhere" }));
    expect(await clientCheck.examine(elsewhere)).toMatchObject([
      { level: "warning", what: expect.stringContaining("/elsewhere") },
    ]);
    const other = configured("");
    const copy = join(other.root, "godot-mcp-adapter.js");
    writeFileSync(copy, "");
    writeFileSync(join(other.root, ".claude.json"), entry("node", [copy]));
    expect(await clientCheck.examine(other)).toMatchObject([
      { level: "note", what: expect.stringContaining("another installation") },
    ]);
  });

  it("that are not connected, or whose file is damaged, are reported; so is the lack of any client", async () => {
    expect(
      await clientCheck.examine(configured('{"mcpServers":{"other":{"command":"x"},"web":{"url":"http://y"}}}')),
    ).toMatchObject([
      { level: "note", what: expect.stringContaining("not connected"), mend: "godot-hub connect --client claude" },
    ]);
    expect(await clientCheck.examine(configured("{"))).toMatchObject([
      { level: "problem", what: expect.stringContaining("no JSON") },
    ]);
    expect(await clientCheck.examine(configured("[x", "codex"))).toMatchObject([
      { level: "problem", what: expect.stringContaining("no TOML") },
    ]);
    expect(await clientCheck.examine(machine())).toMatchObject([{ level: "note" }]);
  });
});
