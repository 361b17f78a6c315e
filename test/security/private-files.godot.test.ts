/** Attacks on private files of a project, through every command that reads: credentials, version control, keys, and alternative names. */
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { openWorkbench, type Params, type Workbench } from "../godot-client/workbench.ts";

const SECRET = "hunter2-is-nobodys-business";
const KEY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
const FILES: Record<string, string> = {
  ".godot/export_credentials.cfg": `[preset.0]\nscript_encryption_key="${SECRET}"\n[preset.0.options]\nkeystore/release_password="${SECRET}"\n`,
  ".godot/peek.gd": `# ${SECRET}\nextends Node\n`,
  ".godot/peek.tres": `[gd_resource type="Gradient" format=3]\n[resource]\nresource_name = "${SECRET}"\n`,
  ".godot/peek.tscn": `[gd_scene format=3]\n[node name="${SECRET}" type="Node"]\n`,
  ".env": `API=${SECRET}\n`,
  ".env.local.gd": `# ${SECRET}\n`,
  ".git/config": `[remote]\nurl=https://me:${SECRET}@example.org\n`,
  ".git/hooks/peek.gd": `# ${SECRET}\n`,
  ".hidden/inner/notes.md": `${SECRET}\n`,
  "export_presets.cfg": `[preset.0]\nname="Android"\n[preset.0.options]\nkeystore/release="upload.jks"\nkeystore/release_user="${SECRET}"\nkeystore/release_password="${SECRET}"\nnotarization/api_key="${SECRET}"\n`,
  "deploy.json": `{"client_secret": "${SECRET}", "private_key": "-----BEGIN PRIVATE KEY-----\\n${KEY}\\n-----END PRIVATE KEY-----", "region": "eu"}\n`,
  "notes.md": `-----BEGIN RSA PRIVATE KEY-----\n${KEY}\n-----END RSA PRIVATE KEY-----\nAuthorization: Bearer ${SECRET}\nafter the key\n`,
  "upload.pem": `${KEY}\n`,
  "net.gd": `extends Node\n\nconst API_KEY := "${SECRET}"\nvar token := next_token()\n\n\nfunc next_token() -> String:\n\treturn ""\n`,
};

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench(FILES);
  const { project } = bench.editor;
  symlinkSync(join(project, ".godot"), join(project, "engine"));
  symlinkSync(".git", join(project, "vcs"));
  symlinkSync(join(project, ".godot", "peek.gd"), join(project, "peek_link.gd"));
  symlinkSync("addons/godot_mcp_hub", join(project, "hub"));
  await bench.call("scene.open", { path: "res://game/level.tscn" });
});
afterAll(() => bench.dispose());

/** What a command answers, as text: also an error's. */
const said = async (method: string, params: Params) => JSON.stringify(await bench.hub.ask(method, params));

const PRIVATE = [
  ".godot/peek.gd",
  ".GODOT/peek.gd",
  "./.godot/peek.gd",
  "game/./../.godot/peek.gd",
  ".godot/../.godot/peek.gd",
  ".godot./peek.gd",
  ".godot /peek.gd",
  ".g\u200codot/peek.gd",
  "engine/peek.gd",
  "peek_link.gd",
  ".env.local.gd",
  ".git/hooks/peek.gd",
  ".GIT/hooks/peek.gd",
  "vcs/hooks/peek.gd",
  "GODOT~1/peek.gd",
  "GIT~1/hooks/peek.gd",
];
const FOLDERS = [".godot", ".git", "engine", "vcs", ".Godot", ".hidden", ".hidden/inner"];

