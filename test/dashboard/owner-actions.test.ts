import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type ActivityReport, activityReportSchema } from "../../protocol/activity.ts";
import { ACTIVITY_EVENT } from "../../protocol/activity-event.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, ProtocolClient } from "../support/protocol-client.ts";
import { deferred } from "../support/wait.ts";

let hub: LocalHub;
let owner: ProtocolClient;

beforeAll(async () => {
  hub = await LocalHub.start();
  owner = await ownerOf(hub);
});
afterAll(async () => {
  owner.terminate();
  await hub.dispose();
});

async function ownerOf({ url, token }: LocalHub): Promise<ProtocolClient> {
  const { client } = await openAdapter(url, token, { identify: { clientType: "cli" } });
  return client;
}

async function report(client: ProtocolClient, matches: (report: ActivityReport) => boolean): Promise<ActivityReport> {
  for (;;) {
    const { message } = await client.next(({ message }) => message.params?.event === ACTIVITY_EVENT, {
      what: "a report",
    });
    const data = activityReportSchema.parse(message.params?.data);
    if (matches(data)) return data;
  }
}

describe("the owner's actions", () => {
  it.each([
    ["hub.create_login_code", {}],
    ["hub.watch_activity", {}],
    ["hub.disconnect_client", { client: "somebody" }],
    ["hub.pause_instance", { target: "stub-game", paused: true }],
    ["hub.release_lease", { holder: "somebody" }],
  ])("%s is forbidden to an adapter, though it has the token", async (method, params) => {
    const editor = await hub.editor();
    const adapter = await hub.adapter();
    const { error } = await adapter.request(method, params);
    expect(error?.data?.kind).toBe("FORBIDDEN");
    await editor.client.close();
    await adapter.close();
  });

  it("are open to a client that gave the token with identify", async () => {
    const client = await ProtocolClient.connect(hub.url);
    await client.identify({ clientType: "cli", token: hub.token });
    expect((await client.request("hub.create_login_code")).result).toMatchObject({ lifetimeMs: 60_000 });
    await client.close();
  });

  it("disconnect a client: it must not come back, its waiting command ends and its lease is free", async () => {
    const gate = deferred<void>();
    const editor = await hub.editor({ handlers: { "a.b": () => gate.promise } });
    const { client: adapter, identified } = await openAdapter(hub.url, hub.token);
    await adapter.request("hub.acquire_lease", { resources: ["scene:a"] });
    adapter.sendMessage({ jsonrpc: "2.0", id: "w", method: "a.b", params: {} });
    const { result } = await owner.request("hub.disconnect_client", { client: identified.name });
    expect(result).toEqual({ disconnected: identified.name });
    expect(await adapter.closed).toMatchObject({ code: 4403 });
    const back = await ProtocolClient.connect(hub.url, { token: hub.token });
    back.sendMessage({ type: "identify", clientType: "mcp", resumeToken: identified.resumeToken });
    expect(await back.closed).toMatchObject({ code: 4403, reason: expect.stringContaining("has disconnected") });
    expect((await owner.request("hub.list_leases")).result).toEqual({ leases: [] });
    const { result: list } = await owner.request("hub.list_clients");
    expect(JSON.stringify(list)).not.toContain(identified.clientId);
    gate.resolve();
    await editor.client.close();
  });

  it("do not disconnect the owner itself, nor an unknown client", async () => {
    const { client, identified } = await openAdapter(hub.url, hub.token, { identify: { clientType: "cli" } });
    const own = await client.request("hub.disconnect_client", { client: identified.clientId });
    expect(own.error?.data?.kind).toBe("INVALID_PARAMS");
    const unknown = await client.request("hub.disconnect_client", { client: "nobody" });
    expect(unknown.error?.data?.kind).toBe("NOT_FOUND");
    await client.close();
  });

  it("pause an instance: what waits and what comes is BUSY with the reason, until it goes on", async () => {
    const gate = deferred<void>();
    const small = await LocalHub.start({ windowSize: 1 });
    onTestFinished(() => small.dispose());
    const person = await ownerOf(small);
    const editor = await small.editor({
      handlers: { "a.slow": () => gate.promise.then(() => ({})), "a.b": () => ({}) },
    });
    const game = await small.editor({
      project: "running",
      identify: { clientType: "game", parent: editor.identified.clientId },
    });
    const adapter = await small.adapter();
    const target = editor.identified.name;
    const sent = adapter.request("a.slow", {}, { target });
    const waiting = adapter.request("a.b", {}, { target });
    await adapter.request("hub.status");
    const { result } = await person.request("hub.pause_instance", { target, paused: true, reason: "I am editing." });
    expect(result).toEqual({ instance: target, paused: true });
    const busy = { kind: "BUSY", dispatched: false, retryAfterMs: 5_000 };
    expect((await waiting).error).toMatchObject({ message: expect.stringContaining("I am editing."), data: busy });
    expect((await adapter.request("a.b", {}, { target })).error?.data).toMatchObject(busy);
    expect((await adapter.request("a.b", {}, { target: game.identified.name })).error?.data).toMatchObject(busy);
    const { result: list } = await person.request("hub.list_instances");
    expect(list).toMatchObject({ instances: [{ state: "paused" }, { state: "paused" }] });
    gate.resolve();
    expect((await sent).error).toBeUndefined();
    await person.request("hub.pause_instance", { target, paused: false });
    expect((await adapter.request("a.b", {}, { target })).error).toBeUndefined();
    expect(editor.executed.map(({ method }) => method)).toEqual(["a.slow", "a.b"]);
    person.terminate();
  });

  it("release another client's lease", async () => {
    const editor = await hub.editor();
    const { client: adapter, identified } = await openAdapter(hub.url, hub.token);
    await adapter.request("hub.acquire_lease", { resources: ["scene:a", "scene:b"] });
    const params = { holder: identified.clientId, resources: ["scene:a"] };
    expect((await owner.request("hub.release_lease", params)).result).toEqual({ released: ["scene:a"] });
    const { result } = await owner.request("hub.list_leases");
    expect(result).toMatchObject({ leases: [{ resource: "scene:b" }] });
    await adapter.close();
    await editor.client.close();
  });
});

