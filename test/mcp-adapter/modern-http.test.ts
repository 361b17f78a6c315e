/** The newer era of MCP over HTTP: it knows no sessions, so calls name theirs. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Client } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Caller } from "../../mcp-adapter/calls/caller.ts";
import { ModernRequests } from "../../mcp-adapter/http/modern-requests.ts";
import { MAX_FRAME_BYTES } from "../../protocol/timing.ts";
import { HubObserver } from "../support/hub-observer.ts";
import { HubProcess } from "../support/hub-process.ts";
import { connectModernClient, envelope, type ModernClientOptions, REVISION } from "../support/modern-client.ts";
import { type InstanceOptions, StubInstance } from "../support/stub-instance.ts";
import { kindOf, textOf } from "../support/studio.ts";
import { deferred, until } from "../support/wait.ts";
import { HttpAdapter } from "./support/http-adapter.ts";

let hub: HubProcess;
let adapter: HttpAdapter;
let clients: { close(): Promise<void> }[];
let instances: StubInstance[];
beforeEach(async () => {
  hub = await HubProcess.start();
  adapter = await HttpAdapter.start(hub.home);
  [clients, instances] = [[], []];
});
afterEach(async () => {
  await Promise.allSettled(clients.map((client) => client.close()));
  await adapter.stop();
  for (const { client } of instances) client.terminate();
  await hub.dispose();
});

async function instance(options: InstanceOptions): Promise<StubInstance> {
  const stub = new StubInstance(options);
  await stub.connect(hub.url, hub.token);
  instances.push(stub);
  return stub;
}

async function connect(options: ModernClientOptions = {}): Promise<Client> {
  const client = await connectModernClient(adapter.url, hub.token, options);
  clients.push(client);
  return client;
}

/** Opens a session. @returns its handle, as the answer names it. */
async function open(client: Client, args: Record<string, unknown> = {}): Promise<string> {
  const text = textOf(await client.callTool({ name: "hub_use", arguments: args }));
  return /^Session: (\S+)\. Give it/m.exec(text)?.[1] ?? `no session in: ${text}`;
}

async function adapters(): Promise<number> {
  const observer = await HubObserver.open(hub);
  const count = (await observer.clients()).filter(({ clientType }) => clientType === "mcp").length;
  observer.close();
  return count;
}

const ADD = { command: "node.add", params: { type: "Node" } };

