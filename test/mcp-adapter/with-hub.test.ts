import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { hubStatusSchema } from "../../protocol/hub-methods.ts";
import { HubProcess } from "../support/hub-process.ts";
import { type McpClient, type McpClientOptions, startMcpClient } from "../support/mcp-client.ts";
import { ProtocolClient } from "../support/protocol-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { deferred, until } from "../support/wait.ts";

const resultSchema = z.looseObject({
  content: z.array(z.looseObject({ text: z.string() })),
  isError: z.boolean().optional(),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
});

describe("an adapter with a hub", () => {
  let hub: HubProcess;
  let agents: McpClient[];
  let editors: StubInstance[];
  beforeEach(async () => {
    hub = await HubProcess.start();
    agents = [];
    editors = [];
  });
  afterEach(async () => {
    await Promise.all(agents.map((agent) => agent.close()));
    for (const editor of editors) editor.client.terminate();
    await hub.dispose();
  });

  async function agent(options: Partial<McpClientOptions> = {}): Promise<McpClient> {
    const started = await startMcpClient({ home: hub.home, cwd: hub.home, ...options });
    agents.push(started);
    return started;
  }

  async function editor(options: ConstructorParameters<typeof StubInstance>[0] = {}): Promise<StubInstance> {
    const started = new StubInstance(options);
    await started.connect(hub.url, hub.token);
    editors.push(started);
    return started;
  }

  async function call(agent: McpClient, name: string, args: Record<string, unknown> = {}) {
    const { content, isError, structuredContent } = resultSchema.parse(
      await agent.client.callTool({ name, arguments: args }),
    );
    return { text: content[0]?.text ?? "", isError, structured: structuredContent };
  }

  it("says where its GODOT is not what editors are started with, and who can change that", async () => {
    const others = await HubProcess.start({ env: { GODOT: "/opt/hub/godot" } });
    try {
      const ask = async (GODOT: string) => {
        const mine = await agent({ home: others.home, env: { GODOT } });
        return (await call(mine, "hub_status")).text;
      };
      const text = await ask("/opt/mine/godot");
      expect(text).toContain(
        "GODOT=/opt/mine/godot of this session does not count: the hub starts /opt/hub/godot (by GODOT)",
      );
      expect(text).toContain("godot-hub start --godot /opt/mine/godot");
      expect(await ask("/opt/hub/godot")).not.toContain("does not count");
      expect(await ask("")).not.toContain("does not count");
    } finally {
      await others.dispose();
    }
  });

  it("says the same where it has an editor started, whether that works out or not", async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "godot-hub-use-")));
    const folder = join(root, "coin_game");
    mkdirSync(join(folder, "addons/godot_mcp_hub"), { recursive: true });
    writeFileSync(join(folder, "addons/godot_mcp_hub/plugin.cfg"), "");
    const enabled = 'enabled=PackedStringArray("res://addons/godot_mcp_hub/plugin.cfg")';
    writeFileSync(join(folder, "project.godot"), `config/name="Coin Runner"\n${enabled}\n`);
    const none = join(root, "no-godot");
    const others = await HubProcess.start({ env: { GODOT: none }, args: ["--launch-roots", root] });
    const stub = new StubInstance({ project: "Coin Runner", projectPath: folder });
    try {
      const mine = await agent({ home: others.home, env: { GODOT: "/opt/mine/godot" } });
      const failed = await call(mine, "hub_use", { target: folder, launch: true });
      expect(failed.isError).toBe(true);
      expect(failed.text).toContain(`${none} can't be started`);
      expect(failed.text).toContain("GODOT=/opt/mine/godot of this session does not count");
      const byCommand = await call(mine, "command_run", { command: "instance.launch", params: { project: folder } });
      expect(byCommand.text).toContain("GODOT=/opt/mine/godot of this session does not count");
      const plain = await agent({ home: others.home, env: { GODOT: none } });
      expect((await call(plain, "hub_use", { target: folder, launch: true })).text).not.toContain("does not count");
      await stub.connect(others.url, others.token);
      editors.push(stub);
      for (const target of [folder, "coin-runner", "COIN_GAME", stub.identified.name]) {
        const used = await call(mine, "hub_use", { target, launch: true });
        expect(used.isError, target).toBeUndefined();
        expect(used.text).toContain(`This session now works on ${stub.identified.name}`);
        expect(used.text).toContain("GODOT=/opt/mine/godot of this session does not count");
      }
    } finally {
      await others.dispose();
      rmSync(root, { recursive: true, force: true });
    }
  });

  it("goes on with the project's editor when the game that hub_use has chosen has ended", async () => {
    await hub.dispose();
    hub = await HubProcess.start({ args: ["--resume-grace-ms", "0"] });
    const mine = await agent();
    const coin = await editor({ project: "Coin Runner", projectPath: "/projects/coin" });
    const { clientId: parent, name } = coin.identified;
    const identify = { clientType: "game", parent, name: `${name}.game` };
    const game = await editor({ project: "Coin Runner", projectPath: "/projects/coin", identify });
    await call(mine, "hub_use", { target: "coin-runner.game" });
    await game.client.close();
    const add = { command: "node.add", params: { scene: "res://a.tscn", type: "Node" } };
    const isDone = async () => (await call(mine, "command_run", add)).isError === undefined;
    await until(isDone, { what: "a command that reaches the editor" });
    expect(coin.executed[0]?.method).toBe("node.add");
    const { text } = await call(mine, "hub_use", { target: "coin-runner.game" });
    expect(text).toContain("Unknown target 'coin-runner.game'");
    expect(text).not.toContain(game.identified.clientId);
  });

  it.each([
    ["is no JSON", '{"a":nan}', true, /INTERNAL_ERROR: The answer is no JSON/],
    ["has half of a character in it", '{"path":"cut \\ud83d"}', undefined, /cut (\ufffd|\\ud83d)/],
  ])("hands on an answer that %s as text that every client reads", async (_what, result, isError, text) => {
    const stub = await editor({ handlers: { "node.add": () => new Promise(() => {}) } });
    const mine = await agent();
    const params = { scene: "res://a.tscn", type: "Node" };
    const asked = call(mine, "command_run", { command: "node.add", params });
    const { id } = await until(() => stub.executed[0], { what: "the command" });
    stub.client.sendFrame(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`);
    const answer = await asked;
    expect(answer.isError).toBe(isError);
    expect(answer.text).toMatch(text);
    expect(answer.text.isWellFormed()).toBe(true);
  });

  it("says which editors there are and which one the session works on", async () => {
    await editor({ project: "alpha" });
    const beta = await editor({ project: "beta" });
    const mine = await agent({ name: "claude", args: ["--target", "beta"] });
    const { text, structured: none } = await call(mine, "hub_status");
    expect(text).toMatch(/^\* beta@/m);
    expect(text).toMatch(/^- alpha@/m);
    expect(none).toBeUndefined();
    const { structured } = await call(mine, "hub_status", { format: "json" });
    expect(structured).toMatchObject({ bound: expect.stringMatching(/^beta@/), instances: [{}, {}] });
    expect((await call(mine, "hub_status", { target: "alpha", format: "json" })).structured?.instances).toHaveLength(1);
    const { clientId, name } = beta.identified;
    await editor({ project: "beta", identify: { clientType: "game", parent: clientId, name: `${name}.game` } });
    expect((await call(mine, "hub_status")).text).toMatch(/^\* beta@\w+ {2}.*\n- beta@\w+\.game /m);
  });

  it("keeps every session to its own editor, whatever others choose", async () => {
    const [alpha, beta] = [await editor({ project: "alpha" }), await editor({ project: "beta" })];
    const [one, two] = [await agent({ args: ["--target", "alpha"] }), await agent()];
    expect((await call(two, "scene_tree")).structured).toMatchObject({ kind: "TARGET_AMBIGUOUS" });
    await call(two, "hub_use", { target: "beta" });
    await Promise.all([
      call(one, "command_run", { command: "node.add", params: { type: "Node" } }),
      call(two, "game_run"),
    ]);
    expect(alpha.executed.map(({ method }) => method)).toEqual(["node.add"]);
    expect(beta.executed.map(({ method }) => method)).toEqual(["run.play"]);
  });

  it("never reaches another project than the one that it is started in, also when that is the only one open", async () => {
    const other = await editor({ project: "other" });
    const folder = join(hub.home, "my-game");
    mkdirSync(folder);
    writeFileSync(join(folder, "project.godot"), 'config/name="My Game"\n');
    const mine = await agent({ cwd: folder });
    const refused = await call(mine, "command_run", { command: "node.add", params: { type: "Node" } });
    expect(refused.structured).toMatchObject({ kind: "TARGET_NOT_FOUND" });
    expect(refused.text).toContain("other@");
    expect(other.executed).toEqual([]);
    const own = await editor({ project: "My Game", projectPath: folder });
    await call(mine, "command_run", { command: "node.add", params: { type: "Node" } });
    expect(own.executed).toHaveLength(1);
    expect(own.executed[0]?.context.agent).toContain("test-client");
  });

  it("follows what hub_use chose to the project's next editor, and to no other project's", async () => {
    await hub.dispose();
    hub = await HubProcess.start({ args: ["--resume-grace-ms", "0"] });
    const first = await editor({ project: "Coin Runner", projectPath: "/projects/coin" });
    const mine = await agent({ env: { GODOT_HUB_DEADLINE_MS: "5000" } });
    expect((await call(mine, "hub_use", { target: "coin-runner" })).text).toContain(first.identified.name);
    const add = () =>
      call(mine, "command_run", { command: "node.add", params: { scene: "res://a.tscn", type: "Node" } });
    expect((await add()).isError).toBeUndefined();
    const other = await editor({ project: "other" });
    await first.client.close();
    const { text, structured } = await until(
      async () => {
        const refused = await add();
        return refused.structured?.kind === "TARGET_NOT_FOUND" && refused;
      },
      { what: "the editor's departure" },
    );
    expect(text).toContain("/projects/coin");
    expect(`${text} ${JSON.stringify(structured)}`).not.toContain(first.identified.clientId);
    const status = await call(mine, "hub_status");
    expect(status.text).toContain(
      "works on the project Coin Runner, /projects/coin (hub_use), which no connected editor has open",
    );
    expect(status.text).not.toMatch(/^\* /m);
    const next = await editor({ project: "Coin Runner", projectPath: "/projects/coin" });
    expect(next.identified.clientId).not.toBe(first.identified.clientId);
    expect((await call(mine, "hub_status")).text).toContain(`* ${next.identified.name}`);
    expect((await add()).isError).toBeUndefined();
    expect(next.executed.map(({ method }) => method)).toEqual(["node.add"]);
    expect(other.executed).toEqual([]);
  });

  it("notices nothing but a delay when the hub is killed, and every command runs once", async () => {
    const gate = deferred<void>();
    const stub = await editor({ handlers: { "node.add": async () => gate.promise.then(() => ({ path: "A" })) } });
    const mine = await agent();
    const asked = call(mine, "command_run", { command: "node.add", params: { type: "Node" } });
    await until(() => stub.executed.length === 1, { what: "the command's beginning" });
    await hub.restart();
    await stub.connect(hub.url, hub.token);
    gate.resolve();
    expect((await asked).text).toContain('path: "A"');
    expect(stub.executions.get(stub.executed[0]?.id ?? "")).toBe(1);
  });

  it("goes on with what hub_use chose after the hub was killed", async () => {
    await editor({ project: "alpha" });
    const beta = await editor({ project: "beta" });
    const mine = await agent();
    await call(mine, "hub_use", { target: "beta" });
    await hub.restart();
    await Promise.all(editors.map((each) => each.connect(hub.url, hub.token)));
    await call(mine, "game_run");
    expect(beta.executed.map(({ method }) => method)).toEqual(["run.play"]);
  });

  it("ends a call at its deadline, saying that the command had been sent", async () => {
    await editor({ handlers: { "editor.get_state": () => new Promise(() => {}) } });
    const mine = await agent({ env: { GODOT_HUB_DEADLINE_MS: "300" } });
    const { structured } = await call(mine, "command_read", { command: "editor.get_state" });
    expect(structured).toMatchObject({ kind: "TIMEOUT", dispatched: true });
  });

  it("takes the AI client's cancelling all the way to the editor", async () => {
    const stub = await editor({ handlers: { "run.play": () => new Promise(() => {}) } });
    const mine = await agent();
    const abort = new AbortController();
    const asked = mine.client.callTool({ name: "game_run", arguments: {} }, undefined, { signal: abort.signal });
    await until(() => stub.executed.length === 1, { what: "the command" });
    abort.abort();
    await expect(asked).rejects.toThrow();
    const cancelled = await stub.client.next(({ message }) => message.method === "cancel", { what: "the cancelling" });
    expect(cancelled.message.params).toEqual({ id: stub.executed[0]?.id });
  });

  it("passes progress on to a client that asked for it", async () => {
    const gate = deferred<unknown>();
    const stub = await editor({ handlers: { "run.play": () => gate.promise } });
    const mine = await agent();
    const heard: { progress: number }[] = [];
    const asked = mine.client.callTool({ name: "game_run", arguments: {} }, undefined, {
      onprogress: (progress) => heard.push(progress),
    });
    const { id } = await until(() => stub.executed[0], { what: "the command" });
    const params = { id, progress: 1, total: 4, message: "importing" };
    stub.client.sendFrame(JSON.stringify({ jsonrpc: "2.0", method: "progress", params }));
    await until(() => heard.length > 0, { what: "progress" });
    gate.resolve({ playing: true, scene: null });
    await asked;
    expect(heard).toEqual([{ progress: 1, total: 4, message: "importing" }]);
  });

  it("carries messages of two megabytes each way", async () => {
    const source = "x".repeat(2_000_000);
    await editor({
      handlers: { "script.read": () => ({ source }), "script.edit": ({ params }) => [String(params.source).length] },
    });
    const mine = await agent();
    expect((await call(mine, "script_write", { path: "res://a.gd", source })).text).toContain("2000000");
    const { text } = await call(mine, "script_read", { path: "res://a.gd" });
    expect(text).toContain("cut: 20000 of 20000");
    expect(text).toContain('Narrow it with path, from or to. "format":"json" gives all of it.');
  });

  it("refuses a message that is too large by itself, and goes on", async () => {
    await hub.dispose();
    hub = await HubProcess.start({ args: ["--max-message-bytes", "100000"] });
    const stub = await editor();
    const mine = await agent();
    const over = await call(mine, "script_write", { path: "res://a.gd", source: "x".repeat(200_000) });
    expect(over.structured).toMatchObject({ kind: "TOO_LARGE", limit: 100_000 });
    expect((await call(mine, "scene_tree")).isError).toBeUndefined();
    expect(stub.executed.map(({ method }) => method)).toEqual(["script.read", "scene.get_tree"]);
  });

  it("says what to do when the hub does not take its token, and stays", async () => {
    const mine = await agent({ env: { GODOT_HUB_TOKEN: "0".repeat(64) } });
    const { text, structured } = await call(mine, "scene_tree");
    expect(structured).toMatchObject({ kind: "HUB_REFUSED" });
    expect(text).toContain("GODOT_HUB_TOKEN");
    expect(text).not.toContain("0000");
    await mine.client.ping();
  });

  it("calls with commands in one message after the other run in that order", async () => {
    const stub = await editor();
    const mine = await agent();
    const names = Array.from({ length: 30 }, (_, count) => `Node${count}`);
    await Promise.all(
      names.map((name) => call(mine, "command_run", { command: "node.add", params: { type: "Node", name } })),
    );
    expect(stub.executed.map(({ params }) => params.name)).toEqual(names);
  });

  it("leaves the hub when its AI client goes, and nothing behind", async () => {
    await editor();
    const mine = await agent();
    await call(mine, "scene_tree");
    const observer = await ProtocolClient.connect(hub.url, { token: hub.token });
    await observer.identify({ clientType: "observer", clientVersion: "1" });
    const clients = async () => hubStatusSchema.parse((await observer.request("hub.status")).result).clients;
    const before = await clients();
    await mine.close();
    await until(async () => (await clients()) < before, { what: "the adapter's leaving", deadlineMs: 20_000 });
    observer.terminate();
  });
});