describe("hub.watch_activity", () => {
  it("tells everything first, then what has changed, with outcomes, rates and who drives what", async () => {
    const editor = await hub.editor({ handlers: { "a.b": () => ({}) } });
    const { client: adapter, identified } = await openAdapter(hub.url, hub.token);
    await owner.request("hub.watch_activity");
    const first = await report(owner, ({ whole }) => whole);
    expect(first.instances.map(({ id }) => id)).toEqual([editor.identified.clientId]);
    const row = first.clients.find(({ id }) => id === identified.clientId);
    expect(row).toMatchObject({ drives: editor.identified.clientId, agent: { name: "test-agent" } });
    await adapter.request("a.b");
    await adapter.request("a.missing");
    const commands = [];
    while (commands.length < 2) {
      const next = await report(owner, ({ commands: ended }) => ended.length > 0);
      commands.push(...next.commands);
      expect(next.loads[editor.identified.clientId]?.answered).toBeGreaterThan(0);
    }
    expect(commands).toMatchObject([
      { command: "a.b", outcome: "ok", client: identified.name, instance: editor.identified.name },
      { command: "a.missing", outcome: "METHOD_NOT_FOUND", message: "Unknown command 'a.missing'." },
    ]);
    await adapter.close();
    const left = await report(owner, ({ gone }) => gone.length > 0);
    expect(left.gone).toEqual([identified.clientId]);
    await owner.request("hub.watch_activity", { watch: false });
    await editor.client.close();
  });

  it("stays one bounded report an interval under load, and counts what it leaves out", async () => {
    const editor = await hub.editor();
    const adapter = await hub.adapter();
    await owner.request("hub.watch_activity");
    await Promise.all(Array.from({ length: 200 }, () => adapter.request("a.b")));
    let shown = 0;
    let all = 0;
    while (all < 200) {
      const { commands, omitted, rate } = await report(owner, () => true);
      expect(commands.length).toBeLessThanOrEqual(50);
      expect(commands.length + omitted).toBe(rate.answered);
      shown += commands.length;
      all += rate.answered;
    }
    expect(all).toBe(200);
    expect(shown).toBeLessThan(200);
    await owner.request("hub.watch_activity", { watch: false });
    await adapter.close();
    await editor.client.close();
  });

  it("leaves reports out for a watcher that does not keep up, and tells it everything once it does", async () => {
    const own = await LocalHub.start({ sendBufferBytes: 4_096 });
    onTestFinished(() => own.dispose());
    const editor = await own.editor();
    const [slow, quick] = [await ownerOf(own), await ownerOf(own)];
    for (const watcher of [slow, quick]) {
      await watcher.request("hub.watch_activity");
      await report(watcher, ({ whole }) => whole);
    }
    await slow.request("hub.subscribe", { events: ["scene.changed"] });
    slow.stopReading();
    const text = "x".repeat(64 * 1024);
    for (let n = 0; n < 400; n += 1) editor.emit("scene.changed", { text });
    await editor.client.request("hub.status");
    const missed: string[] = [];
    for (let n = 0; n < 5; n += 1) missed.push((await report(quick, () => true)).at);
    const adapter = await own.adapter();
    missed.push((await report(quick, ({ clients }) => clients.some(({ clientType }) => clientType === "mcp"))).at);
    slow.resumeReading();
    const seen: string[] = [];
    const whole = await report(slow, (each) => seen.push(each.at) > 0 && each.whole);
    // What the system's own buffers took is read; from the first that was left out, none is until the whole one.
    const leftOut = missed.filter((at) => !seen.includes(at));
    expect(leftOut.length).toBeGreaterThan(0);
    expect(missed.slice(-leftOut.length)).toEqual(leftOut);
    expect(whole.clients.map(({ clientType }) => clientType)).toContain("mcp");
    expect((await report(slow, () => true)).whole).toBe(false);
    for (const client of [adapter, slow, quick]) client.terminate();
  });

  it("costs nothing without a watcher", async () => {
    expect(hub.hub.events.listenerCount("called")).toBe(idleListeners);
    await owner.request("hub.watch_activity");
    expect(hub.hub.events.listenerCount("called")).toBe(idleListeners + 1);
    await owner.request("hub.watch_activity", { watch: false });
    expect(hub.hub.events.listenerCount("called")).toBe(idleListeners);
  });

  let idleListeners = 0;
  beforeAll(() => {
    idleListeners = hub.hub.events.listenerCount("called");
  });
});