describe("a private file", () => {
  it("is read by no command, in whatever spelling and through whatever link", async () => {
    const leaks: string[] = [];
    const members = ["path", "scene", "to", "script", "other", "resource", "instance", "with"];
    const attempts = [...COMMANDS.values()].flatMap(({ name, params }) =>
      /^(project|scene|script|resource|node|animation|edit|test|debug|editor)\./.test(name) &&
      !/^editor\.(restart|reload_plugin)$|\.delete$/.test(name)
        ? members.filter((member) => member in params.shape).map((member) => ({ name, member }))
        : [],
    );
    expect(attempts.length).toBeGreaterThan(40);
    const fitting = { query: "nobodys", properties: {}, parent: ".", type: "Node", name: "n", source: "" };
    for (const { name, member } of attempts) {
      const shape = COMMANDS.get(name)?.params.shape ?? {};
      const other = Object.fromEntries(Object.entries(fitting).filter(([key]) => key in shape && key !== member));
      for (const file of [
        ".godot/peek.gd",
        ".godot/peek.tres",
        ".godot/peek.tscn",
        "engine/peek.tscn",
        ".git/config",
      ]) {
        const answer = await said(name, { ...other, [member]: `res://${file}` });
        if (answer.includes(SECRET)) leaks.push(`${name} ${member} ${file}`);
      }
    }
    expect(leaks).toEqual([]);
  }, 300_000);

  it.each(PRIVATE)("is refused by name: %s", async (file) => {
    for (const [method, params] of [
      ["script.read", { path: `res://${file}` }],
      ["script.validate", { path: `res://${file}` }],
      ["script.outline", { path: `res://${file}` }],
      ["project.resolve_uid", { path: `res://${file}` }],
      ["project.get_dependencies", { path: `res://${file}` }],
      ["script.edit", { path: `res://${file}`, source: "" }],
      ["script.attach", { path: ".", script: `res://${file}` }],
      ["node.set_properties", { path: ".", properties: { script: `res://${file}` } }],
    ] as const) {
      const answer = await bench.hub.ask(method, params);
      expect(answer.error?.data?.kind, method).toMatch(/^(INVALID_PARAMS|NOT_FOUND)$/);
      expect(JSON.stringify(answer)).not.toContain(SECRET);
    }
  });

  it.each(FOLDERS)("is not walked: %s", async (folder) => {
    const path = `res://${folder}`;
    for (const [method, params] of [
      ["project.search_files", { path, query: "nobodys", pattern: "*" }],
      ["project.list_files", { path }],
      ["script.list", { path }],
      ["resource.list", { path }],
      ["project.get_statistics", { path }],
      ["project.find_unused", { path }],
      ["project.validate", { path }],
      ["test.list", { paths: [path] }],
    ] as const) {
      const answer = await said(method, params);
      expect(answer, method).not.toMatch(/nobodys|peek|credentials|notes\.md/);
    }
  });

  it("is not written either, nor the addon through a link", async () => {
    for (const [path, kind] of [
      ["res://.git/hooks/post-commit.gd", "INVALID_PARAMS"],
      ["res://engine/new.gd", "INVALID_PARAMS"],
      ["res://.env.gd", "INVALID_PARAMS"],
      ["res://hub/new.gd", "FORBIDDEN"],
      ["res://addons/Godot_MCP_hub/new.gd", "FORBIDDEN"],
      ["res://addons/godot_mcp_hub./new.gd", "FORBIDDEN"],
      ["res://addons/godot_\u200bmcp_hub/new.gd", "FORBIDDEN"],
    ]) {
      expect(await bench.fails("script.create", { path, source: "extends Node" }), path).toMatchObject({ kind });
    }
    expect(readdirSync(join(bench.editor.project, "addons"))).toEqual(["godot_mcp_hub"]);
  });
});

describe("credentials", () => {
  it("are neither shown nor found by any search", async () => {
    for (const search of [
      { query: "release_password" },
      { query: "release_user" },
      { query: "api_key" },
      { query: "client_secret" },
      { query: "Authorization" },
      { query: "KEY-----" },
      { query: ".*", regexp: true },
      { query: ".*", regexp: true, pattern: "*" },
      { query: '(?<=password=").*', regexp: true },
    ]) {
      const answer = await said("project.search_files", { ...search, limit: 5_000 });
      expect(answer).not.toContain(SECRET);
      expect(answer).not.toContain(KEY);
    }
    // Asked for letter by letter, a hit would tell them.
    for (const query of ["nobodys", "hunter2", KEY.slice(4, 20)]) {
      expect(await bench.call("project.search_files", { query, pattern: "*" })).toEqual({ matches: [] });
    }
    const oracle = {
      query: '(password="h)|\\[redacted\\]',
      regexp: true,
      path: "res://",
      pattern: "export_presets.cfg",
    };
    const other = { ...oracle, query: '(password="x)|\\[redacted\\]' };
    expect(await bench.call("project.search_files", oracle)).toEqual(await bench.call("project.search_files", other));
  });

  it("leave what stands beside them as it is", async () => {
    const find = async (query: string) =>
      ((await bench.call("project.search_files", { query })).matches as Params[]).map(({ path, line, text }) => [
        path,
        line,
        text,
      ]);
    expect(await find("after the key")).toEqual([["res://notes.md", 5, "after the key"]]);
    expect(await find("keystore/release=")).toEqual([["res://export_presets.cfg", 4, 'keystore/release="upload.jks"']]);
    expect(await find("const API_KEY")).toEqual([["res://net.gd", 3, 'const API_KEY := "[redacted]"']]);
    expect(await find("var token")).toEqual([["res://net.gd", 4, "var token := next_token()"]]);
    expect(JSON.stringify(await find('"region"'))).toContain('\\"region\\": \\"eu\\"');
  });

  it("are not shown with the project's settings", async () => {
    const settings = {
      "online/api_key": SECRET,
      "online/login": { user: "me", password: SECRET, servers: [`https://me:${SECRET}@example.org/x`] },
      "online/pin_code_of_token": 4711,
      "online/server": "https://example.org",
      "online/password": "",
    };
    const answers = [await bench.call("project.set_settings", { settings, create: true })];
    answers.push(await bench.call("project.set_settings", { settings: { "online/api_key": "next-secret-value" } }));
    answers.push(await bench.call("project.get_settings", { prefix: "online/" }));
    answers.push(await bench.call("project.get_settings", { names: Object.keys(settings) }));
    expect(JSON.stringify(answers)).not.toMatch(/hunter2|4711|next-secret/);
    expect(answers[3]?.settings).toMatchObject({
      "online/api_key": "[redacted]",
      "online/login": { user: "me", password: "[redacted]" },
      "online/server": "https://example.org",
      "online/password": "",
    });
    expect(bench.editor.read("project.godot")).toContain("next-secret-value");
  });
});

