import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVENT_HISTORY_BYTES, MAX_EVENT_BYTES } from "../../protocol/timing.ts";
import { Exposition } from "../support/exposition.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, ProtocolClient } from "../support/protocol-client.ts";
import type { StubInstance } from "../support/stub-instance.ts";
import { until } from "../support/wait.ts";

interface Heard {
  event: string;
  instanceId?: string;
  seq?: number;
  data?: Record<string, unknown>;
}

describe("events", () => {
  let hub: LocalHub;
  let editor: StubInstance;
  let adapter: ProtocolClient;
  beforeEach(async () => {
    hub = await LocalHub.start({ eventHistory: 10, sendBufferBytes: 4_096 });
    editor = await hub.editor();
    adapter = await hub.adapter();
  });
  afterEach(() => hub.dispose());

  const next = async (client: ProtocolClient): Promise<Heard> => {
    const { message } = await client.next(({ message }) => message.method === "event", { what: "an event" });
    return message.params as unknown as Heard;
  };
  const subscribe = async (client: ProtocolClient, params: Record<string, unknown>) => {
    const { result, error } = await client.request("hub.subscribe", params);
    expect(error).toBeUndefined();
    return result as { id: string; seq: number };
  };

  it("reach the subscribers, by name and instance, and no other client", async () => {
    const other = await hub.editor({ project: "other" });
    const [deaf, all] = [await hub.adapter(), await hub.adapter()];
    await subscribe(adapter, { events: ["scene.*"], target: "stub-game" });
    await subscribe(all, { events: ["*"], target: "other" });
    editor.emit("run.started");
    other.emit("scene.saved", { scene: "res://other.tscn" });
    editor.emit("scene.saved", { scene: "res://a.tscn" });
    expect(await next(adapter)).toEqual({
      event: "scene.saved",
      instanceId: editor.identified.clientId,
      seq: 2,
      data: { scene: "res://a.tscn" },
    });
    expect(await next(all)).toMatchObject({ event: "scene.saved", instanceId: other.identified.clientId });
    await deaf.request("hub.status");
    expect(deaf.queued.filter(({ message }) => message.method === "event")).toEqual([]);
  });

  it("stop with the subscription", async () => {
    const { id } = await subscribe(adapter, { events: ["*"] });
    expect((await adapter.request("hub.unsubscribe", { id })).result).toEqual({ unsubscribed: true });
    expect((await adapter.request("hub.unsubscribe", { id })).result).toEqual({ unsubscribed: false });
    editor.emit("scene.saved");
    await adapter.request("a.b");
    expect(adapter.queued.filter(({ message }) => message.method === "event")).toEqual([]);
  });

  it("are replayed from a number, and say how many are too old", async () => {
    for (let n = 1; n <= 15; n += 1) editor.emit("scene.changed", { n });
    await adapter.request("a.b");
    const { seq } = await subscribe(adapter, { events: ["scene.*"], target: "stub-game", from: 4 });
    expect(seq).toBe(15);
    expect(await next(adapter)).toMatchObject({ event: "hub.events_dropped", data: { count: 2 } });
    for (let n = 6; n <= 15; n += 1) expect(await next(adapter)).toMatchObject({ seq: n, data: { n } });
  });

  it("are kept for a session that is away, the oldest dropped first", async () => {
    const { client, identified } = await openAdapter(hub.url, hub.token);
    await subscribe(client, { events: ["scene.*"] });
    client.terminate();
    await until(
      async () => {
        const { result } = await adapter.request("hub.list_clients");
        return (result as { clients: unknown[] }).clients.length === 1;
      },
      { what: "the departure" },
    );
    for (let n = 1; n <= 12; n += 1) editor.emit("scene.changed", { n });
    await adapter.request("a.b");
    const { resumeToken } = identified;
    const back = await openAdapter(hub.url, hub.token, { identify: { resumeToken } });
    expect(await next(back.client)).toMatchObject({ event: "hub.events_dropped", data: { count: 2 } });
    for (let n = 3; n <= 12; n += 1) expect(await next(back.client)).toMatchObject({ seq: n });
    await back.client.close();
  });

  it("do not pile up for a subscriber that does not read, and cost it the oldest", async () => {
    await subscribe(adapter, { events: ["scene.*"] });
    adapter.stopReading();
    const text = "x".repeat(64 * 1024);
    for (let n = 1; n <= 400; n += 1) editor.emit("scene.changed", { n, text });
    const observer = await hub.adapter();
    await observer.request("a.b");
    adapter.resumeReading();
    const heard: Heard[] = [];
    while (heard.at(-1)?.data?.n !== 400) heard.push(await next(adapter));
    const dropped = heard.filter(({ event }) => event === "hub.events_dropped");
    const total = dropped.reduce((sum, { data }) => sum + Number(data?.count), 0);
    expect(total).toBeGreaterThan(0);
    expect(heard.length - dropped.length + total).toBe(400);
    const url = `${hub.url.replace("ws:", "http:")}/metrics`;
    const metrics = await fetch(url, { headers: { Authorization: `Bearer ${hub.token}` } });
    expect(new Exposition(await metrics.text()).sum("godot_hub_events_dropped_total")).toBe(total);
  });

  it("of the hub itself tell who comes and goes", async () => {
    await subscribe(adapter, { events: ["hub.*"] });
    const late = await hub.editor({ project: "late" });
    expect(await next(adapter)).toMatchObject({ event: "hub.instance_connected", data: { clientType: "godot" } });
    await late.client.close();
    expect(await next(adapter)).toMatchObject({ event: "hub.instance_gone", data: { id: late.identified.clientId } });
  });

  it("of an instance's state show in the list of instances", async () => {
    editor.emit("instance.state", { state: "importing" });
    await adapter.request("a.b");
    const { result } = await adapter.request("hub.list_instances");
    expect(result).toMatchObject({ instances: [{ state: "importing" }] });
  });

  it("are kept up to a total size, too, and refused when one alone is too large", async () => {
    const text = "x".repeat(MAX_EVENT_BYTES - 1_000);
    const fitting = Math.floor(EVENT_HISTORY_BYTES / MAX_EVENT_BYTES);
    for (let n = 1; n <= fitting + 2; n += 1) editor.emit("scene.changed", { n, text: n > 1 ? text : "" });
    await adapter.request("a.b");
    await subscribe(adapter, { events: ["scene.*"], target: "stub-game", from: 1 });
    expect(await next(adapter)).toMatchObject({ event: "hub.events_dropped", data: { count: 2 } });
    expect(await next(adapter)).toMatchObject({ seq: 3 });
    editor.emit("scene.changed", { text: text + text });
    const { error } = await editor.client.response(null);
    expect(error).toMatchObject({ data: { kind: "TOO_LARGE", limit: MAX_EVENT_BYTES } });
    expect(editor.client.isOpen).toBe(true);
  });

  it("are numbered anew by an editor's next process: nothing of the last one is mixed into its replay", async () => {
    for (let n = 1; n <= 5; n += 1) editor.emit("scene.changed", { n });
    await adapter.request("a.b");
    const { resumeToken } = editor.identified;
    editor.client.terminate();
    const successor = await hub.editor({ identify: { resumeToken } });
    expect(successor.identified.clientId).toBe(editor.identified.clientId);
    successor.emit("scene.opened", { n: "new" });
    await adapter.request("a.b");
    expect(await subscribe(adapter, { events: ["*"], target: "stub-game", from: 6 })).toMatchObject({ seq: 1 });
    expect(await next(adapter)).toMatchObject({ event: "scene.opened", seq: 1 });
  });

  it("come after `identified`, also to a session that returns and hears of itself", async () => {
    const { client, identified } = await openAdapter(hub.url, hub.token);
    await subscribe(client, { events: ["hub.*"] });
    const back = await ProtocolClient.connect(hub.url, { token: hub.token });
    back.sendMessage({ type: "identify", clientType: "mcp", resumeToken: identified.resumeToken });
    const received = [];
    while (received.length < 3) received.push((await back.next(() => true, { what: "a frame" })).message);
    expect(received.map(({ type, method }) => type ?? method)).toEqual(["handshake", "identified", "event"]);
    await back.close();
  });
});
