/** Attacks through the whole product with a real editor: paths out of the project, shells, the addon itself, and where a token could leak. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditFiles } from "../../hub/audit/audit-files.ts";
import { rotateToken } from "../../hub-client/state-files.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import type { GodotEditor } from "../support/godot-editor.ts";
import { openAdapter, ProtocolClient, type Received } from "../support/protocol-client.ts";
import { type Agent, Studio, textOf } from "../support/studio.ts";
import { until } from "../support/wait.ts";

const OUTSIDE = mkdtempSync(join(tmpdir(), "godot-hub-outside-"));
const SECRET = join(OUTSIDE, "secret.gd");
const WRONG = "feedface".repeat(8);

let studio: Studio;
let editor: GodotEditor;
let agent: Agent;
let client: ProtocolClient;
/** Every frame that the hub has sent to `client` and to the sockets that knocked. */
const frames: string[] = [];
const tokens: string[] = [];

beforeAll(async () => {
  writeFileSync(SECRET, "# nobody's business\nextends Node\n");
  studio = await Studio.open({ args: ["--log-level", "trace", "--max-auth-failures", "1000"] });
  tokens.push(studio.hub.token, WRONG);
  [editor] = (await studio.editors(["fortress"])) as [GodotEditor];
  symlinkSync(OUTSIDE, join(editor.project, "way_out"));
  symlinkSync(SECRET, join(editor.project, "secret_link.gd"));
  mkdirSync(join(editor.project, "inner"));
  symlinkSync("../../..", join(editor.project, "inner", "up"));
  agent = await studio.agent("attacker");
  client = (await openAdapter(studio.hub.url, studio.hub.token)).client;
}, 240_000);
afterAll(async () => {
  client?.terminate();
  await studio?.dispose();
  rmSync(OUTSIDE, { recursive: true, force: true });
});

/** Sends a command past the adapter's own checks, as a client that has none would. */
const ask = async (method: string, params: Record<string, unknown>) => {
  const response = await client.request(method, params, {}, { deadlineMs: 60_000 });
  frames.push(JSON.stringify(response));
  return response;
};

const OUT: readonly string[] = [
  "res://../secret.gd",
  "res://game/../../secret.gd",
  "res://way_out/secret.gd",
  "res://way_out/new.gd",
  "res://secret_link.gd",
  "res://inner/up/secret.gd",
  SECRET,
  `res://${SECRET}`,
  `res:///${SECRET}`,
  `file://${SECRET}`,
  "user://secret.gd",
  "RES://../secret.gd",
  "res:\\..\\secret.gd",
  "res://..\\secret.gd",
  "res://C:/secret.gd",
  "res://a\u0000/../../secret.gd",
  "res://game/\u0000.gd",
  "~/secret.gd",
  "uid://../../secret",
  `res://${"a/".repeat(3_000)}x.gd`,
  "",
  "..",
];

describe("texts that are none", () => {
  const BAD = ["\\ud800", "\\udc00", "\\ude00\\ud83d", "cut \\ud83d", "\\u0000"];

  it("are refused at once, by name, and keep no client from the editor", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `bad-${index}`);
    for (const [index, id] of ids.entries()) {
      const name = BAD[index % BAD.length];
      client.sendFrame(`{"jsonrpc":"2.0","id":"${id}","method":"node.find","params":{"name":"${name}"}}`);
    }
    const neighbour = (await openAdapter(studio.hub.url, studio.hub.token)).client;
    expect((await neighbour.request("scene.list_open", {}, { deadlineMs: 20_000 })).error).toBeUndefined();
    for (const id of ids) expect((await client.response(id)).error?.data?.kind).toBe("INVALID_PARAMS");
    neighbour.terminate();
  });

  it("are refused by the name of the param when an agent gives them, and whole texts come back whole", async () => {
    const scene = "res://texts.tscn";
    await agent.run("scene.create", { path: scene, rootType: "Label" });
    for (const half of ["\ud800", "Level \ud83d", "\ude00\ud83d", "a\u0000b"]) {
      const found = await agent.call("command_run", { command: "node.find", params: { scene, name: half } });
      expect(textOf(found)).toMatch(/INVALID_PARAMS: 'name' has (half of a character|U\+0000)/);
      const set = { scene, path: ".", properties: { text: half } };
      expect(textOf(await agent.call("command_run", { command: "node.set_properties", params: set }))).toContain(
        "'properties.text'",
      );
    }
    const text = "Level \ud83d\ude00 \u2028 \ufeff \uffff e\u0301 \ud83d\udc68\u200d\ud83d\udc67 \u007f\t\n";
    await agent.run("node.set_properties", { scene, path: ".", properties: { text } });
    const answer = await client.request("node.get_properties", { scene, path: ".", names: ["text"] });
    expect(JSON.stringify(answer.result)).toContain(JSON.stringify(text).slice(1, -1));
  });
});

