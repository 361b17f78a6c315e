import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeResult } from "../../protocol/codec.ts";
import { hubStatusSchema, usageSchema } from "../../protocol/hub-methods.ts";
import { LocalHub } from "../support/local-hub.ts";
import { ProtocolClient } from "../support/protocol-client.ts";
import { deferred } from "../support/wait.ts";

const READ = ["classdb.get_class", { name: "Node" }, { shareable: true }] as const;

/** An editor written for this: it vouches for answers, which the common stub does not. */
class VouchingEditor {
  readonly client: ProtocolClient;
  /** Commands that were executed, by name. */
  readonly executed: string[] = [];
  /** What the next answer waits for. */
  hold: Promise<unknown> = Promise.resolve();
  vouches = true;
  answer: unknown = { text: "first" };
  #seq = 0;

  constructor(client: ProtocolClient) {
    this.client = client;
    void this.#serve();
  }

  static async connect(hub: LocalHub, resumeToken?: string): Promise<{ editor: VouchingEditor; resumeToken: string }> {
    const client = await ProtocolClient.connect(hub.url, { token: hub.token });
    const identified = await client.identify({
      clientType: "godot",
      project: { name: "kept", path: "/projects/kept" },
      instance: { epoch: "the-only-one", pid: process.pid, headless: true },
      capabilities: { features: ["journal"] },
      ...(resumeToken !== undefined && { resumeToken }),
    });
    return { editor: new VouchingEditor(client), resumeToken: identified.resumeToken };
  }

  changed(): void {
    this.#seq += 1;
    const params = { event: "instance.changed", seq: this.#seq, data: {} };
    this.client.sendMessage({ jsonrpc: "2.0", method: "event", params });
  }

  async #serve(): Promise<void> {
    for (;;) {
      const received = await this.client
        .next(({ message }) => message.method !== undefined && message.id !== undefined, {
          what: "a command",
          deadlineMs: 2 ** 31 - 1,
        })
        .catch(() => undefined);
      if (!received) return;
      const { id, method = "" } = received.message;
      if (method !== "scene.list_open") this.executed.push(method);
      const [hold, answer] = [this.hold, this.answer];
      void hold.then(() => {
        if (!this.client.isOpen) return;
        const frame = encodeResult(String(id), answer);
        const traced = frame.replace(
          ',"result"',
          `,"traceparent":"of-the-first"${this.vouches ? ',"keep":true' : ""},"result"`,
        );
        this.client.sendFrame(traced);
      });
    }
  }
}

let hub: LocalHub;
let editor: VouchingEditor;
let resumeToken: string;
let one: ProtocolClient;
let two: ProtocolClient;
beforeEach(async () => {
  hub = await LocalHub.start();
  ({ editor, resumeToken } = await VouchingEditor.connect(hub));
  [one, two] = [await hub.adapter(), await hub.adapter()];
});
afterEach(async () => {
  editor.client.terminate();
  await hub.dispose();
});

async function counters() {
  return hubStatusSchema.parse((await one.request("hub.status")).result).counters;
}

const reads = () => editor.executed.filter((method) => method === READ[0]).length;

/** Waits until the hub has handled what the editor has sent before: it answers in order. */
async function settled(): Promise<void> {
  await one.request("editor.get_state");
}

describe("an answer that an instance vouches for", () => {
  it("is given to everybody who asks the same, as it was, with their own id", async () => {
    const first = await one.request(...READ);
    const again = await two.request(...READ);
    expect(again.result).toEqual(first.result);
    expect(again.instance).toEqual(first.instance);
    // What was the first one's alone is not passed on.
    expect([first.traceparent, again.traceparent]).toEqual(["of-the-first", undefined]);
    expect(reads()).toBe(1);
    expect(await counters()).toMatchObject({ accepted: 2, answered: 2, cached: 1, pending: 0 });
    const { spared } = usageSchema.parse((await one.request("hub.usage")).result);
    expect(spared).toEqual([{ agent: expect.any(String), instance: again.instance?.name, coalesced: 0, cached: 1 }]);
  });

  it("keeps the bytes in which it came", async () => {
    editor.answer = { text: 'Größe \u2028 "quoted"', nested: { result: [1, { deep: true }] } };
    await one.request(...READ);
    expect((await two.request(...READ)).result).toEqual(editor.answer);
    expect(reads()).toBe(1);
  });

  it("is not given to other questions", async () => {
    await one.request(...READ);
    await one.request("classdb.get_class", { name: "Node2D" }, { shareable: true });
    await one.request("classdb.search", { name: "Node" }, { shareable: true });
    await one.request("classdb.get_class", { name: "Node" });
    expect(editor.executed).toHaveLength(4);
  });

  it("is forgotten as soon as the instance takes it back", async () => {
    await one.request(...READ);
    editor.answer = { text: "second" };
    editor.changed();
    await settled();
    expect((await two.request(...READ)).result).toEqual({ text: "second" });
  });

  it("is forgotten with every write, from its acceptance on", async () => {
    await one.request(...READ);
    const held = deferred<unknown>();
    editor.hold = held.promise;
    const write = two.request("node.add");
    editor.answer = { text: "second" };
    const asked = two.request(...READ);
    held.resolve(undefined);
    expect((await write).error).toBeUndefined();
    expect((await asked).result).toEqual({ text: "second" });
    // What was asked while the write was out may be from before it.
    editor.answer = { text: "third" };
    expect((await one.request(...READ)).result).toEqual({ text: "third" });
    expect((await two.request(...READ)).result).toEqual({ text: "third" });
    expect(reads()).toBe(3);
  });

  it("is forgotten when the connection of the instance breaks, and what was on its way then is not kept", async () => {
    await one.request(...READ);
    const held = deferred<unknown>();
    editor.hold = held.promise;
    const onItsWay = one.request("classdb.get_class", { name: "Timer" }, { shareable: true });
    await expect.poll(() => editor.executed.length).toBe(2);
    editor.client.terminate();
    ({ editor } = await VouchingEditor.connect(hub, resumeToken));
    await onItsWay;
    await two.request(...READ);
    await two.request("classdb.get_class", { name: "Timer" }, { shareable: true });
    expect(editor.executed).toHaveLength(3);
  });

  it("is only as good as the instance's word: others are asked for again", async () => {
    editor.vouches = false;
    await one.request(...READ);
    await two.request(...READ);
    expect(reads()).toBe(2);
  });

  it("is not kept when it is large, and the kept ones are bounded in all", async () => {
    editor.answer = { text: "x".repeat(2 * 1024 * 1024) };
    await one.request(...READ);
    await two.request(...READ);
    expect(reads()).toBe(2);
    editor.answer = { text: "y".repeat(900_000) };
    for (const name of ["A", "B", "C", "D", "E", "F"]) await one.request(READ[0], { name }, { shareable: true });
    await one.request(READ[0], { name: "F" }, { shareable: true });
    expect(reads()).toBe(8);
    await one.request(READ[0], { name: "A" }, { shareable: true });
    expect(reads()).toBe(9);
  });

  it("is not given to a client that cannot take it", async () => {
    editor.answer = { text: "z".repeat(50_000) };
    await one.request(...READ);
    const small = await hub.adapter({ identify: { maxMessageBytes: 10_000 } });
    expect((await small.request(...READ)).error?.data?.kind).toBe("TOO_LARGE");
  });
});