describe("a session that calls name", () => {
  it("has a separate target, name and undo, on any connection", async () => {
    const [alpha, beta] = [await instance({ project: "alpha" }), await instance({ project: "beta" })];
    const client = await connect({ name: "twin" });
    const [one, two] = [await open(client, { target: "alpha" }), await open(client, { target: "beta" })];
    expect(one).not.toBe(two);
    const run = (session: string) => client.callTool({ name: "command_run", arguments: { ...ADD, session } });
    await Promise.all([run(one), run(two), run(one)]);
    expect([alpha, beta].map(({ executed }) => executed.length)).toEqual([2, 1]);
    const agents = [alpha, beta].map(({ executed }) => executed[0]?.context.agent);
    expect(agents[0]).toContain("twin");
    expect(agents[0]).not.toBe(agents[1]);
    const status = await client.callTool({ name: "hub_status", arguments: { session: two } });
    expect(textOf(status)).toContain("works on beta@");
  });

  it("is a param of every tool, and the first instruction for an agent", async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    for (const { inputSchema } of tools) expect(inputSchema.properties).toHaveProperty("session");
    expect(client.getInstructions()).toContain("Call hub_use first");
  });

  it("is not needed for reading: such a call is a client of the hub until it is answered", async () => {
    const stub = await instance({ project: "game" });
    const client = await connect();
    expect(kindOf(await client.callTool({ name: "scene_tree" }))).toBeUndefined();
    expect(stub.executed).toHaveLength(1);
    expect((await client.readResource({ uri: "godot://instances" })).contents).toHaveLength(1);
    await until(async () => (await adapters()) === 0, { what: "the calls' leaving the hub" });
    const status = await client.callTool({ name: "hub_status", arguments: { verbose: true } });
    expect(textOf(status)).toMatch(/^- modern\S*: \d+ in 1 calls.*scene_tree/m);
  });

  it.each([
    ["command_run", ADD],
    ["mcp__godot__scene_edit", { operations: [{ op: "add", type: "Node" }] }],
    ["sceneEdit", { operations: [{ op: "add", type: "Node" }] }],
    ["game_run", {}],
  ])("is needed by %s, which may change something", async (name, args) => {
    const stub = await instance({ project: "game" });
    const answer = await (await connect()).callTool({ name, arguments: args });
    expect(kindOf(answer)).toBe("INVALID_PARAMS");
    expect(textOf(answer)).toMatch(/'session' is missing.*Call hub_use/s);
    expect(stub.executed).toEqual([]);
  });

  it.each(["never-was", "00000000-0000-4000-8000-000000000000"])(
    "that is %s runs nothing, not even a read",
    async (session) => {
      const stub = await instance({ project: "game" });
      const client = await connect();
      for (const name of ["scene_tree", "game_run"]) {
        const answer = await client.callTool({ name, arguments: { session } });
        expect(textOf(answer)).toMatch(/has ended, or never was.*Call hub_use/s);
      }
      expect(stub.executed).toEqual([]);
      expect(await open(client, { session })).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it("is opened by hub_use even where that finds nothing", async () => {
    const client = await connect();
    const session = await open(client, { target: "nobody" });
    const status = await client.callTool({ name: "hub_status", arguments: { session } });
    expect(textOf(status)).toContain("This session");
    expect(await adapters()).toBe(1);
  });

  it("takes long work on as a job; a call of none is ended at its deadline instead", async () => {
    await adapter.stop();
    adapter = await HttpAdapter.start(hub.home, ["--deadline-ms", "400"]);
    await instance({ project: "game", handlers: { "project.validate": () => deferred().promise } });
    const client = await connect();
    const alone = await client.callTool({ name: "project_check" });
    expect(kindOf(alone)).toBe("TIMEOUT");
    const session = await open(client);
    const kept = await client.callTool({ name: "project_check", arguments: { session } });
    expect(textOf(kept)).toContain("job-1");
  });
});

describe("the newer era over HTTP", () => {
  it("hears of progress and of what it listens for, and leaves the hub with it", async () => {
    const gate = deferred<unknown>();
    const stub = await instance({ project: "game", handlers: { "run.play": () => gate.promise } });
    const client = await connect();
    const session = await open(client);
    const heard: object[] = [];
    const onprogress = (progress: object) => void heard.push(progress);
    const asked = client.callTool({ name: "game_run", arguments: { session } }, { onprogress });
    const { id } = await until(() => stub.executed[0], { what: "the command" });
    stub.client.sendFrame(JSON.stringify({ jsonrpc: "2.0", method: "progress", params: { id, progress: 1 } }));
    await until(() => heard.length > 0, { what: "progress" });
    gate.resolve({ playing: true, scene: null });
    expect((await asked).isError).toBeUndefined();
    const changed: string[] = [];
    client.setNotificationHandler("notifications/resources/updated", ({ params }) => void changed.push(params.uri));
    const uri = "godot://game/scene/main.tscn";
    const listening = await client.listen({ resourceSubscriptions: [uri] });
    stub.emit("scene.changed", { scene: "res://main.tscn", revision: 2 });
    await until(() => changed.length > 0, { what: "the change" });
    expect(changed).toEqual([uri]);
    await listening.close();
    await until(async () => (await adapters()) === 1, { what: "the listener's leaving" });
    const wrong = client.listen({ resourceSubscriptions: ["godot://nobody/log"] });
    await expect(wrong).rejects.toThrow(/Unknown target 'nobody'/);
  });

  it("takes a client's leaving all the way to the editor", async () => {
    const stub = await instance({ project: "game", handlers: { "run.play": () => deferred().promise } });
    const client = await connect();
    const abort = new AbortController();
    const request = { name: "game_run", arguments: { session: await open(client) } };
    const asked = client.callTool(request, { signal: abort.signal });
    asked.catch(() => {});
    const { id } = await until(() => stub.executed[0], { what: "the command" });
    abort.abort();
    const cancelled = await stub.client.next(({ message }) => message.method === "cancel", { what: "the cancelling" });
    expect(cancelled.message.params).toEqual({ id });
  });

  it("asks a user which editor is meant, and has the call work there", async () => {
    const [alpha, beta] = [await instance({ project: "alpha" }), await instance({ project: "beta" })];
    const client = await connect({ capabilities: { elicitation: { form: {} } } });
    client.setRequestHandler("elicitation/create", ({ params }) => {
      const choices: string[] = JSON.parse(JSON.stringify(params)).requestedSchema.properties.choice.enum;
      return { action: "accept", content: { choice: choices.find((each) => each.startsWith("beta@")) ?? "" } };
    });
    const session = await open(client);
    expect(kindOf(await client.callTool({ name: "command_run", arguments: { ...ADD, session } }))).toBeUndefined();
    expect(kindOf(await client.callTool({ name: "scene_tree" }))).toBeUndefined();
    expect([alpha, beta].map(({ executed }) => executed.length)).toEqual([0, 2]);
  });

  it("is served beside the older one", async () => {
    await instance({ project: "game" });
    const requestInit = { headers: { Authorization: `Bearer ${hub.token}` } };
    const transport = new StreamableHTTPClientTransport(adapter.url, { requestInit });
    const old = new OldClient({ name: "old", version: "1" });
    await old.connect(transport as Parameters<OldClient["connect"]>[0]);
    clients.push(old);
    const client = await connect();
    await open(client, { target: "game" });
    const { tools } = await old.listTools();
    for (const { inputSchema } of tools) expect(inputSchema.properties).not.toHaveProperty("session");
    const result = await old.callTool({ name: "hub_status", arguments: {} });
    expect(JSON.stringify(result)).not.toContain("works on");
  });

  const modern = { "MCP-Protocol-Version": REVISION, "Mcp-Method": "tools/list" };
  const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
  const call = { ...list, method: "tools/call", params: { name: "hub_status", arguments: null, ...envelope() } };
  const named = { ...modern, "Mcp-Method": "tools/call", "Mcp-Name": "hub_status" };
  it.each([
    ["a call whose arguments are null", named, call, 200, /This session/],
    ["a session of the protocol beside it", { ...named, "Mcp-Session-Id": "old" }, call, 200, /This session/],
    ["no envelope", modern, list, 400, /-32602/],
    ["no header", {}, { ...list, params: envelope() }, 400, /-32020/],
    [
      "another revision",
      { "MCP-Protocol-Version": "2099-01-01" },
      { ...list, params: envelope("2099-01-01") },
      400,
      /-32022/,
    ],
    ["a list of messages", modern, [list], 400, /error/],
    ["a text", modern, "text", 400, /error/],
  ] as const)("answers a request with %s", async (_, headers, body, status, text) => {
    const own = { Authorization: `Bearer ${hub.token}`, "Content-Type": "application/json" };
    const response = await fetch(adapter.url, {
      method: "POST",
      headers: { ...own, ...headers },
      body: JSON.stringify(body),
    });
    expect(await response.text()).toMatch(text);
    expect(response.status).toBe(status);
  });

  it("takes POST alone, JSON alone, and no more than a hub takes", async () => {
    const headers = { Authorization: `Bearer ${hub.token}`, "Content-Type": "application/json", ...modern };
    for (const method of ["GET", "DELETE"]) expect((await fetch(adapter.url, { method, headers })).status).toBe(405);
    const post = async (body: string) => (await fetch(adapter.url, { method: "POST", headers, body })).status;
    expect(await post("{")).toBe(400);
    expect(await post(`"${"x".repeat(MAX_FRAME_BYTES)}"`)).toBe(413);
    expect((await fetch(adapter.url, { method: "POST", headers: modern, body: "{}" })).status).toBe(401);
  });
});

describe("sessions at their limit", () => {
  /** Calls as they arrive, each answered by opening a session, unless it is held. */
  function requests(most: number) {
    const ended: string[] = [];
    const held = deferred<void>();
    const requests = new ModernRequests({
      most,
      open: async (caller: Caller) => ({
        server: {
          answer: async (_request: IncomingMessage, _response: ServerResponse, message: unknown) => {
            const tool = { name: "hub_use", listing: () => ({}) } as Parameters<Caller["admit"]>[0];
            caller.admit(tool);
            if (JSON.stringify(message).includes("hold")) await held.promise;
            handles.push(caller.handle);
          },
        },
        dispose: () => void ended.push(caller.handle),
      }),
    });
    const handles: string[] = [];
    const ask = (args: object) =>
      requests.answer({} as IncomingMessage, {} as ServerResponse, {
        method: "tools/call",
        params: { arguments: args },
      });
    return { ask, ended, handles, held };
  }

  it("make room for a new one by the end of the one that is unused for the longest time", async () => {
    const { ask, ended, handles } = requests(2);
    for (const _ of [1, 2]) expect(await ask({})).toBe(true);
    const [first, second] = [...handles];
    expect(await ask({ session: first })).toBe(true);
    expect(await ask({})).toBe(true);
    expect(ended).toEqual([second]);
  });

  it("refuse a new one while all are at work", async () => {
    const { ask, ended, held } = requests(1);
    const asked = ask({ hold: true });
    expect(await ask({})).toBe(false);
    held.resolve();
    expect(await asked).toBe(true);
    expect(ended).toEqual([]);
  });
});
