/** `godot-hub uninstall`: the project is as it was, to the byte, and what a person has changed stays. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  disablePlugin,
  enablePlugin,
  settingText,
  withoutSection,
} from "../../../hub/install/addon-install-settings.ts";
import { fc } from "../../support/random.ts";
import { CommandLine, temporaryFolder } from "./command-line.ts";

const PLUGIN = "res://addons/godot_mcp_hub/plugin.cfg";
const GAME = `; Engine configuration file.

config_version=5

[application]

config/name="My: Game"
config/description="[editor_plugins]
enabled=PackedStringArray(\\"${PLUGIN}\\")"

[rendering]

textures/canvas_textures/default_texture_filter=0
`;

function project(files: Record<string, string | Buffer> = {}): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries({ "project.godot": GAME, ...files })) write(folder, path, text);
  return folder;
}

function write(folder: string, path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Every file below a folder, with its bytes. */
function contentsOf(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  const read = (path: string) => (statSync(path).isDirectory() ? "folder" : readFileSync(path, "latin1"));
  return Object.fromEntries(paths.map((path) => [path, read(join(folder, path))]));
}

const installed = (folder: string, ...path: string[]) => join(folder, "addons", "godot_mcp_hub", ...path);

describe("uninstall", () => {
  const data = temporaryFolder;
  const run = (...args: string[]) => new CommandLine({ XDG_DATA_HOME: data() }).run(args);

  it.each([
    ["nothing else", {}],
    ["another addon that is enabled", { "addons/gut/plugin.cfg": "[plugin]\n" }],
    ["text for agents", { "AGENTS.md": "# Mine\r\n", "CLAUDE.md": "# Rules" }],
    ["line ends of Windows, and bytes that are no UTF-8", { "project.godot": crlf(GAME) }],
  ])("leaves a project with %s as it was, to the byte", async (_, files) => {
    const folder = project(files);
    if ("addons/gut/plugin.cfg" in files) {
      const others = `${GAME}\n[editor_plugins]\n\nenabled=PackedStringArray("res://addons/gut/plugin.cfg")\n`;
      writeFileSync(join(folder, "project.godot"), others);
    }
    const before = contentsOf(folder);
    expect((await run("install", folder, "--agents")).code).toBe(0);
    expect(contentsOf(folder)).not.toEqual(before);
    const { code, stdout } = await run("uninstall", folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/took out the addon, version .*\nDisabled it in project\.godot\.\n/);
    expect(stdout).toContain("AGENTS.md no longer has the lines for agents.");
    expect(contentsOf(folder)).toEqual(before);
    expect((await run("uninstall", folder)).stdout).toBe(`${folder}: no addon was taken out.\n`);
  });

  it("takes what the editor has made beside its files, and has remembered of it", async () => {
    const metadata = '[recent_files]\n\nscenes=["res://a.tscn"]\n';
    const folder = project({ ".godot/editor/project_metadata.cfg": metadata });
    const before = contentsOf(folder);
    await run("install", folder);
    write(folder, "addons/godot_mcp_hub/icon/icon.svg.import", "[remap]\n");
    write(folder, "addons/godot_mcp_hub/plugin.gd.uid", "uid://changed\n");
    const remembered = `${metadata}\n[godot_mcp_hub]\n\nallow_code_execution=true\n`;
    write(folder, ".godot/editor/project_metadata.cfg", remembered);
    expect((await run("uninstall", folder)).stdout).toContain("what the editor had remembered");
    expect(contentsOf(folder)).toEqual(before);
  });

  it("keeps what a person has changed or added, and names it; --force takes it too", async () => {
    const folder = project();
    await run("install", folder);
    writeFileSync(installed(folder, "plugin.gd"), "# mine\n");
    write(folder, "addons/godot_mcp_hub/notes/mine.txt", "keep\n");
    const { stdout } = await run("uninstall", folder);
    expect(stdout).toContain(`Kept ${installed(folder, "plugin.gd")}`);
    expect(stdout).toContain(`Kept ${installed(folder, "notes", "mine.txt")}`);
    const left = readdirSync(installed(folder), { recursive: true, encoding: "utf8" }).toSorted();
    expect(left).toEqual(
      ["notes", join("notes", "mine.txt"), "plugin.gd", "plugin.gd.uid"].filter((f) => left.includes(f)),
    );
    expect(readFileSync(installed(folder, "plugin.gd"), "utf8")).toBe("# mine\n");
    expect(readFileSync(join(folder, "project.godot"), "utf8")).toBe(GAME);
    await run("uninstall", folder, "--force");
    expect(existsSync(join(folder, "addons"))).toBe(false);
  });

  it("leaves an addon of another version alone, and changes nothing, unless it is forced", async () => {
    const folder = project();
    await run("install", folder);
    const config = installed(folder, "plugin.cfg");
    writeFileSync(config, readFileSync(config, "utf8").replace(/version="[^"]*"/, 'version="99.0.0"'));
    const before = contentsOf(folder);
    const { code, stdout, stderr } = await run("uninstall", folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/version 99\.0\.0.*--force.*\n$/);
    expect(contentsOf(folder)).toEqual(before);
    expect((await run("uninstall", folder, "--force")).stdout).toContain("version 99.0.0");
    expect(contentsOf(folder)).toEqual({ "project.godot": GAME });
  });

  it("leaves a link to a working copy, and the copy", async () => {
    const folder = project();
    await run("install", folder);
    const copy = join(temporaryFolder(), "copy");
    cpSync(installed(folder), copy, { recursive: true });
    rmSync(installed(folder), { recursive: true });
    symlinkSync(copy, installed(folder), "junction");
    const before = contentsOf(copy);
    expect((await run("uninstall", folder, "--force")).stdout).toContain("a link to a working copy");
    expect(contentsOf(copy)).toEqual(before);
    expect(readFileSync(join(folder, "project.godot"), "utf8")).toBe(GAME);
  });

  it("--dry-run says the same, and changes nothing", async () => {
    const folder = project();
    await run("install", folder, "--agents");
    const before = contentsOf(folder);
    const { stdout } = await run("uninstall", folder, "--dry-run");
    expect(stdout).toMatch(/^Dry run: nothing is changed\.\n.*took out the addon[\s\S]*AGENTS\.md no longer/);
    expect(contentsOf(folder)).toEqual(before);
  });

  it.each([
    ["by its name", 'config/name="My: Game"', ["godot", "app_userdata", "My- Game"]],
    [
      "of its own",
      'config/name="A"\nconfig/use_custom_user_dir=true\nconfig/custom_user_dir_name="me/game"',
      ["me", "game"],
    ],
  ])("removes what checks and tests have left in a folder %s, and no more", async (_, settings, path) => {
    const home = data();
    const folder = project({ "project.godot": `config_version=5\n\n[application]\n\n${settings}\n` });
    write(home, join(...path, "godot_mcp_hub", "tests-1-1", "errors.log"), "");
    write(home, join(...path, "save.dat"), "game");
    const cli = new CommandLine({ XDG_DATA_HOME: home });
    expect((await cli.run(["uninstall", folder])).stdout).toContain(join(home, ...path, "godot_mcp_hub"));
    expect(readdirSync(join(home, ...path))).toEqual(["save.dat"]);
  });

  it.each(["../../x", "..", "a/../../x"])(
    "removes nothing outside of it, whatever the project calls its folder: %s",
    async (name) => {
      const home = join(data(), "data", "here");
      const folder = project({
        "project.godot": `config_version=5\n\n[application]\n\nconfig/name="A"\nconfig/use_custom_user_dir=true\nconfig/custom_user_dir_name="${name}"\n`,
      });
      const outside = join(home, name, "godot_mcp_hub");
      mkdirSync(home, { recursive: true });
      mkdirSync(outside, { recursive: true });
      expect((await new CommandLine({ XDG_DATA_HOME: home }).run(["uninstall", folder])).stdout).not.toContain(
        "Removed",
      );
      expect(existsSync(outside)).toBe(true);
    },
  );

  it.each([
    ["a folder without project.godot", () => temporaryFolder(), "is no Godot project"],
    [
      "a list of plugins that is none",
      () => project({ "project.godot": "[editor_plugins]\nenabled=7\n" }),
      "PackedStringArray",
    ],
    ["lines for agents that are half", () => project({ "AGENTS.md": "<!-- godot-mcp-hub: begin -->\n" }), "by hand"],
  ])("refuses %s in one line, and changes nothing", async (_, make, message) => {
    const folder = make();
    const before = contentsOf(folder);
    const { code, stdout, stderr } = await run("uninstall", folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^godot-hub: .*\n$/);
    expect(stderr).toContain(message);
    expect(contentsOf(folder)).toEqual(before);
  });
});

function crlf(text: string): Buffer {
  return Buffer.concat([Buffer.from(text.replaceAll("\n", "\r\n")), Buffer.from([0xff, 0xe9]), Buffer.from("=1\r\n")]);
}

describe("project.godot without the plugin", () => {
  const section = fc.record({
    name: fc.constantFrom("application", "display", "zebra", "editor"),
    lines: fc.array(fc.constantFrom('a="1"', "b/c=2", 'd="x\n[y]\nz"', "e=PackedStringArray()", "; note"), {
      minLength: 1,
    }),
  });
  const others = fc.array(fc.constantFrom('"res://addons/gut/plugin.cfg"', '"b, c"', '"d)"'), { maxLength: 3 });

  it("is as Godot had written it before", () => {
    fc.assert(
      fc.property(
        fc.array(section, { maxLength: 4 }),
        others,
        fc.nat(4),
        fc.constantFrom("\n", "\r\n"),
        (sections, list, at, eol) => {
          const texts = sections.map(({ name, lines }) => `[${name}]\n\n${lines.join("\n")}\n`);
          const plugins = `[editor_plugins]\n\nenabled=PackedStringArray(${list.join(", ")})\n`;
          if (list.length > 0) texts.splice(at, 0, plugins);
          const text = `config_version=5\n\n${texts.join("\n")}`.replaceAll("\n", eol);
          if (!text.endsWith(`${eol}${eol}`)) expect(disablePlugin(enablePlugin(text, PLUGIN), PLUGIN)).toBe(text);
          expect(disablePlugin(text, PLUGIN)).toBe(text);
        },
      ),
    );
  });

  it.each([
    [
      "the editor's own place for it",
      `[a]\n\nb=1\n\n[editor_plugins]\n\nenabled=PackedStringArray("${PLUGIN}")\n\n[z]\n\nc=1\n`,
      "[a]\n\nb=1\n\n[z]\n\nc=1\n",
    ],
    [
      "the first of several",
      `[editor_plugins]\n\nenabled=PackedStringArray("${PLUGIN}", "b")\n`,
      '[editor_plugins]\n\nenabled=PackedStringArray("b")\n',
    ],
    [
      "one in the middle",
      `[editor_plugins]\n\nenabled=PackedStringArray("a", "${PLUGIN}", "b")\n`,
      '[editor_plugins]\n\nenabled=PackedStringArray("a", "b")\n',
    ],
    [
      "one without spaces",
      `[editor_plugins]\nenabled=PackedStringArray("a","${PLUGIN}","b")\n`,
      '[editor_plugins]\nenabled=PackedStringArray("a","b")\n',
    ],
    [
      "one of several lines",
      `[editor_plugins]\nenabled=PackedStringArray(\n"a",\n"${PLUGIN}"\n)\n`,
      '[editor_plugins]\nenabled=PackedStringArray(\n"a"\n)\n',
    ],
    [
      "a section with more in it",
      `[editor_plugins]\n\nenabled=PackedStringArray("${PLUGIN}")\nx=1\n`,
      "[editor_plugins]\n\nx=1\n",
    ],
    [
      "a section with a note",
      `[editor_plugins]\n; mine\nenabled=PackedStringArray("${PLUGIN}")\n`,
      "[editor_plugins]\n; mine\n",
    ],
  ])("loses %s", (_, before, after) => {
    expect(disablePlugin(before, PLUGIN)).toBe(after);
  });

  it("is read for its name, and other files lose whole sections", () => {
    expect(settingText('[application]\n\nconfig/name="A \\"B\\""\n', "application", "config/name")).toBe('A "B"');
    expect(settingText("[application]\n", "application", "config/name")).toBeUndefined();
    expect(withoutSection("[a]\n\nx=1\n\n[b]\n\ny=2\n\n[c]\n\nz=3\n", "b")).toBe("[a]\n\nx=1\n\n[c]\n\nz=3\n");
    expect(withoutSection("[b]\n\ny=2\n", "b")).toBe("");
  });
});