describe("new files", () => {
  it.each([
    ["CON.tscn", "INVALID_PARAMS"],
    ["con.tscn", "INVALID_PARAMS"],
    ["game/aux.tscn", "INVALID_PARAMS"],
    ["nul/a.tscn", "INVALID_PARAMS"],
    ["COM1.tscn", "INVALID_PARAMS"],
    ["lpt¹.tscn", "INVALID_PARAMS"],
    ["CONIN$.tscn", "INVALID_PARAMS"],
    ["Prn.level.tscn", "INVALID_PARAMS"],
    ["what?.tscn", "INVALID_PARAMS"],
    ["a|b.tscn", "INVALID_PARAMS"],
    ["<a>.tscn", "INVALID_PARAMS"],
    ['"a".tscn', "INVALID_PARAMS"],
    ["a\u0007.tscn", "INVALID_PARAMS"],
    ["a\u0085.tscn", "INVALID_PARAMS"],
    ["folder./a.tscn", "INVALID_PARAMS"],
    ["folder /a.tscn", "INVALID_PARAMS"],
    [" a.tscn", "INVALID_PARAMS"],
    [`${"é".repeat(127)}.tscn`, "INVALID_PARAMS"],
    ["game/Level.tscn", "CONFLICT"],
    ["Game/new.tscn", "CONFLICT"],
    ["game/le\u200dvel.tscn", "CONFLICT"],
  ])("have names that every platform can hold: not %j", async (name, kind) => {
    const path = `res://${name}`;
    expect(await bench.fails("scene.create", { path, rootType: "Node" })).toMatchObject({ kind });
    expect(await bench.fails("scene.create_from_template", { path, template: "player_2d" })).toMatchObject({ kind });
    const script = path.replace(/tscn$/, "gd");
    expect(await bench.fails("script.create", { path: script, source: "extends Node" })).toMatchObject({ kind });
    expect(readdirSync(bench.editor.project)).not.toContain("Game");
  });

  it("may have similar valid names, and existing files with such names are still read", async () => {
    for (const name of ["console", "auxiliary", "com10", "game/level2", "a.b", "~draft"]) {
      const path = `res://fine/${name}.gd`;
      expect(await bench.call("script.create", { path, source: "extends Node\n" })).toMatchObject({ path });
    }
    bench.editor.write("aux.gd", "extends Node\n");
    expect(await bench.call("script.read", { path: "res://aux.gd" })).toMatchObject({ source: "extends Node\n" });
    mkdirSync(join(bench.editor.project, "Mixed"));
    expect(await bench.call("script.create", { path: "res://Mixed/a.gd", source: "extends Node\n" })).toBeDefined();
  });
});

describe("names of settings", () => {
  const INJECTED = '"*res://game/coin.gd"\n';
  it.each([
    `a]\n[autoload/Evil`,
    `a]\nx=1\n[autoload/Evil`,
    "autoload]/Evil",
    "[autoload/Evil",
    `a"/b`,
    "a=b/c",
    "a;b/c",
    "a\r/b",
    "a\u0085/b",
    "a\u2028/b",
    "a#/b",
    "a\\/b",
    "/b",
    "a/",
    "a//b",
    " a/b",
    "a/b ",
  ])("are refused that the file would read as something else: %j", async (name) => {
    const before = bench.editor.read("project.godot");
    const settings = { [name]: INJECTED };
    const refused = await bench.fails("project.set_settings", { settings, create: true });
    expect(refused).toMatchObject({ kind: "INVALID_PARAMS" });
    const action = name.split("/").join("_");
    const events = ["Space"];
    await bench.hub.ask("project.set_input_action", { name: action, events });
    const { autoloads } = await bench.call("project.list_autoloads");
    expect(autoloads).toEqual([]);
    const added = bench.editor.read("project.godot").replace(before, "");
    expect(added).not.toMatch(/^\[autoload/m);
  });

  it("with other signs are kept as they are", async () => {
    const settings = { "my game/speed (km-h).mobile": 5, "spiel/größe": 2, "a/b/c d": true };
    expect(await bench.call("project.set_settings", { settings, create: true })).toMatchObject({ settings });
    const restore = Object.fromEntries(Object.keys(settings).map((name) => [name, null]));
    expect(await bench.call("project.set_settings", { settings: restore })).toMatchObject({ previous: settings });
  });
});
