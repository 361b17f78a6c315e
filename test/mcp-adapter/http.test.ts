import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tokenPath } from "../../hub-client/state-dir.ts";
import { RawSocket } from "../security/raw-socket.ts";
import { HubObserver } from "../support/hub-observer.ts";
import { HubProcess } from "../support/hub-process.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { until } from "../support/wait.ts";
import { AdapterProcess, INITIALIZE } from "./support/adapter-process.ts";
import { HttpAdapter } from "./support/http-adapter.ts";

describe("the adapter over HTTP", () => {
  let hub: HubProcess;
  let adapter: HttpAdapter;
  let clients: Client[];
  beforeEach(async () => {
    hub = await HubProcess.start();
    adapter = await HttpAdapter.start(hub.home, ["--allow-origins", "http://friend.example"]);
    clients = [];
  });
  afterEach(async () => {
    await Promise.allSettled(clients.map((client) => client.close()));
    await adapter.stop();
    await hub.dispose();
  });

  async function connect(name: string): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
    const headers = { Authorization: `Bearer ${hub.token}` };
    const transport = new StreamableHTTPClientTransport(adapter.url, { requestInit: { headers } });
    const client = new Client({ name, version: "1" });
    // The SDK's own transport is not declared for exactOptionalPropertyTypes.
    await client.connect(transport as Parameters<Client["connect"]>[0]);
    clients.push(client);
    return { client, transport };
  }

  async function instance(project: string): Promise<StubInstance> {
    const stub = new StubInstance({ project });
    await stub.connect(hub.url, hub.token);
    return stub;
  }

  /** A request as a client of few words sends it. */
  function post(path: string, headers: Record<string, string>, message: object) {
    const url = new URL(path, adapter.url);
    const own = { Authorization: `Bearer ${hub.token}`, "Content-Type": "application/json", ...headers };
    return fetch(url, { method: "POST", headers: own, body: JSON.stringify(message) });
  }

  it.each([
    ["*/*", "text/event-stream"],
    ["application/json", "application/json"],
    ["text/event-stream", "text/event-stream"],
  ])("answers a client that accepts %s in that form", async (Accept, type) => {
    const response = await post("/mcp/", { Accept }, INITIALIZE);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain(type);
    expect(await response.text()).toContain("serverInfo");
    const session = { Accept, "Mcp-Session-Id": response.headers.get("mcp-session-id") ?? "" };
    const params = { name: "hub_status", arguments: null };
    const answer = await post("/mcp", session, { jsonrpc: "2.0", id: 1, method: "tools/call", params });
    expect(await answer.text()).toContain("This session");
    const wrong = { name: "hub_status", arguments: 7 };
    const refused = await post("/mcp", session, { jsonrpc: "2.0", id: 2, method: "tools/call", params: wrong });
    expect(await refused.text()).toContain("must be an object");
  });

  it("tells a client that looks for OAuth that there is none, but no page of another origin", async () => {
    const path = "/.well-known/oauth-protected-resource/mcp";
    expect((await fetch(new URL(path, adapter.url))).status).toBe(404);
    const foreign = { headers: { Origin: "http://evil.example" } };
    expect((await fetch(new URL(path, adapter.url), foreign)).status).toBe(403);
    expect((await fetch(new URL("/mcp", adapter.url))).status).toBe(401);
  });

  it("serves many sessions from one process, each with a separate target", async () => {
    const [alpha, beta] = [await instance("alpha"), await instance("beta")];
    const [one, two] = [await connect("one"), await connect("two")];
    await one.client.callTool({ name: "hub_use", arguments: { target: "alpha" } });
    await two.client.callTool({ name: "hub_use", arguments: { target: "beta" } });
    await Promise.all([
      one.client.callTool({ name: "game_stop", arguments: {} }),
      two.client.callTool({ name: "game_run", arguments: {} }),
    ]);
    expect(alpha.executed.map(({ method }) => method)).toEqual(["run.stop"]);
    expect(beta.executed.map(({ method }) => method)).toEqual(["run.play"]);
    expect(alpha.executed[0]?.context.agent).not.toBe(beta.executed[0]?.context.agent);
    for (const stub of [alpha, beta]) stub.client.terminate();
  });

  it("tells a session of what it watches", async () => {
    const stub = await instance("game");
    const { client } = await connect("one");
    const heard: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
    await client.subscribeResource({ uri: "godot://game/scene/a.tscn" });
    await until(
      () => {
        stub.emit("scene.changed", { scene: "res://a.tscn", revision: 2 });
        return heard.length > 0;
      },
      { what: "the change" },
    );
    stub.client.terminate();
  });

  it("ends a session with its client, and leaves the hub then", async () => {
    const { client, transport } = await connect("one");
    await client.callTool({ name: "hub_status", arguments: {} });
    const observer = await HubObserver.open(hub);
    const adapters = async () => (await observer.clients()).filter(({ clientType }) => clientType === "mcp");
    expect(await adapters()).toHaveLength(1);
    await transport.terminateSession();
    await until(async () => (await adapters()).length === 0, { what: "the session's leaving" });
    observer.close();
    const left = await send({ "mcp-session-id": transport.sessionId ?? "lost" });
    expect(left).toBe(404);
  });

  interface Request {
    path?: string;
    method?: string;
    body?: string;
  }

  /** The response to a request, `initialize` unless it is another one, and what has come of it so far. */
  function ask(
    headers: Record<string, string>,
    { path = "/mcp", method = "POST", body = JSON.stringify(INITIALIZE) }: Request = {},
  ): Promise<{ response: IncomingMessage; text: () => string }> {
    return new Promise((resolve, reject) => {
      const given = {
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        Authorization: `Bearer ${hub.token}`,
        ...headers,
      };
      const { hostname, port } = adapter.url;
      const asked = request({ hostname, port, path, method, headers: given, agent: false }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("error", () => {});
        resolve({ response, text: () => text });
      });
      asked.on("error", reject);
      asked.end(method === "POST" ? body : undefined);
    });
  }

  async function send(headers: Record<string, string>, what: Request = {}): Promise<number | undefined> {
    const { response } = await ask(headers, what);
    response.destroy();
    return response.statusCode;
  }

  it("gives the answer of a call whose stream has broken to the client that takes it up again", async () => {
    let finish = (): void => {};
    const finished = new Promise((resolve) => {
      finish = () => resolve({ games: [] });
    });
    const stub = new StubInstance({ project: "game", handlers: { "run.stop": () => finished } });
    await stub.connect(hub.url, hub.token);
    const { transport } = await connect("one");
    const session = { "mcp-session-id": transport.sessionId ?? "lost", "mcp-protocol-version": "2025-11-25" };
    const call = { jsonrpc: "2.0", id: 7, method: "tools/call", params: { name: "game_stop", arguments: {} } };
    const resume = (id: string) => ask({ ...session, "last-event-id": id }, { method: "GET" });
    const broken = await ask(session, { body: JSON.stringify(call) });
    const lastId = await until(() => /^id: (.+)$/m.exec(broken.text())?.[1], { what: "the first event" });
    broken.response.destroy();
    await until(() => stub.executed.length === 1, { what: "the call at the editor" });
    finish();
    const resumed = await resume(lastId);
    await until(() => resumed.text().includes('"id":7'), { what: "the answer" });
    resumed.response.destroy();
    expect(stub.executed).toHaveLength(1);
    expect((await resume("nothing")).response.statusCode).toBe(400);
    stub.client.terminate();
  });

  it("refuses versions of MCP that there are not, and goes on with those that there are", async () => {
    const { transport } = await connect("one");
    const session = { "mcp-session-id": transport.sessionId ?? "lost" };
    const list = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    expect(await send({ ...session, "mcp-protocol-version": "1999-01-01" }, { body: list })).toBe(400);
    for (const version of ["2025-06-18", "2025-11-25"])
      expect(await send({ ...session, "mcp-protocol-version": version }, { body: list })).toBe(200);
  });

  it("ends one session at DELETE and no other", async () => {
    const [one, two] = [await connect("one"), await connect("two")];
    const id = { "mcp-session-id": one.transport.sessionId ?? "lost" };
    expect(await send(id, { method: "DELETE" })).toBe(200);
    expect(await send(id, { method: "DELETE" })).toBe(404);
    expect((await two.client.listTools()).tools.length).toBeGreaterThan(0);
  });

  it("lets no client in without the token, from a foreign page, or by a foreign name", async () => {
    expect(await send({})).toBe(200);
    expect(await send({ Origin: "http://friend.example" })).toBe(200);
    expect(await send({ Authorization: "" })).toBe(401);
    expect(await send({ Authorization: `Bearer ${"0".repeat(64)}` })).toBe(401);
    expect(await send({ Origin: "http://evil.example" })).toBe(403);
    expect(await send({ Origin: "null" })).toBe(403);
    expect(await send({ Host: "evil.example" })).toBe(403);
    expect(await send({}, { path: "/other" })).toBe(404);
    expect(await send({}, { method: "GET" })).toBe(400);
    expect(await send({ "mcp-session-id": "made-up" })).toBe(404);
  });

  it("answers no request that names two hosts", async () => {
    const { hostname, port, host } = new URL(adapter.url);
    const socket = await RawSocket.open(Number(port));
    const headers = [`Host: ${host}`, "Host: evil.example", `Authorization: Bearer ${hub.token}`, "Content-Length: 0"];
    socket.send(`POST /mcp HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
    expect([400, 403]).toContain(await socket.status());
    expect(hostname).toBe("127.0.0.1");
    socket.destroy();
  });

  it("makes who guesses wait, and lets who knows the token in all the same", async () => {
    const guesses = [];
    for (let count = 0; count < 12; count += 1) guesses.push(await send({ Authorization: `Bearer ${count}` }));
    expect(guesses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(guesses.at(-1)).toBe(429);
    expect(await send({})).toBe(200);
  });
});

describe("an adapter over HTTP without a hub", () => {
  it("makes the token that the hub will use, readable for its owner only, and names the fault of a port", async () => {
    const home = mkdtempSync(join(tmpdir(), "godot-http-"));
    const adapter = await HttpAdapter.start(join(home, "state"), ["--no-launch"]);
    expect(readFileSync(tokenPath(join(home, "state")), "utf8")).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(tokenPath(join(home, "state"))).mode & 0o777).toBe(0o600);
    const second = new AdapterProcess(home, { args: ["--http", "--port", adapter.url.port] });
    expect((await second.ended()).code).toBe(2);
    expect(second.stderr).toMatch(/^godot-mcp-adapter: --http can't be served: .*EADDRINUSE/);
    await adapter.stop();
    rmSync(home, { recursive: true, force: true });
  });
});
