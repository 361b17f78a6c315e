/** The older era of MCP, which begins with `initialize`, and the newer one, whose messages say by themselves who asks. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { HubObserver } from "../support/hub-observer.ts";
import { HubProcess } from "../support/hub-process.ts";
import { ADAPTER_PROGRAM, startMcpClient } from "../support/mcp-client.ts";
import { envelope, type ModernClientOptions, startModernClient } from "../support/modern-client.ts";
import { type InstanceOptions, StubInstance } from "../support/stub-instance.ts";
import { kindOf, textOf } from "../support/studio.ts";
import { deferred, until } from "../support/wait.ts";
import { AdapterProcess, INITIALIZE } from "./support/adapter-process.ts";

let hub: HubProcess;
let clients: { close(): Promise<void> }[];
let processes: AdapterProcess[];
let instances: StubInstance[];
beforeEach(async () => {
  hub = await HubProcess.start();
  [clients, processes, instances] = [[], [], []];
});
afterEach(async () => {
  await Promise.allSettled(clients.map((client) => client.close()));
  for (const { child } of processes) child.kill("SIGKILL");
  for (const { client } of instances) client.terminate();
  await hub.dispose();
});

async function instance(options: InstanceOptions): Promise<StubInstance> {
  const stub = new StubInstance(options);
  await stub.connect(hub.url, hub.token);
  instances.push(stub);
  return stub;
}

async function modern(options: ModernClientOptions = {}): Promise<Client> {
  const client = await startModernClient(hub.home, options);
  clients.push(client);
  return client;
}

function bare(program?: string): AdapterProcess {
  const adapter = new AdapterProcess(hub.home, { ...(program && { program }) });
  processes.push(adapter);
  return adapter;
}

const usageSchema = z.object({
  usage: z.object({ rows: z.array(z.object({ tool: z.string(), calls: z.number() })) }),
});

const TWO_EDITORS = ["alpha", "beta"] as const;

describe("a client of the newer era over stdio", () => {
  it.each(["compact", "full", "graphql"])("is offered what one of the older era is, preset %s", async (preset) => {
    const args = ["--preset", preset];
    const [client, old] = [await modern({ args }), await startMcpClient({ home: hub.home, cwd: hub.home, args })];
    clients.push(old);
    expect(client.getInstructions()).toBe(old.client.getInstructions());
    expect((await client.listTools()).tools).toEqual((await old.client.listTools()).tools);
    expect((await client.listResources()).resources).toEqual((await old.client.listResources()).resources);
    expect((await client.listPrompts()).prompts).toEqual((await old.client.listPrompts()).prompts);
    const { resourceTemplates } = await old.client.listResourceTemplates();
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual(resourceTemplates);
  });

  it("works in an editor under its name, and reads resources, prompts and completions", async () => {
    const stub = await instance({ project: "game", handlers: { "script.read": () => ({ source: "extends Node" }) } });
    const client = await modern({ name: "newcomer" });
    await client.callTool({ name: "command_run", arguments: { command: "node.add", params: { type: "Node" } } });
    expect(stub.executed[0]).toMatchObject({
      method: "node.add",
      context: { agent: expect.stringContaining("newcomer") },
    });
    expect(textOf(await client.callTool({ name: "hub_status" }))).toContain("This session");
    const read = await client.readResource({ uri: "godot://game/script/a.gd" });
    expect(read.contents).toEqual([expect.objectContaining({ text: "extends Node" })]);
    const prompt = await client.getPrompt({ name: "explain_scene" });
    expect(prompt.messages[0]?.content).toMatchObject({ type: "text", text: expect.stringContaining("scene") });
    const ref = { type: "ref/resource" as const, uri: "godot://{instance}/log" };
    const { completion } = await client.complete({ ref, argument: { name: "instance", value: "ga" } });
    expect(completion.values).toEqual([expect.stringMatching(/^game/)]);
    await expect(client.readResource({ uri: "godot://nobody/log" })).rejects.toMatchObject({
      code: -32602,
      data: { uri: "godot://nobody/log" },
    });
    const observer = await HubObserver.open(hub);
    expect((await observer.clients()).map(({ name }) => name)).toContainEqual(expect.stringContaining("newcomer"));
    observer.close();
  });

  it("hears of progress, and its cancelling goes all the way to the editor", async () => {
    const stub = await instance({ project: "game", handlers: { "run.play": () => deferred().promise } });
    const client = await modern();
    const abort = new AbortController();
    const heard: object[] = [];
    const onprogress = (progress: object) => heard.push(progress);
    const asked = client.callTool({ name: "game_run" }, { signal: abort.signal, onprogress });
    asked.catch(() => {});
    const { id } = await until(() => stub.executed[0], { what: "the command" });
    const params = { id, progress: 1, total: 4, message: "importing" };
    stub.client.sendFrame(JSON.stringify({ jsonrpc: "2.0", method: "progress", params }));
    await until(() => heard.length > 0, { what: "progress" });
    expect(heard).toEqual([{ progress: 1, total: 4, message: "importing" }]);
    abort.abort();
    await expect(asked).rejects.toThrow();
    const cancelled = await stub.client.next(({ message }) => message.method === "cancel", { what: "the cancelling" });
    expect(cancelled.message.params).toEqual({ id });
  });

  it("hears of changes of what it listens for, of nothing else, and no longer than it wants", async () => {
    const stub = await instance({ project: "game" });
    const client = await modern();
    const heard: string[] = [];
    client.setNotificationHandler("notifications/resources/updated", ({ params }) => void heard.push(params.uri));
    const [main, log] = ["godot://game/scene/main.tscn", "godot://game/log"];
    const first = await client.listen({ resourceSubscriptions: [main] });
    const second = await client.listen({ resourceSubscriptions: [main, log] });
    const change = (scene: string) => stub.emit("scene.changed", { scene, revision: 2 });
    change("res://other.tscn");
    change("res://main.tscn");
    await until(() => heard.length >= 2, { what: "the change, once for each that listens" });
    await first.close();
    await client.callTool({ name: "hub_status" });
    change("res://main.tscn");
    await until(() => heard.length >= 3, { what: "the change for the one that listens still" });
    await second.close();
    await client.callTool({ name: "hub_status" });
    const third = await client.listen({ resourceSubscriptions: [log] });
    change("res://main.tscn");
    stub.emit("log.entry", {});
    await until(() => heard.includes(log), { what: "the log's change" });
    expect(heard).toEqual([main, main, main, log]);
    await third.close();
    const wrong = client.listen({ resourceSubscriptions: ["godot://nobody/log"] });
    await expect(wrong).rejects.toThrow(/Unknown target 'nobody'/);
  });

  it("whose user is asked which editor is meant has its call work there, once", async () => {
    const [alpha, beta] = await Promise.all(TWO_EDITORS.map((project) => instance({ project })));
    const client = await modern({ capabilities: { elicitation: { form: {} } } });
    const asked: string[] = [];
    client.setRequestHandler("elicitation/create", ({ params }) => {
      const { properties } = JSON.parse(JSON.stringify(params)).requestedSchema;
      asked.push(params.message);
      return {
        action: "accept",
        content: { choice: properties.choice.enum.find((each: string) => each.startsWith("beta@")) },
      };
    });
    const add = { name: "command_run", arguments: { command: "node.add", params: { type: "Node" } } };
    expect(kindOf(await client.callTool(add))).toBeUndefined();
    expect(kindOf(await client.callTool(add))).toBeUndefined();
    expect(asked).toHaveLength(1);
    expect([alpha, beta].map((stub) => stub?.executed.length)).toEqual([0, 2]);
    // What ended with the question no model has seen.
    const counted = async () => {
      const status = await client.callTool({ name: "hub_status", arguments: { verbose: true, format: "json" } });
      const { usage } = usageSchema.parse(status.structuredContent);
      return usage.rows.find(({ tool }) => tool === "command_run")?.calls;
    };
    expect(await until(counted, { what: "the usage" })).toBe(2);
  });

  it.each(["decline", "cancel"] as const)("gets the candidates at %s, and is not asked again", async (action) => {
    await Promise.all(TWO_EDITORS.map((project) => instance({ project })));
    const client = await modern({ capabilities: { elicitation: {} } });
    let asked = 0;
    client.setRequestHandler("elicitation/create", () => {
      asked += 1;
      return { action };
    });
    for (const _ of [1, 2]) {
      const answer = await client.callTool({ name: "scene_tree" });
      expect(kindOf(answer)).toBe("TARGET_AMBIGUOUS");
      expect(textOf(answer)).toMatch(/alpha@.*beta@/);
    }
    expect(asked).toBe(1);
  });

  it("gets the candidates at once where it asks no user", async () => {
    await Promise.all(TWO_EDITORS.map((project) => instance({ project })));
    const client = await modern();
    expect(kindOf(await client.callTool({ name: "scene_tree" }))).toBe("TARGET_AMBIGUOUS");
  });
});

describe("one process over stdio", () => {
  it("serves both eras side by side, with one state", async () => {
    await Promise.all(TWO_EDITORS.map((project) => instance({ project })));
    const adapter = bare();
    const call = (id: number, name: string, args: object | null, era: object) =>
      adapter.send({ jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: args, ...era } });
    adapter.send({ jsonrpc: "2.0", id: 1, method: "server/discover", params: envelope() });
    adapter.send(INITIALIZE);
    expect((await adapter.answer(1)).result).toMatchObject({ supportedVersions: ["2026-07-28"] });
    expect((await adapter.answer(0)).result).toMatchObject({ protocolVersion: "2025-11-25" });
    call(2, "hub_use", { target: "beta" }, envelope());
    expect((await adapter.answer(2)).result).toMatchObject({ resultType: "complete" });
    call(3, "hub_status", null, {});
    const older = (await adapter.answer(3)).result;
    expect(older).not.toHaveProperty("resultType");
    expect(JSON.stringify(older)).toContain("works on beta@");
    call(4, "hub_status", null, envelope());
    expect(JSON.stringify((await adapter.answer(4)).result)).toContain("works on beta@");
  });

  it("refuses a revision that it does not serve in every message, and goes on", async () => {
    const adapter = bare();
    const list = (id: number, revision?: string) =>
      adapter.send({ jsonrpc: "2.0", id, method: "tools/list", params: envelope(revision) });
    for (const [id, revision] of [[1, "2099-01-01"], [2], [3, "2025-11-25"], [4]] as const) list(id, revision);
    for (const id of [1, 3]) {
      const { error } = await adapter.answer(id);
      expect(error).toMatchObject({ code: -32022, data: { supported: ["2026-07-28"] } });
    }
    for (const id of [2, 4]) expect((await adapter.answer(id)).result).toHaveProperty("tools");
  });

  it("answers what lacks a part of the envelope, and what the era does not know", async () => {
    const adapter = bare();
    const meta = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
    adapter.send({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta: meta } });
    expect((await adapter.answer(1)).error).toMatchObject({ code: -32602 });
    adapter.send({ jsonrpc: "2.0", id: 2, method: "ping", params: envelope() });
    expect((await adapter.answer(2)).error).toMatchObject({ code: -32601 });
    adapter.send({ jsonrpc: "2.0", id: 3, method: "server/discover" });
    expect((await adapter.answer(3)).error).toMatchObject({ code: -32601 });
  });

  it("ends with its last answers when its client leaves", async () => {
    const adapter = bare();
    adapter.send({ jsonrpc: "2.0", id: 1, method: "server/discover", params: envelope() });
    await adapter.answer(1);
    adapter.send({ jsonrpc: "2.0", id: 2, method: "tools/list", params: envelope() });
    adapter.child.stdin?.end();
    expect(await adapter.ended()).toEqual({ code: 0, signal: null });
    expect(adapter.messages.find(({ id }) => id === 2)?.result).toHaveProperty("tools");
  });

  it("loads nothing of the newer era for a client of the older one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "godot-one-era-"));
    const dist = dirname(ADAPTER_PROGRAM);
    for (const file of readdirSync(dist))
      if (!file.includes("modern")) copyFileSync(join(dist, file), join(folder, file));
    try {
      const adapter = bare(join(folder, "godot-mcp-adapter.js"));
      adapter.send(INITIALIZE);
      adapter.send({ jsonrpc: "2.0", id: 1, method: "tools/list" });
      expect((await adapter.answer(1)).result).toHaveProperty("tools");
      // Where it is missing, that is an answer, too.
      adapter.send({ jsonrpc: "2.0", id: 2, method: "tools/list", params: envelope() });
      expect((await adapter.answer(2)).error).toMatchObject({ code: -32603 });
      adapter.send({ jsonrpc: "2.0", id: 3, method: "tools/list" });
      expect((await adapter.answer(3)).result).toHaveProperty("tools");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