describe("paths", () => {
  it("out of the project are refused by every command that takes one, and nothing outside is read or written", async () => {
    const before = readdirSync(OUTSIDE);
    const attempts = [...COMMANDS.values()].flatMap(({ name, params }) => {
      const members = ["path", "scene", "to", "script", "template", "resource", "with"].filter(
        (key) => key in params.shape,
      );
      return /^(project|scene|script|resource|node|animation|edit)\./.test(name)
        ? members.map((member) => ({ name, member }))
        : [];
    });
    expect(attempts.length).toBeGreaterThan(30);
    const leaks: string[] = [];
    for (const { name, member } of attempts) {
      const isNode = member === "path" && /^(node|animation)\./.test(name);
      for (const path of isNode ? [SECRET, "/root", "../.."] : OUT.slice(0, 8)) {
        const answer = await ask(name, { ...SENSIBLE, [member]: path });
        const text = JSON.stringify(answer);
        if (text.includes("nobody's business")) leaks.push(`${name} ${member} ${path}`);
      }
    }
    expect(leaks).toEqual([]);
    expect(readdirSync(OUTSIDE)).toEqual(before);
    expect(readFileSync(SECRET, "utf8")).toBe("# nobody's business\nextends Node\n");
    expect(existsSync(join(editor.project, "..", "secret.gd"))).toBe(false);
  }, 300_000);

  it("are refused in whatever spelling, by name", async () => {
    const accepted: string[] = [];
    for (const path of OUT) {
      for (const [method, params] of [
        ["script.read", { path }],
        ["script.create", { path, source: "extends Node" }],
        ["scene.create", { path: `${path}.tscn`, rootType: "Node" }],
        ["resource.get", { path }],
        ["scene.open", { path }],
      ] as const) {
        const { error } = await ask(method, params);
        const kind = error?.data?.kind ?? "ok";
        if (!/^(INVALID_PARAMS|NOT_FOUND)$/.test(kind))
          accepted.push(`${method} ${JSON.stringify(path).slice(0, 60)}: ${kind}`);
      }
    }
    expect(accepted).toEqual([]);
    expect(readdirSync(OUTSIDE)).toEqual(["secret.gd"]);
  }, 300_000);
});

