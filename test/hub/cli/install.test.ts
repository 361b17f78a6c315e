/** `godot-hub install`: the addon arrives whole, project.godot changes in one place only, and nothing newer is overwritten. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { configVersion, enablePlugin } from "../../../hub/install/addon-install-settings.ts";
import { PRODUCT_VERSION } from "../../../protocol/version.ts";
import { CommandLine, temporaryFolder } from "./command-line.ts";

const PLUGIN = "res://addons/godot_mcp_hub/plugin.cfg";
const ADDON = fileURLToPath(new URL("../../../godot-client/addons/godot_mcp_hub", import.meta.url));

const GAME = `; Engine configuration file.

config_version=5

[application]

config/name="Café"
config/description="one line
[editor_plugins]
enabled=PackedStringArray(\\"not this\\")"

[rendering]

textures/canvas_textures/default_texture_filter=0
`;

function project(text: string | Buffer = GAME): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "project.godot"), text);
  return folder;
}

function settingsOf(folder: string): Buffer {
  return readFileSync(join(folder, "project.godot"));
}

function installed(folder: string): string {
  return join(folder, "addons", "godot_mcp_hub");
}

function setVersion(folder: string, version: string): void {
  const path = join(installed(folder), "plugin.cfg");
  writeFileSync(path, readFileSync(path, "utf8").replace(/version="[^"]*"/, `version="${version}"`));
}

async function install(folder: string, ...flags: string[]) {
  return new CommandLine().run(["install", folder, ...flags]);
}

describe("install", () => {
  it("copies every file of the addon and enables it", async () => {
    const folder = project();
    const { code, stdout } = await install(folder);
    expect(code).toBe(0);
    expect(stdout).toContain(`installed the addon, version ${PRODUCT_VERSION}.\nEnabled it in project.godot.`);
    expect(readdirSync(installed(folder), { recursive: true }).sort()).toEqual(
      readdirSync(ADDON, { recursive: true }).sort(),
    );
    expect(readdirSync(join(folder, "addons"))).toEqual(["godot_mcp_hub"]);
    expect(settingsOf(folder).toString()).toBe(`${GAME}\n[editor_plugins]\n\nenabled=PackedStringArray("${PLUGIN}")\n`);
  });

  it("changes nothing the second time", async () => {
    const folder = project();
    await install(folder);
    const before = settingsOf(folder);
    const { code, stdout } = await install(folder);
    expect(code).toBe(0);
    expect(stdout).toContain("is there already");
    expect(stdout).toContain("enabled in project.godot already");
    expect(settingsOf(folder)).toEqual(before);
  });

  it("keeps line ends and every byte of what it does not touch", async () => {
    const text = `config_version=5\r\n\r\n[editor_plugins]\r\n\r\nenabled=PackedStringArray("res://addons/gut/plugin.cfg")\r\n\r\n[x]\r\n\r\nname="`;
    // 0xff and 0xe9 are no UTF-8: a file that went through an editor of another time.
    const before = Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xe9]), Buffer.from('"\r\n')]);
    const folder = project(before);
    await install(folder);
    const after = settingsOf(folder);
    const added = Buffer.from(`, "${PLUGIN}"`);
    const at = after.indexOf(added);
    expect(at).toBeGreaterThan(0);
    expect(Buffer.concat([after.subarray(0, at), after.subarray(at + added.length)])).toEqual(before);
  });

  it("updates an older copy, and keeps the ids that the editor gave to its scripts", async () => {
    const folder = project();
    await install(folder);
    setVersion(folder, "0.0.1");
    writeFileSync(join(installed(folder), "obsolete.gd"), "extends Node\n");
    const uid = join(installed(folder), "plugin.gd.uid");
    const given = existsSync(uid) ? readFileSync(uid, "utf8") : "uid://given\n";
    writeFileSync(uid, given);
    const { stdout } = await install(folder);
    expect(stdout).toContain(`updated the addon from version 0.0.1 to ${PRODUCT_VERSION}.`);
    expect(existsSync(join(installed(folder), "obsolete.gd"))).toBe(false);
    expect(readFileSync(uid, "utf8")).toBe(given);
  });

  it("leaves a newer copy alone unless it is forced", async () => {
    const folder = project();
    await install(folder);
    setVersion(folder, "99.0.0");
    expect((await install(folder)).stdout).toContain("left the newer addon alone (99.0.0");
    expect(readFileSync(join(installed(folder), "plugin.cfg"), "utf8")).toContain("99.0.0");
    expect((await install(folder, "--force")).stdout).toContain("replaced the addon of version 99.0.0");
    expect(readFileSync(join(installed(folder), "plugin.cfg"), "utf8")).not.toContain("99.0.0");
  });

  it("leaves a changed copy alone, unless it is forced", async () => {
    const folder = project();
    await install(folder);
    const changed = join(installed(folder), "plugin.gd");
    writeFileSync(changed, "# mine\n");
    expect((await install(folder)).stdout).toContain("was changed. --force replaces it.");
    expect(readFileSync(changed, "utf8")).toBe("# mine\n");
    await install(folder, "--force");
    expect(readFileSync(changed)).toEqual(readFileSync(join(ADDON, "plugin.gd")));
  });

  it("changes no other file by a project.godot that is a link to it", async () => {
    const folder = temporaryFolder();
    const other = join(temporaryFolder(), ".profile");
    writeFileSync(other, "export A=1\n");
    symlinkSync(other, join(folder, "project.godot"));
    const { code, stderr } = await new CommandLine().run(["install", folder]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("which is no project.godot");
    expect(readFileSync(other, "utf8")).toBe("export A=1\n");
    expect(existsSync(installed(folder))).toBe(false);
    const linked = temporaryFolder();
    symlinkSync(join(project(), "project.godot"), join(linked, "project.godot"));
    expect((await new CommandLine().run(["install", linked])).code).toBe(0);
  });

  it("leaves a link to a working copy alone", async () => {
    const folder = project();
    const copy = temporaryFolder();
    cpSync(ADDON, copy, { recursive: true });
    mkdirSync(join(folder, "addons"));
    symlinkSync(copy, installed(folder), "junction");
    const { stdout } = await install(folder);
    expect(stdout).toContain("a link to a working copy");
    expect(settingsOf(folder).toString()).toContain(PLUGIN);
  });

  it("--dry-run says what would be done, and does nothing", async () => {
    const folder = project();
    const { code, stdout } = await install(folder, "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("Dry run: nothing is changed.");
    expect(stdout).toContain("installed the addon");
    expect(existsSync(join(folder, "addons"))).toBe(false);
    expect(settingsOf(folder).toString()).toBe(GAME);
  });

  it.each([
    ["a folder without project.godot", () => temporaryFolder(), "is no Godot project"],
    ["a folder that is not there", () => join(temporaryFolder(), "nowhere"), "is not a folder"],
    ["a project of Godot 3", () => project("config_version=4\n"), "is a project of Godot 3"],
    ["a list of plugins that is none", () => project("[editor_plugins]\nenabled=7\n"), "is not a PackedStringArray"],
  ])("refuses %s in one line, and changes nothing", async (_what, make, message) => {
    const folder = make();
    const before = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
    const { code, stderr, stdout } = await install(folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^godot-hub: .*\n$/);
    expect(stderr).toContain(message);
    expect(existsSync(folder) ? readdirSync(folder, { recursive: true }) : []).toEqual(before);
  });
});

describe("project.godot", () => {
  const enabled = `enabled=PackedStringArray("${PLUGIN}")\n`;

  it.each([
    ["is empty", "", `\n[editor_plugins]\n\n${enabled}`],
    ["ends without a line break", "[a]\nb=1", `[a]\nb=1\n\n[editor_plugins]\n\n${enabled}`],
    ["has the section without the key", "[editor_plugins]\n\n[z]\n", `[editor_plugins]\n\n${enabled}\n[z]\n`],
    ["has the section as its last line", "[editor_plugins]", `[editor_plugins]\n\n${enabled}`],
    ["has an empty list", "[editor_plugins]\nenabled=PackedStringArray()\n", `[editor_plugins]\n${enabled}`],
    [
      "has the list on several lines",
      '[editor_plugins]\nenabled=PackedStringArray(\n"a",\n"b"\n)\n',
      `[editor_plugins]\nenabled=PackedStringArray(\n"a",\n"b"\n, "${PLUGIN}")\n`,
    ],
    [
      "names the section in a comment and in a text first",
      '; [editor_plugins]\n[a]\nb="\n[editor_plugins]\n\\"x\n"\n[editor_plugins]\nenabled=PackedStringArray("c)")\n',
      `; [editor_plugins]\n[a]\nb="\n[editor_plugins]\n\\"x\n"\n[editor_plugins]\nenabled=PackedStringArray("c)", "${PLUGIN}")\n`,
    ],
  ])("that %s", (_what, before, after) => {
    expect(enablePlugin(before, PLUGIN)).toBe(after);
    expect(enablePlugin(after, PLUGIN)).toBe(after);
  });

  it("says for which Godot it was made, unless only a text says so", () => {
    expect(configVersion("; c\nconfig_version=5\n")).toBe(5);
    expect(configVersion('[a]\nx="\nconfig_version=4\n"\n')).toBeUndefined();
    expect(configVersion("")).toBeUndefined();
  });
});
