import { get } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalHub } from "../support/local-hub.ts";
import { ProtocolClient, UpgradeRefusedError } from "../support/protocol-client.ts";

describe("opening a connection", () => {
  let hub: LocalHub;
  beforeEach(async () => {
    hub = await LocalHub.start({ maxAuthFailures: 5 });
  });
  afterEach(() => hub.dispose());

  const connect = (headers: Record<string, string> = {}, token: string | undefined = hub.token) =>
    ProtocolClient.connect(hub.url, { token, headers });

  it("greets with a handshake that says the timings and limits", async () => {
    const client = await connect();
    const handshake = await client.handshake();
    expect(handshake).toMatchObject({
      protocolVersion: 1,
      heartbeat: { intervalMs: 30_000, timeoutMs: 60_000 },
      identifyTimeoutMs: 10_000,
      maxMessageBytes: 33_554_432,
    });
    await client.close();
  });

  it("serves a Godot client that knows only the four members of the first design", async () => {
    const client = await connect({ "User-Agent": "Godot" });
    const { clientId } = await client.handshake();
    const identified = await client.identify({ clientType: "godot", clientVersion: "1.0.1", godotVersion: "4.3.0" });
    expect(identified.clientId).toBe(clientId);
    const adapter = await hub.adapter();
    const asked = adapter.request("scene.get_tree");
    const { message } = await client.next(({ message }) => message.method === "scene.get_tree", {
      what: "the command",
    });
    client.sendMessage({ jsonrpc: "2.0", id: message.id, result: { root: null } });
    expect((await asked).result).toEqual({ root: null });
    await client.close();
    const list = await adapter.request("hub.list_instances");
    expect(list.result).toEqual({ instances: [] });
  });

  it("closes with 4408 without an identify in time, at any traffic", async () => {
    await hub.dispose();
    hub = await LocalHub.start({ identifyTimeoutMs: 300 });
    const client = await connect();
    const chatter = setInterval(() => client.isOpen && client.sendMessage({ type: "heartbeat", timestamp: 1 }), 20);
    const { code } = await client.closed;
    clearInterval(chatter);
    expect(code).toBe(4408);
  });

  it("answers a request before identify with INVALID_REQUEST and closes with 4400", async () => {
    const client = await connect();
    client.sendMessage({ jsonrpc: "2.0", id: 1, method: "hub.status" });
    const { message } = await client.next(({ message }) => message.error !== undefined, { what: "the error" });
    expect(message.error).toMatchObject({ code: -32600, data: { kind: "INVALID_REQUEST" } });
    expect((await client.closed).code).toBe(4400);
  });

  it("closes with 4426 for a protocol version that it does not speak", async () => {
    const client = await connect();
    client.sendMessage({ type: "identify", clientType: "mcp", protocolVersion: 99 });
    expect((await client.closed).code).toBe(4426);
  });

  it("refuses a wrong token with 401, then the address with 429, and still serves the right token", async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(connect({}, "wrong")).rejects.toMatchObject({ status: 401 });
    }
    await expect(connect({}, "wrong")).rejects.toMatchObject({ status: 429 });
    const client = await connect();
    await client.handshake();
    await client.close();
  });

  it("takes the token from identify when the upgrade had none, and closes with 4401 when it is wrong", async () => {
    const good = await ProtocolClient.connect(hub.url);
    await good.identify({ token: hub.token });
    await good.close();
    const bad = await ProtocolClient.connect(hub.url);
    bad.sendMessage({ type: "identify", clientType: "mcp", token: "nonsense" });
    expect((await bad.closed).code).toBe(4401);
    const none = await ProtocolClient.connect(hub.url);
    none.sendMessage({ type: "identify", clientType: "mcp" });
    expect((await none.closed).code).toBe(4401);
  });

  it("lets a client that proves itself by identify send smaller messages only, and says so beforehand", async () => {
    const client = await ProtocolClient.connect(hub.url);
    const { maxMessageBytes } = await client.handshake();
    expect(maxMessageBytes).toBe(512 * 1024);
    await client.identify({ clientType: "mcp", token: hub.token });
    const { error } = await client.request("a.b", { text: "x".repeat(maxMessageBytes) });
    expect(error).toMatchObject({ data: { kind: "TOO_LARGE", limit: maxMessageBytes } });
    expect((await client.request("hub.status")).error).toBeUndefined();
    client.sendFrame("x".repeat(2 * maxMessageBytes + 1));
    expect((await client.closed).code).toBe(1009);
  });

  it("closes with 4429 who has guessed too often by identify", async () => {
    const codes: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const client = await ProtocolClient.connect(hub.url);
      client.sendMessage({ type: "identify", clientType: "mcp", token: `guess ${attempt}` });
      codes.push((await client.closed).code);
    }
    expect(codes).toEqual([4401, 4401, 4401, 4401, 4401, 4429]);
  });

  it("refuses pages of other origins and foreign Host names with 403, on upgrade and on plain HTTP", async () => {
    await expect(connect({ Origin: "https://evil.example" })).rejects.toBeInstanceOf(UpgradeRefusedError);
    await expect(connect({ Origin: "https://evil.example" })).rejects.toMatchObject({ status: 403 });
    await expect(connect({ Host: "rebound.example" })).rejects.toMatchObject({ status: 403 });
    const status = await new Promise<number | undefined>((resolve) => {
      const url = hub.url.replace("ws:", "http:");
      get(`${url}/healthz`, { headers: { Host: "rebound.example" } }, (response) =>
        resolve(response.resume().statusCode),
      );
    });
    expect(status).toBe(403);
  });

  it("answers /healthz while it serves", async () => {
    const response = await fetch(`${hub.url.replace("ws:", "http:")}/healthz`);
    expect([response.status, (await response.text()).trim()]).toEqual([200, "ok"]);
  });
});

describe("limits on connections", () => {
  it("closes the connection that is one too many with 4429 and serves the next when one has left", async () => {
    const hub = await LocalHub.start({ maxConnections: 2, maxConnectionsPerAddress: 2 });
    const first = await hub.adapter();
    await hub.adapter();
    const third = await ProtocolClient.connect(hub.url, { token: hub.token });
    expect((await third.closed).code).toBe(4429);
    await first.close();
    const fourth = await hub.adapter();
    expect((await fourth.request("hub.status")).error).toBeUndefined();
    await hub.dispose();
  });
});