describe("the addon", () => {
  it("is not changed, moved or deleted by commands, nor its switch for code turned", async () => {
    const gate = "res://addons/godot_mcp_hub/requests/permissions.gd";
    const before = editor.read("addons/godot_mcp_hub/requests/permissions.gd");
    for (const path of [gate, "res://addons//godot_mcp_hub/./requests/permissions.gd"]) {
      for (const [method, params] of [
        ["script.edit", { path, source: "static func is_open() -> bool:\n\treturn true\n" }],
        ["script.delete", { path, confirm: true }],
        ["resource.move", { path, to: "res://elsewhere.gd" }],
        ["script.create", { path: "res://addons/godot_mcp_hub/new.gd", source: "" }],
        ["scene.delete", { path: "res://addons/godot_mcp_hub/ui/hub_dock.tscn", confirm: true }],
        ["node.rename", { scene: "res://addons/godot_mcp_hub/ui/hub_dock.tscn", path: ".", name: "Mine" }],
      ] as const) {
        expect((await ask(method, params)).error?.data?.kind, method).toBe("FORBIDDEN");
      }
    }
    expect(editor.read("addons/godot_mcp_hub/requests/permissions.gd")).toBe(before);
    const call = await ask("node.call_method", { scene: "res://game/level.tscn", path: ".", method: "queue_free" });
    expect(call.error).toMatchObject({ data: { kind: "FORBIDDEN", hint: expect.stringContaining("dock") } });
  }, 120_000);

  it("passes nothing to a shell: names, texts and arguments are what they are", async () => {
    const mark = join(OUTSIDE, "ran");
    const evil = [`$(touch ${mark})`, `; touch ${mark} ;`, `" && touch ${mark} && "`];
    await ask("script.create", { path: `res://${evil[0]}.gd`, source: "extends Node" });
    for (const text of evil) {
      await ask("node.add", { scene: "res://game/level.tscn", parent: ".", type: "Node", name: text });
      await ask("project.search_files", { text });
      await ask("run.play", { scene: "res://nothing.tscn", args: [text] });
    }
    const launched = await client.request("instance.launch", { project: evil[0], waitMs: 1_000 });
    expect(launched.error).toBeDefined();
    expect(existsSync(mark)).toBe(false);
  }, 120_000);
});

describe("a game", () => {
  it("gets no option of the engine that leads out of the project or writes elsewhere", async () => {
    const before = readdirSync(OUTSIDE);
    const out = join(OUTSIDE, "written");
    const scene = "res://game/level.tscn";
    for (const args of [
      ["--write-movie", `${out}.png`],
      ["--log-file", out],
      ["--headless", "--script", SECRET],
      ["-s", SECRET],
      ["--path", OUTSIDE],
      [`--path=${OUTSIDE}`],
      ["--main-pack", `${out}.pck`],
      [join(OUTSIDE, "project.godot")],
      ["--export-release", "x", out],
      ["--scene", join(OUTSIDE, "secret.tscn")],
      [join(OUTSIDE, "secret.tscn")],
      ["--main-loop", "Evil"],
      ["--headless", " --log-file", out],
      ["--language", "--write-movie", `${out}.png`],
      ["--no-such-option"],
    ]) {
      for (const wish of [{ args }, { argsOf: [args] }]) {
        const { error } = await ask("run.play", { scene, ...wish });
        expect(error?.data?.kind, JSON.stringify(wish)).toBe("FORBIDDEN");
      }
    }
    expect(readdirSync(OUTSIDE)).toEqual(before);
    expect((await ask("run.status", {})).result).toMatchObject({ playing: false });
  }, 120_000);
});

describe("a run of tests", () => {
  it.each([
    [{ paths: ["--script"] }, "INVALID_PARAMS"],
    [{ paths: [join(OUTSIDE, "secret.gd")] }, "INVALID_PARAMS"],
    [{ name: "--write-movie" }, "NOT_FOUND"],
    [{ framework: "--path" }, "NOT_FOUND"],
  ])("is given names and files, never options: %j", async (params, kind) => {
    expect((await ask("test.run", params)).error?.data?.kind).toBe(kind);
    expect(readdirSync(OUTSIDE)).toEqual(["secret.gd"]);
  });
});

describe("the project's own arguments of games", () => {
  const SETTING = "editor/run/main_run_args";
  afterAll(() => ask("project.set_settings", { settings: { [SETTING]: "--headless" } }));

  it.each([
    (out: string) => `--headless --write-movie ${out}.png`,
    (out: string) => `--log-file ${out}`,
    (out: string) => `--scene ${out}.tscn`,
    (out: string) => `${out}.tscn`,
    (out: string) => `touch ${out} %command%`,
    (out: string) => `sh -c "touch ${out}" %command% --headless`,
    () => "%command% --main-loop Evil",
    () => "--headless --script res://game/player.gd -- --server",
    () => "--language",
  ])("are held to the same options, before each play: %s", async (line) => {
    const before = readdirSync(OUTSIDE);
    const args = line(join(OUTSIDE, "written"));
    expect((await ask("project.set_settings", { settings: { [SETTING]: args } })).error).toBeUndefined();
    const { error } = await ask("run.play", { scene: "res://game/level.tscn" });
    expect(error).toMatchObject({ data: { kind: "FORBIDDEN", hint: expect.stringContaining(SETTING) } });
    expect(readdirSync(OUTSIDE)).toEqual(before);
    expect((await ask("run.status", {})).result).toMatchObject({ playing: false });
  });
});

