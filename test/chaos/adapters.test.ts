/** Adapters that start all at once, that are killed while they work, and whose AI client goes. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { readHubFile, readToken } from "../../hub-client/state-dir.ts";
import { HubObserver } from "../support/hub-observer.ts";
import { HubProcess } from "../support/hub-process.ts";
import { type McpClient, startMcpClient } from "../support/mcp-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { deferred, until } from "../support/wait.ts";
import { AiClientProcess } from "./ai-client-process.ts";

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe("twenty adapters that start with no hub", () => {
  let home: string;
  const clients: McpClient[] = [];
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "godot-hub-none-"));
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    const hub = readHubFile(home);
    if (hub) {
      process.kill(hub.pid, "SIGTERM");
      await until(() => !isProcessAlive(hub.pid), { what: "the hub's end" });
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it("make one hub and all use it", async () => {
    const env = { GODOT_HUB_PORT: "0" };
    const answers = range(20).map(async (index) => {
      const mcp = await startMcpClient({ home, name: `early-${index}`, env, cwd: home });
      clients.push(mcp);
      return mcp.client.callTool({ name: "hub_status", arguments: {} });
    });
    expect((await Promise.all(answers)).map(({ isError }) => isError ?? false)).toEqual(range(20).map(() => false));
    const hub = readHubFile(home);
    const observer = await HubObserver.open({ url: hub?.url ?? "", token: readToken(home) ?? "" });
    expect(await observer.clients()).toHaveLength(20);
    observer.close();
    const log = readFileSync(join(home, "hub.log"), "utf8");
    expect(log.match(/"hub listens"/g)).toHaveLength(1);
  });
});

describe("thirty adapters that are killed while their commands run", () => {
  let hub: HubProcess;
  let observer: HubObserver;
  const hold = deferred<unknown>();
  const editor = new StubInstance({ handlers: { "node.add": () => hold.promise, "scene.get_tree": () => ({}) } });
  beforeEach(async () => {
    hub = await HubProcess.start({ args: ["--resume-grace-ms", "1500"] });
    observer = await HubObserver.open(hub);
    await editor.connect(hub.url, hub.token);
  });
  afterEach(async () => {
    observer.close();
    editor.client.terminate();
    await hub.dispose();
  });

  const addNode = ({ client }: McpClient, index: number) =>
    client.callTool({
      name: "command_run",
      arguments: { command: "node.add", params: { scene: `res://s${index}.tscn`, type: "Node", name: `n${index}` } },
    });
  const read = ({ client }: McpClient) =>
    client.callTool({ name: "command_run", arguments: { command: "scene.get_tree", params: {} } });

  it("leave an editor that finishes, a healthy neighbour, no lease and nothing pending", async () => {
    const starting = range(30).map((index) =>
      startMcpClient({ home: hub.home, name: `mortal-${index}`, cwd: hub.home }),
    );
    const mortals = await Promise.all(starting);
    const neighbour = await startMcpClient({ home: hub.home, name: "neighbour", cwd: hub.home });
    const calls = mortals.map((mcp, index) => addNode(mcp, index).catch(() => "killed"));
    await until(async () => (await observer.status()).counters.pending === 30, { what: "thirty commands" });
    for (const { pid } of mortals) process.kill(pid, "SIGKILL");
    expect(await Promise.all(calls)).toEqual(range(30).map(() => "killed"));
    hold.resolve({});
    expect((await read(neighbour)).isError ?? false).toBe(false);
    const onlyTheNeighbour = async () => (await observer.clients()).length === 1;
    await until(onlyTheNeighbour, { what: "the end of the thirty" });
    const counters = await observer.untilIdle();
    expect(counters.accepted).toBe(counters.answered);
    expect([...editor.executions.values()].filter((count) => count !== 1)).toEqual([]);
    const noLeases = async () => {
      const { result } = await observer.client.request("hub.list_leases");
      return JSON.stringify(result) === '{"leases":[]}';
    };
    await until(noLeases, { what: "leases to be given back" });
    expect((await addNode(neighbour, 0)).isError ?? false).toBe(false);
    await neighbour.close();
  });
});

describe("an adapter whose AI client", () => {
  let hub: HubProcess;
  let client: AiClientProcess | undefined;
  const editor = new StubInstance({ handlers: { "node.add": () => new Promise(() => {}) } });
  beforeEach(async () => {
    hub = await HubProcess.start();
    await editor.connect(hub.url, hub.token);
  });
  afterEach(async () => {
    await client?.kill();
    editor.client.terminate();
    await hub.dispose();
  });

  const NODE = { command: "node.add", params: { type: "Node" } };
  /** What the adapter is doing when its AI client goes. */
  const SITUATIONS = {
    "before its first call": async () => undefined,
    "while a command runs": async (client: AiClientProcess) => {
      const before = editor.executed.length;
      client.callTool("command_run", NODE);
      await until(() => editor.executed.length > before, { what: "the command" });
    },
    "while the hub is away": async (client: AiClientProcess) => {
      client.callTool("hub_status", {});
      await until(() => client.output.includes('"result":{"content"'), { what: "the first answer" });
      await hub.kill();
      client.callTool("command_run", NODE);
    },
  };
  const GOODBYES = {
    "closes stdin": async (client: AiClientProcess) => client.hangUp(),
    "is killed": (client: AiClientProcess) => client.kill(),
  };

  const cases = Object.entries(GOODBYES).flatMap(([goodbye, leave]) =>
    Object.entries(SITUATIONS).map(([situation, arrange]) => [goodbye, situation, leave, arrange] as const),
  );

  it.each(cases)("%s %s is gone within a second", async (_goodbye, _situation, leave, arrange) => {
    client = await AiClientProcess.start({ GODOT_HUB_HOME: hub.home });
    await arrange(client);
    await leave(client);
    console.info(`adapter gone after ${Math.round(await client.adapterGoneAfterMs())} ms`);
  });
});
