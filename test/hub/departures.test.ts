import { type ChildProcess, spawn } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, ProtocolClient } from "../support/protocol-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { deferred, until } from "../support/wait.ts";

describe("departures and returns", () => {
  let hub: LocalHub;
  const processes: ChildProcess[] = [];
  beforeEach(async () => {
    hub = await LocalHub.start({ resumeGraceMs: 60_000 });
  });
  afterEach(async () => {
    for (const child of processes.splice(0)) child.kill("SIGKILL");
    await hub.dispose();
  });

  /** A process that stands for the editor's, so that it can be killed. */
  const editorProcess = (): ChildProcess => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    processes.push(child);
    return child;
  };
  const states = async (adapter: ProtocolClient): Promise<string[]> => {
    const { result } = await adapter.request("hub.list_instances");
    return (result as { instances: { state: string }[] }).instances.map(({ state }) => state);
  };

  it("forgets a client that says goodbye, and no other", async () => {
    const editor = await hub.editor();
    const [one, two] = [await hub.adapter(), await hub.adapter()];
    await one.close();
    expect((await two.request("a.b")).result).toEqual({ ok: true, method: "a.b" });
    await editor.client.close();
    expect(await states(two)).toEqual([]);
  });

  it("queues commands for an editor whose connection was cut, and runs each once when it is back", async () => {
    const hold = deferred<unknown>();
    const editor = await hub.editor({ handlers: { slow: () => hold.promise, quick: () => "quick" } });
    const adapter = await hub.adapter();
    const slow = adapter.request("slow");
    await until(() => editor.executed.length === 1, { what: "the command" });
    editor.client.terminate();
    await until(async () => (await states(adapter))[0] === "away", { what: "away" });
    const quick = adapter.request("quick");
    const { resumed } = await editor.connect(hub.url, hub.token);
    expect(resumed).toBe(true);
    hold.resolve("slow");
    expect([(await slow).result, (await quick).result]).toEqual(["slow", "quick"]);
    expect([...editor.executions.values()]).toEqual([1, 1]);
  });

  it("answers OUTCOME_UNKNOWN at once for a write when the editor's process has ended, and asks a read again", async () => {
    const child = editorProcess();
    const never = new Promise(() => {});
    const identify = { instance: { epoch: "one", pid: child.pid ?? 0 } };
    const dying = await hub.editor({
      epoch: "one",
      identify,
      handlers: { "node.add": () => never, "scene.get_tree": () => never },
    });
    const other = await hub.editor({ project: "other" });
    const adapter = await hub.adapter();
    const target = "stub-game";
    const write = adapter.request("node.add", {}, { target });
    const read = adapter.request("scene.get_tree", {}, { target });
    await until(() => dying.executed.length === 2, { what: "both commands" });
    child.kill("SIGKILL");
    dying.client.terminate();
    expect((await write).error).toMatchObject({ code: -32014, data: { kind: "OUTCOME_UNKNOWN", dispatched: true } });
    expect((await adapter.request("a.b", {}, { target: "other" })).error).toBeUndefined();
    expect(other.executed).toHaveLength(1);
    const successor = await hub.editor({ epoch: "two", identify: { instance: { epoch: "two", pid: process.pid } } });
    expect((await read).result).toEqual({ ok: true, method: "scene.get_tree" });
    expect(successor.identified.clientId).toBe(dying.identified.clientId);
  });

  it("answers INSTANCE_DISCONNECTED for what was never sent when the grace period ends", async () => {
    const short = await LocalHub.start({ resumeGraceMs: 100, windowSize: 1 });
    // Its process is on another machine, for all that can be seen from here.
    const identify = { instance: { epoch: "far" } };
    const editor = await short.editor({ epoch: "far", identify, handlers: { slow: () => new Promise(() => {}) } });
    const adapter = await short.adapter();
    adapter.sendMessage({ jsonrpc: "2.0", id: "sent", method: "slow", params: {} });
    const queued = adapter.request("node.add");
    await until(() => editor.executed.length === 1, { what: "the command that fills the window" });
    editor.client.terminate();
    const { error } = await queued;
    expect(error).toMatchObject({ code: -32013, data: { retryable: true } });
    expect(await states(adapter)).toEqual([]);
    await short.dispose();
  });

  it("gives an adapter that reconnects its identity, its binding and the answer that it missed", async () => {
    const hold = deferred<unknown>();
    const editor = await hub.editor({ handlers: { "node.add": () => hold.promise } });
    await hub.editor({ project: "other" });
    const first = await openAdapter(hub.url, hub.token);
    await first.client.request("hub.bind_target", { target: "stub-game" });
    first.client.sendMessage({ jsonrpc: "2.0", id: "w", method: "node.add", params: {} });
    const { epoch } = editor;
    await until(() => editor.executed.length === 1, { what: "the command" });
    first.client.terminate();
    const { resumeToken, clientId } = first.identified;
    const second = await openAdapter(hub.url, hub.token, { identify: { resumeToken } });
    expect(second.identified).toMatchObject({ clientId, resumed: true });
    second.client.sendMessage({ jsonrpc: "2.0", id: "w", method: "node.add", attempt: 2, epoch, params: {} });
    hold.resolve("added");
    expect((await second.client.response("w")).result).toBe("added");
    // Answered by now: asked a third time, the editor's journal says the same again.
    second.client.sendMessage({ jsonrpc: "2.0", id: "w", method: "node.add", attempt: 3, epoch, params: {} });
    expect((await second.client.response("w")).result).toBe("added");
    expect(editor.executed).toHaveLength(1);
    await second.client.close();
  });

  it("answers an adapter that was given up and comes back asking again while its command still runs", async () => {
    const hold = deferred<unknown>();
    const editor = await hub.editor({ handlers: { "node.add": () => hold.promise } });
    const first = await openAdapter(hub.url, hub.token);
    first.client.sendMessage({ jsonrpc: "2.0", id: "w", method: "node.add", params: {} });
    await until(() => editor.executed.length === 1, { what: "the command" });
    await first.client.close();
    const { resumeToken } = first.identified;
    const second = await openAdapter(hub.url, hub.token, { identify: { resumeToken } });
    expect(second.identified.resumed).toBe(false);
    second.client.sendMessage({ jsonrpc: "2.0", id: "w", method: "node.add", attempt: 2, params: {} });
    await second.client.request("hub.status");
    hold.resolve("added");
    expect((await second.client.response("w")).result).toBe("added");
    expect(editor.executed).toHaveLength(1);
    await second.client.close();
  });

  it("does not vouch for the epoch of a resend that names none", async () => {
    const editor = await hub.editor();
    const adapter = await hub.adapter();
    const { error } = await adapter.request("node.add", {}, { attempt: 2 });
    expect(error?.code).toBe(-32014);
    expect(editor.executed).toEqual([]);
  });

  it("knows an editor by its epoch when it has lost its resume token, and answers what it was at", async () => {
    const hold = deferred<unknown>();
    const editor = await hub.editor({ epoch: "same", handlers: { "node.add": () => hold.promise } });
    const adapter = await hub.adapter();
    const asked = adapter.request("node.add");
    await until(() => editor.executed.length === 1, { what: "the command" });
    editor.client.terminate();
    const { clientId, name } = editor.identified;
    const resumeToken = "ended by a rotation";
    const again = new StubInstance({ epoch: "same", identify: { resumeToken } });
    expect(await again.connect(hub.url, hub.token)).toMatchObject({ clientId, name, resumed: true });
    expect(await states(adapter)).toHaveLength(1);
    expect((await asked).result).toEqual({ ok: true, method: "node.add" });
    await again.client.close();
  });

  it("sends no write again to an editor without a journal whose new connection replaces a silently lost one", async () => {
    const identify = { capabilities: { features: [] } };
    const editor = await hub.editor({ identify, handlers: { "node.add": () => new Promise(() => {}) } });
    const adapter = await hub.adapter();
    const asked = adapter.request("node.add");
    await until(() => editor.executed.length === 1, { what: "the command" });
    expect(await editor.connect(hub.url, hub.token)).toMatchObject({ resumed: true });
    expect((await asked).error).toMatchObject({ data: { kind: "OUTCOME_UNKNOWN" } });
    expect((await adapter.request("a.b")).error).toMatchObject({ data: { kind: "METHOD_NOT_FOUND" } });
    expect(editor.executed.map(({ method }) => method)).toEqual(["node.add", "a.b"]);
    await editor.client.close();
  });

  it("closes the older of two connections of one resume token with 4409", async () => {
    const first = await openAdapter(hub.url, hub.token);
    const { resumeToken } = first.identified;
    const second = await openAdapter(hub.url, hub.token, { identify: { resumeToken } });
    expect((await first.client.closed).code).toBe(4409);
    expect((await second.client.request("hub.status")).error).toBeUndefined();
    await second.client.close();
  });

  it("recognises the clients of a hub that died before it", async () => {
    const editor = await hub.editor();
    const adapter = await openAdapter(hub.url, hub.token);
    await hub.hub.stop();
    const next = await LocalHub.start({}, 60_000);
    const { clientId, name, resumeToken } = adapter.identified;
    const again = await openAdapter(next.url, next.token, { identify: { resumeToken } });
    expect(again.identified).toMatchObject({ clientId, name, resumed: false });
    // The editor is not back yet: the request waits for it instead of failing.
    const asked = again.client.request("a.b", {}, { target: editor.identified.name });
    const returned = await editor.connect(next.url, next.token);
    expect(returned.clientId).toBe(editor.identified.clientId);
    expect((await asked).error).toBeUndefined();
    await again.client.close();
    await next.dispose();
  });

  it("refuses to send a write again to another process, or where its first send can't be recognised", async () => {
    const editor = await hub.editor({ readOnly: ["scene.get_tree"] });
    const forgetful = await hub.editor({ project: "forgetful", identify: { capabilities: {} } });
    const adapter = await hub.adapter();
    const elsewhere = await adapter.request("node.add", {}, { target: "stub-game", attempt: 2, epoch: "before" });
    expect(elsewhere.error?.code).toBe(-32014);
    const unremembered = await adapter.request("node.add", {}, { target: "forgetful", attempt: 2 });
    expect(unremembered.error?.code).toBe(-32014);
    const read = await adapter.request("scene.get_tree", {}, { target: "stub-game", attempt: 2, epoch: "before" });
    expect(read.error).toBeUndefined();
    expect([editor.executed.length, forgetful.executed.length]).toEqual([1, 0]);
  });

  it("does not rely on the other process for that: the write is not even sent", async () => {
    const trusting = await ProtocolClient.connect(hub.url, { token: hub.token });
    const capabilities = { features: ["journal"] };
    await trusting.identify({ clientType: "godot", instance: { epoch: "after" }, capabilities });
    const adapter = await hub.adapter();
    const { error } = await adapter.request("node.add", {}, { attempt: 2, epoch: "before" });
    expect(error?.code).toBe(-32014);
    const next = adapter.request("a.b");
    const { message } = await trusting.next(({ message }) => message.id !== undefined, { what: "a command" });
    expect(message.method).toBe("a.b");
    trusting.sendMessage({ jsonrpc: "2.0", id: message.id, result: {} });
    await next;
    await trusting.close();
  });
});

describe("liveness", () => {
  it("asks the silent, ends those that stay silent with 4410, and leaves the others alone", async () => {
    const hub = await LocalHub.start({ heartbeatIntervalMs: 60, heartbeatTimeoutMs: 200 });
    const dead = new StubInstance({ answersHeartbeats: false });
    await dead.connect(hub.url, hub.token);
    const adapter = await hub.adapter();
    await dead.client.next(({ message }) => message.type === "heartbeat", { what: "a heartbeat" });
    expect((await dead.client.closed).code).toBe(4410);
    const { result } = await adapter.request("hub.list_instances");
    expect(result).toMatchObject({ instances: [{ state: "away" }] });
    expect(adapter.isOpen).toBe(true);
    await hub.dispose();
  });

  it("answers a client's heartbeat with its own timestamp", async () => {
    const hub = await LocalHub.start();
    const adapter = await hub.adapter();
    adapter.sendMessage({ type: "heartbeat", timestamp: 4711 });
    const { message } = await adapter.next(({ message }) => message.type === "heartbeat_ack", { what: "the ack" });
    expect(message).toMatchObject({ timestamp: 4711 });
    await hub.dispose();
  });
});