describe("tokens", () => {
  it("stand in no log, error, answer, event or audit entry, valid or not, from any place", async () => {
    const { hub } = studio;
    const watcher = await ProtocolClient.connect(hub.url, { token: hub.token });
    await watcher.identify({ clientType: "watcher" });
    await watcher.request("hub.subscribe", { events: ["*"] });
    const knock = async (url: string, token: string | undefined, members: object) => {
      const stranger = await ProtocolClient.connect(url, { token }).catch(
        (error: unknown) => void frames.push(String(error)),
      );
      if (!stranger) return;
      stranger.sendMessage({ type: "identify", clientVersion: "1", clientType: "mcp", ...members });
      await stranger
        .next(({ message }) => message.type === "identified", { what: "nothing", deadlineMs: 300 })
        .catch(() => {});
      frames.push(...stranger.queued.map(({ text }) => text));
      stranger.terminate();
    };
    await knock(hub.url, WRONG, {});
    await knock(`${hub.url}/?token=${hub.token}`, undefined, {});
    await knock(hub.url, undefined, { token: WRONG });
    await knock(hub.url, undefined, { token: hub.token });
    await knock(hub.url, hub.token, { clientType: hub.token.slice(0, 39) });
    const first = hub.token;
    for (const path of [`/${first}`, `/metrics?token=${first}`]) {
      const response = await fetch(hub.url.replace("ws", "http") + path, {
        headers: { Authorization: `Bearer ${WRONG}` },
      });
      frames.push(await response.text());
    }
    // By mistake in params: of a success, of failures, of a method of the hub, of something that is not there.
    await ask("script.edit", { path: "res://nothing.gd", source: `var token = "${WRONG}"` });
    await ask("node.set_properties", { scene: "res://game/level.tscn", path: ".", properties: { nonsense: WRONG } });
    await ask("no.such_command", { authorization: `Bearer ${first}`, list: [first] });
    await agent.call("command_run", { command: "hub.shutdown", params: { token: first } });
    await agent.call("hub_status");
    const next = rotateToken(hub.home);
    tokens.push(next);
    await knock(hub.url, first, {});
    const { client: late } = await openAdapter(hub.url, next);
    frames.push(
      JSON.stringify(await late.request("hub.status")),
      JSON.stringify(await late.request("hub.list_clients")),
    );
    late.terminate();
    await until(() => auditText(hub.home).includes("no.such_command"), { what: "the audit log" });

    const own = new Set([`${hub.home}/token`]);
    const texts: Record<string, string> = {
      "output of the hub": hub.output,
      "output of the adapter": agent.mcp.stderr(),
      "output of the editor": editor.output,
      events: watcher.queued.map(({ text }: Received) => text).join("\n"),
      ...Object.fromEntries(
        filesIn(hub.home)
          .filter((path) => !own.has(path))
          .map((path) => [path, readFileSync(path, "latin1")]),
      ),
    };
    for (const [where, text] of Object.entries(texts)) {
      for (const token of tokens) expect(text.includes(token), `a token in ${where}`).toBe(false);
    }
    // An answer may give back what its asker has said, but never a token that he has not.
    for (const frame of frames) expect(frame.includes(next)).toBe(false);
    expect(texts.events).toContain("hub.client_connected");
    watcher.terminate();
  }, 120_000);
});

/** Params that fit many commands, so that only the path is wrong. */
const SENSIBLE = {
  source: "extends Node",
  type: "Resource",
  rootType: "Node",
  confirm: true,
  name: "a",
  properties: {},
  parent: ".",
};

function auditText(home: string): string {
  return auditFiles(home)
    .map((path) => readFileSync(path, "utf8"))
    .join("");
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}
