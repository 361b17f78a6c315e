import { afterEach, describe, expect, it } from "vitest";
import { LocalHub } from "../support/local-hub.ts";
import type { StubInstance } from "../support/stub-instance.ts";
import { deferred, until } from "../support/wait.ts";

describe("scheduling", () => {
  let hub: LocalHub;
  afterEach(() => hub.dispose());

  /** An editor that holds every answer back until `release`. */
  const holdingEditor = async (): Promise<{ editor: StubInstance; release: () => void }> => {
    const gate = deferred<unknown>();
    const held = () => gate.promise;
    const names = ["burst", "light", "scene.get_tree", "run.play"];
    const editor = await hub.editor({ handlers: Object.fromEntries(names.map((name) => [name, held])) });
    return { editor, release: () => gate.resolve("done") };
  };
  const counters = async (): Promise<Record<string, number>> => {
    const observer = await hub.adapter({ identify: { clientType: "watcher" } });
    const { result } = await observer.request("hub.status");
    await observer.close();
    return (result as { counters: Record<string, number> }).counters;
  };

  it("keeps one client's order and takes the clients in turn", async () => {
    hub = await LocalHub.start({ windowSize: 1 });
    const order: string[] = [];
    const editor = await hub.editor();
    const gate = deferred<unknown>();
    editor.handlers.set("first", () => gate.promise);
    for (const name of ["burst", "light"]) editor.handlers.set(name, ({ params }) => order.push(`${name}${params.n}`));
    const [busy, calm] = [await hub.adapter(), await hub.adapter()];
    const all = [busy.request("first")];
    await until(() => editor.executed.length === 1, { what: "the first command" });
    for (let n = 1; n <= 5; n += 1) all.push(busy.request("burst", { n }));
    for (let n = 1; n <= 2; n += 1) all.push(calm.request("light", { n }));
    await until(async () => (await counters()).pending === 8, { what: "all waiting" });
    gate.resolve(null);
    await Promise.all(all);
    expect(order).toEqual(["burst1", "light1", "burst2", "light2", "burst3", "burst4", "burst5"]);
  });

  it("has at most a window of commands in flight, and long ones beside it", async () => {
    hub = await LocalHub.start({ windowSize: 3 });
    const { editor, release } = await holdingEditor();
    const adapter = await hub.adapter();
    const asked = Array.from({ length: 6 }, () => adapter.request("burst"));
    const other = await hub.adapter();
    const long = other.request("run.play");
    await until(() => editor.executed.some(({ method }) => method === "run.play"), { what: "the long command" });
    expect(editor.executed.filter(({ method }) => method === "burst")).toHaveLength(3);
    release();
    await Promise.all([...asked, long]);
    expect(editor.executed).toHaveLength(7);
  });

  it("keeps room in the window for others who use the instance: they are not queued behind a flood", async () => {
    hub = await LocalHub.start({ windowSize: 4 });
    const { editor, release } = await holdingEditor();
    editor.handlers.set("hello", () => "hello");
    const [busy, calm] = [await hub.adapter(), await hub.adapter()];
    await calm.request("hello");
    const burst = Array.from({ length: 8 }, () => busy.request("burst"));
    await until(async () => (await counters()).pending === 8, { what: "the burst" });
    const light = calm.request("light");
    await until(() => editor.executed.some(({ method }) => method === "light"), { what: "the light command" });
    expect(editor.executed.filter(({ method }) => method === "burst")).toHaveLength(3);
    release();
    await Promise.all([...burst, light]);
  });

  it("answers BUSY, with the time to come back, past the queue's limit; no other client notices", async () => {
    hub = await LocalHub.start({ windowSize: 1, queueLimit: 3 });
    const { release } = await holdingEditor();
    const [busy, calm] = [await hub.adapter(), await hub.adapter()];
    const asked = Array.from({ length: 6 }, () => busy.request("burst"));
    const refused = await Promise.race(asked);
    expect(refused.error).toMatchObject({ code: -32017, data: { kind: "BUSY", retryAfterMs: 500 } });
    const light = calm.request("light");
    release();
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter(({ error }) => error)).toHaveLength(2);
    expect((await light).result).toBe("done");
  });

  it("sends equal shareable reads in flight once and answers everybody", async () => {
    hub = await LocalHub.start();
    const { editor, release } = await holdingEditor();
    const adapters = await Promise.all([hub.adapter(), hub.adapter(), hub.adapter()]);
    const asked = adapters.map((adapter) => adapter.request("scene.get_tree", { depth: 2 }, { shareable: true }));
    const different = adapters[0]?.request("scene.get_tree", { depth: 3 }, { shareable: true });
    await until(async () => (await counters()).pending === 4, { what: "all waiting" });
    release();
    for (const { result } of await Promise.all([...asked, different])) expect(result).toBe("done");
    expect(editor.executed).toHaveLength(2);
    expect((await counters()).coalesced).toBe(2);
  });

  it("does not let a read share an answer from before its own client's write", async () => {
    hub = await LocalHub.start();
    const gate = deferred<unknown>();
    let value = "old";
    const editor = await hub.editor({
      readOnly: ["scene.get_tree"],
      handlers: {
        "scene.get_tree": async () => {
          const seen = value;
          await gate.promise;
          return seen;
        },
        "node.add": () => {
          value = "new";
          return null;
        },
      },
    });
    const [reader, writer] = [await hub.adapter(), await hub.adapter()];
    const before = reader.request("scene.get_tree", {}, { shareable: true });
    await until(() => editor.executed.length === 1, { what: "the first read" });
    await writer.request("node.add");
    const after = writer.request("scene.get_tree", {}, { shareable: true });
    await until(() => editor.executed.length === 3, { what: "the second read" });
    gate.resolve(null);
    expect([(await before).result, (await after).result]).toEqual(["old", "new"]);
  });

  it("removes a queued command that is cancelled and forwards the cancel of one that runs", async () => {
    hub = await LocalHub.start({ windowSize: 1 });
    const { editor, release } = await holdingEditor();
    const adapter = await hub.adapter();
    const running = adapter.request("burst", {}, { id: "running" });
    const queued = adapter.request("burst", {}, { id: "queued" });
    await until(() => editor.executed.length === 1, { what: "the running command" });
    adapter.sendMessage({ jsonrpc: "2.0", method: "cancel", params: { id: "queued" } });
    expect((await queued).error?.code).toBe(-32016);
    adapter.sendMessage({ jsonrpc: "2.0", method: "cancel", params: { id: "running" } });
    await editor.client.next(({ message }) => message.method === "cancel", { what: "the cancel" });
    release();
    expect((await running).result).toBe("done");
    expect(editor.executed).toHaveLength(1);
  });

  it("accounts for every request: accepted = answered + pending", async () => {
    hub = await LocalHub.start();
    const { release } = await holdingEditor();
    const adapter = await hub.adapter();
    const asked = Array.from({ length: 20 }, () => adapter.request("burst"));
    await until(async () => (await counters()).accepted === 20, { what: "all accepted" });
    expect(await counters()).toMatchObject({ accepted: 20, answered: 0, pending: 20 });
    release();
    await Promise.all(asked);
    expect(await counters()).toMatchObject({ accepted: 20, answered: 20, pending: 0 });
  });
});
