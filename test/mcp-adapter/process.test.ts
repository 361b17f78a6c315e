import { execFileSync, type StdioOptions, spawn } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { environment, HubProcess } from "../support/hub-process.ts";
import { requireJsonRpcLines } from "../support/json-rpc-lines.ts";
import { ADAPTER_PROGRAM } from "../support/mcp-client.ts";
import { until } from "../support/wait.ts";
import { AdapterProcess, INITIALIZE } from "./support/adapter-process.ts";
import { ScriptedHub } from "./support/scripted-hub.ts";

describe("the adapter's process", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "godot-adapter-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  /** An adapter that has answered `initialize`: it is up. */
  async function startAdapter(options?: ConstructorParameters<typeof AdapterProcess>[1]): Promise<AdapterProcess> {
    const adapter = new AdapterProcess(home, options);
    adapter.send(INITIALIZE);
    await adapter.answer(0);
    return adapter;
  }

  it("ends when the AI client closes stdin", async () => {
    const adapter = await startAdapter();
    adapter.child.stdin?.end();
    expect(await adapter.ended()).toEqual({ code: 0, signal: null });
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("ends at %s", async (signal) => {
    const adapter = await startAdapter();
    adapter.child.kill(signal);
    expect((await adapter.ended()).code).toBeGreaterThan(128);
  });

  it("ends when no reader takes its answers any longer", async () => {
    const adapter = await startAdapter();
    adapter.child.stdout?.destroy();
    adapter.send({ jsonrpc: "2.0", id: 1, method: "ping" });
    expect((await adapter.ended()).code).toBe(0);
  });

  it("ends when its stdout is closed, also while it has nothing to say", async () => {
    const adapter = await startAdapter();
    adapter.child.stdout?.destroy();
    expect((await adapter.ended()).code).toBe(0);
  });

  /** An AI client that starts an adapter with its own stdin, a pipe that the test holds open, and then runs `after`. */
  async function startMortal(after: string) {
    const path = join(home, "stdin");
    execFileSync("mkfifo", [path]);
    const stdin = openSync(path, "r+");
    const script = `
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, [process.argv[1]], { stdio: ["inherit", "inherit", "ignore"] });
      require("node:fs").writeSync(1, child.pid + "\\n");
      ${after}`;
    const env = { ...environment(), GODOT_HUB_HOME: home };
    // In a separate session, as a desktop or a terminal makes one: the process that adopts the adapter is not in it.
    const options = { env, detached: true, stdio: [stdin, "pipe", "inherit"] satisfies StdioOptions };
    const parent = spawn(process.execPath, ["-e", script, ADAPTER_PROGRAM], options);
    let printed = "";
    if (parent.stdout) requireJsonRpcLines(parent.stdout, { skip: 1 });
    parent.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
    const pid = Number(await until(() => /^(\d+)\n/.exec(printed)?.[1], { what: "the adapter's pid" }));
    return { parent, pid, stdin, printed: () => printed };
  }

  it("ends when its parent is killed, although its stdin stays open", async () => {
    const { parent, pid, stdin, printed } = await startMortal("setInterval(() => {}, 1000);");
    writeSync(stdin, `${JSON.stringify(INITIALIZE)}\n`);
    await until(() => printed().includes("serverInfo"), { what: "the adapter's first answer" });
    parent.kill("SIGKILL");
    await until(() => !isAlive(pid), { what: "the orphan's end" });
    closeSync(stdin);
  });

  it.runIf(process.platform === "linux")(
    "ends when its parent is killed before it could look who that is",
    async () => {
      const { pid, stdin } = await startMortal('process.kill(process.pid, "SIGKILL");');
      await until(() => !isAlive(pid), { what: "the orphan's end" });
      closeSync(stdin);
    },
  );

  it("answers what was asked before stdin was closed", async () => {
    const adapter = new AdapterProcess(home);
    adapter.send(INITIALIZE);
    adapter.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    adapter.send({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    adapter.child.stdin?.end();
    await adapter.ended();
    expect(adapter.messages.map(({ id }) => id)).toEqual([0, 1]);
  });

  it("makes no hub, no file and no connection for a probe", async () => {
    const hub = await ScriptedHub.start();
    const probe = new AdapterProcess(hub.home);
    probe.send(INITIALIZE);
    probe.send({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    await probe.answer(1);
    probe.child.stdin?.end();
    await probe.ended();
    expect(hub.authorizations).toEqual([]);
    await hub.dispose();

    const adapter = await startAdapter();
    adapter.send({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    await adapter.answer(1);
    expect(readdirSync(home)).toEqual([]);
    adapter.child.stdin?.end();
    await adapter.ended();
  });

  it("answers methods that it does not know, before initialize too, and goes on", async () => {
    const adapter = new AdapterProcess(home);
    adapter.send({ jsonrpc: "2.0", id: 1, method: "server/discover", params: {} });
    expect((await adapter.answer(1)).error?.code).toBe(-32601);
    adapter.send(INITIALIZE);
    expect(await adapter.answer(0)).toHaveProperty("result");
    adapter.child.stdin?.end();
    await adapter.ended();
  });

  const ping = '"method":"ping"';
  it.each([
    ["garbage", "this is no JSON", null, -32700],
    ["half a message", `{"jsonrpc":"2.0","id":7,${ping}`, null, -32700],
    ["a number", "12", null, -32600],
    ["an empty batch", "[]", null, -32600],
    ["a batch", `[{"jsonrpc":"2.0","id":7,${ping}},{"jsonrpc":"2.0",${ping}}]`, 7, -32600],
    ["a message without jsonrpc", `{"id":7,${ping}}`, 7, -32600],
    ["another jsonrpc", `{"jsonrpc":"1.0","id":7,${ping}}`, 7, -32600],
    ["a message without a method", '{"jsonrpc":"2.0","id":7}', 7, -32600],
    ["an id that is an object", `{"jsonrpc":"2.0","id":{},${ping}}`, null, -32600],
    ["an id that is null", `{"jsonrpc":"2.0","id":null,${ping}}`, null, -32600],
    ["params that are a list", `{"jsonrpc":"2.0","id":7,${ping},"params":[1]}`, 7, -32602],
    [
      "arguments that are a number",
      '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"hub_use","arguments":1}}',
      7,
      -32602,
    ],
    [
      "arguments that are a word",
      '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"hub_use","arguments":"x"}}',
      7,
      -32602,
    ],
  ])("answers %s with an error, and goes on", async (_, line, id, code) => {
    const adapter = await startAdapter();
    adapter.child.stdin?.write(`${line}\n`);
    const answer = await until(() => adapter.messages.find((each) => each.error), { what: "the error" });
    expect(answer).toMatchObject({ jsonrpc: "2.0", id, error: { code, message: expect.any(String) } });
    adapter.send({ jsonrpc: "2.0", id: 9, method: "ping" });
    await adapter.answer(9);
    expect(adapter.messages.filter((each) => each.error)).toHaveLength(1);
    adapter.child.stdin?.end();
    await adapter.ended();
  });

  it.each([
    ["behind a byte order mark", `\uFEFF{"jsonrpc":"2.0","id":7,${ping}}`],
    ["with params that are null", `{"jsonrpc":"2.0","id":7,${ping},"params":null}`],
    ["with extra members", `{"jsonrpc":"2.0","id":7,${ping},"trace":"x","timestamp":1}`],
    ["with blanks and a carriage return", ` \t{"jsonrpc":"2.0","id":7,${ping}} \r`],
  ])("takes a message %s", async (_, line) => {
    const adapter = new AdapterProcess(home);
    adapter.child.stdin?.write(`${line}\n\n \r\n`);
    expect(await adapter.answer(7)).toHaveProperty("result");
    adapter.child.stdin?.end();
    await adapter.ended();
    expect(adapter.messages).toHaveLength(1);
  });

  it.each([[null], ['"{}"'], ['""'], ["[]"], ["{}"], ['"{\\"format\\":\\"json\\"}"']])(
    "takes arguments that are %s",
    async (args) => {
      const hub = await HubProcess.start();
      const adapter = new AdapterProcess(hub.home, { args: ["--no-launch"] });
      const call = `"method":"tools/call","params":{"name":"hub_status","arguments":${args}}`;
      adapter.child.stdin?.write(`${JSON.stringify(INITIALIZE)}\n{"jsonrpc":"2.0","id":7,${call}}\n`);
      expect(JSON.stringify((await adapter.answer(7)).result)).toContain(hub.url);
      adapter.child.stdin?.end();
      await adapter.ended();
      await hub.dispose();
    },
  );

  it.runIf(process.platform !== "win32")("starts in a folder that is gone, and says what it is bound to", async () => {
    const hub = await HubProcess.start();
    const cwd = join(home, "worktree");
    mkdirSync(cwd);
    const command = `cd "${cwd}" && rmdir "${cwd}" && exec "${process.execPath}" "${ADAPTER_PROGRAM}" --no-launch`;
    const env = { ...environment(), GODOT_HUB_HOME: hub.home };
    const child = spawn("sh", ["-c", command], { env, stdio: ["pipe", "pipe", "inherit"] });
    let printed = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
    const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "hub_status", arguments: {} } };
    child.stdin?.write(`${JSON.stringify(INITIALIZE)}\n${JSON.stringify(call)}\n`);
    await until(
      () => printed.includes(`bound to the project worktree, ${cwd} (from the working directory, which is gone)`),
      {
        what: "the status",
      },
    );
    child.stdin?.end();
    await until(() => child.exitCode === 0, { what: "its end" });
    await hub.dispose();
  });

  it.each(["2025-06-18", "2025-11-25"])("speaks MCP %s", async (protocolVersion) => {
    const adapter = new AdapterProcess(home);
    adapter.send({ ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion } });
    expect((await adapter.answer(0)).result).toMatchObject({ protocolVersion, serverInfo: { name: "godot-mcp-hub" } });
    adapter.child.stdin?.end();
    await adapter.ended();
  });

  it("offers the newest MCP that it speaks to a client that asks for a newer one, and works", async () => {
    const adapter = new AdapterProcess(home);
    adapter.send({ ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion: "2026-07-28" } });
    expect((await adapter.answer(0)).result).toMatchObject({ protocolVersion: "2025-11-25" });
    adapter.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    adapter.send({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    expect((await adapter.answer(1)).result).toHaveProperty("tools");
    adapter.child.stdin?.end();
    await adapter.ended();
  });

  it("finds its hub with HOME and PATH alone, from any folder", async () => {
    const hub = await HubProcess.start({ home: join(home, ".godot-hub") });
    const env = { HOME: home, PATH: process.env.PATH };
    const adapter = new AdapterProcess(home, { env, isBare: true, cwd: "/", args: ["--no-launch"] });
    adapter.send(INITIALIZE);
    await adapter.answer(0);
    adapter.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    adapter.send({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "hub_status", arguments: {} } });
    expect(JSON.stringify((await adapter.answer(1)).result)).toContain(`at ${hub.url}, up`);
    adapter.child.stdin?.end();
    await adapter.ended();
    await hub.dispose();
  });

  it("writes nothing but JSON-RPC to stdout, whatever happens", async () => {
    const adapter = await startAdapter({ env: { GODOT_HUB_URL: "ws://127.0.0.1:1", GODOT_HUB_LOG_LEVEL: "debug" } });
    adapter.send({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "hub_status", arguments: {} } });
    expect((await adapter.answer(1)).result).toMatchObject({ isError: true });
    adapter.child.stdin?.end();
    await adapter.ended();
    expect(adapter.messages).toHaveLength(2);
    expect(adapter.stdout.endsWith("\n")).toBe(true);
    expect(adapter.stderr).toContain('"name":"godot-mcp-adapter"');
  });

  it("names an option's fault in one line, and exits with 2", async () => {
    const adapter = new AdapterProcess(home, { args: ["--deadline-ms", "soon"] });
    expect((await adapter.ended()).code).toBe(2);
    expect(adapter.stderr).toMatch(/^godot-mcp-adapter: --deadline-ms must be .*'soon'.*\n$/);
    expect(adapter.stdout).toBe("");
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
