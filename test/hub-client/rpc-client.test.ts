import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { RpcClient, type Transport } from "../../hub-client/rpc-client.ts";
import { COMMAND_DEADLINE_MS } from "../../protocol/timing.ts";

const frameSchema = z.looseObject({ id: z.string().optional(), method: z.string(), attempt: z.number().optional() });

/** A line that keeps what is sent over it. */
class KeptLine implements Transport {
  readonly sent: z.infer<typeof frameSchema>[] = [];
  readonly handshake: Transport["handshake"];
  readonly identified: Transport["identified"];

  constructor(maxMessageBytes = 10_000, clientId = "c") {
    this.identified = { type: "identified", clientId, resumeToken: "t", resumed: true, name: "c" };
    this.handshake = {
      type: "handshake",
      clientId: "c",
      serverVersion: "1.0.0",
      protocolVersion: 1,
      heartbeat: { intervalMs: 1, timeoutMs: 2 },
      identifyTimeoutMs: 1,
      maxMessageBytes,
    };
  }

  send(text: string): void {
    this.sent.push(frameSchema.parse(JSON.parse(text)));
  }

  get methods(): string[] {
    return this.sent.map(({ method }) => method);
  }
}

const patience = (ms = COMMAND_DEADLINE_MS) => ({ deadlineAt: performance.now() + ms });
const nothing = () => {};

describe("an exchange", () => {
  let exchange: RpcClient;
  let line: KeptLine;
  beforeEach(() => {
    exchange = new RpcClient();
    line = new KeptLine();
    exchange.attach(line, nothing);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const answerTo = (index: number, members: object) =>
    exchange.receive({ jsonrpc: "2.0", id: line.sent[index]?.id, ...members });

  it("says how long a result is, whatever stands around it in the frame", async () => {
    const result = { text: "ä", list: [1, 2] };
    const asked = exchange.request({ method: "scene.get_tree", params: {} }, patience());
    const frame = { jsonrpc: "2.0", id: line.sent[0]?.id, result, instance: { id: "i", name: "game@1" } };
    exchange.receive(frame, Buffer.byteLength(JSON.stringify(frame)));
    expect(await asked).toMatchObject({ result, size: Buffer.byteLength(JSON.stringify(result)) });
  });

  it("sends the time left, params last, and makes up neither attempt nor epoch", async () => {
    const asked = exchange.request({ method: "node.add", params: { type: "Node" }, epoch: "e1" }, patience(5_000));
    const [frame] = line.sent;
    expect(frame).toMatchObject({ jsonrpc: "2.0", method: "node.add", epoch: "e1", params: { type: "Node" } });
    expect(frame).not.toHaveProperty("attempt");
    expect(frame?.deadlineMs).toBeGreaterThan(0);
    expect(frame?.deadlineMs).toBeLessThanOrEqual(5_000);
    expect(Object.keys(frame ?? {}).at(-1)).toBe("params");
    answerTo(0, { result: { path: "Node" }, instance: { id: "i", name: "game@1", epoch: "e1" } });
    expect(await asked).toEqual({ result: { path: "Node" }, instance: { id: "i", name: "game@1", epoch: "e1" } });
    expect(exchange.size).toBe(0);
  });

  it("sends what a lost line left unanswered again, in order, under the same ids, as the next attempt", async () => {
    const asked = ["a.first", "a.second", "a.third"].map((method) =>
      exchange.request({ method, epoch: "e1" }, patience()),
    );
    answerTo(1, { result: 2 });
    await asked[1];
    exchange.detach(new Error("lost"));
    const next = new KeptLine();
    exchange.attach(next, nothing);
    expect(next.sent).toMatchObject([
      { id: line.sent[0]?.id, method: "a.first", attempt: 2, epoch: "e1" },
      { id: line.sent[2]?.id, method: "a.third", attempt: 2, epoch: "e1" },
    ]);
    exchange.attach(new KeptLine(), nothing);
    exchange.receive({ jsonrpc: "2.0", id: next.sent[0]?.id, result: 1 });
    exchange.receive({ jsonrpc: "2.0", id: next.sent[1]?.id, result: 3 });
    expect((await Promise.all(asked)).map(({ result }) => result)).toEqual([1, 2, 3]);
  });

  it("names the epoch to no hub that knows it under another id: an instance's journal would not recognise the write", () => {
    void exchange.request({ method: "node.add", epoch: "e1" }, patience());
    const stranger = new KeptLine(10_000, "other");
    exchange.attach(stranger, nothing);
    expect(stranger.sent[0]).toMatchObject({ attempt: 2 });
    expect(stranger.sent[0]).not.toHaveProperty("epoch");
    void exchange.request({ method: "node.remove", epoch: "e1" }, patience());
    expect(stranger.sent[1]).toMatchObject({ epoch: "e1" });
    const back = new KeptLine();
    exchange.attach(back, nothing);
    expect(back.sent.map(({ epoch, attempt }) => [epoch, attempt])).toEqual([
      ["e1", 3],
      [undefined, 2],
    ]);
  });

  it("does not say of a write that was sent that the link has refused it", async () => {
    const asked = ["node.add", "scene.get_tree", "hub.status"].map((method) =>
      exchange.request({ method }, patience()),
    );
    exchange.failAll(new Error("Another connection took this session over."));
    const reasons = await Promise.allSettled(asked);
    expect(reasons).toMatchObject([
      { reason: { kind: "OUTCOME_UNKNOWN", message: expect.stringContaining("took this session over") } },
      { reason: { message: "Another connection took this session over." } },
      { reason: { message: "Another connection took this session over." } },
    ]);
  });

  it("does not say that nothing was done of a write that an earlier hub may have passed on", async () => {
    const asked = exchange.request({ method: "node.add" }, patience(50));
    const stopping = new KeptLine();
    exchange.attach(stopping, nothing);
    const error = { code: -32022, message: "Stopping.", data: { kind: "HUB_SHUTTING_DOWN" } };
    exchange.receive({ jsonrpc: "2.0", id: stopping.sent[0]?.id, error });
    exchange.detach(new Error("lost"));
    await expect(asked).rejects.toMatchObject({ kind: "TIMEOUT", details: { dispatched: true } });
  });

  it("counts attempts by what was sent, not by what was asked", () => {
    exchange.detach(new Error("lost"));
    void exchange.request({ method: "a.b" }, patience());
    const next = new KeptLine();
    exchange.attach(next, nothing);
    expect(next.sent).toHaveLength(1);
    expect(next.sent[0]).not.toHaveProperty("attempt");
  });

  it("sends new requests of the attaching before resent ones", () => {
    void exchange.request({ method: "a.waiting" }, patience());
    exchange.detach(new Error("lost"));
    const next = new KeptLine();
    exchange.attach(next, () => void exchange.request({ method: "hub.bind_target" }, patience()));
    expect(next.methods).toEqual(["hub.bind_target", "a.waiting"]);
  });

  it("never uses an id twice, and no other exchange's", () => {
    const other = new RpcClient();
    other.attach(line, nothing);
    for (let count = 0; count < 100; count += 1) {
      void exchange.request({ method: "a.b" }, patience());
      void other.request({ method: "a.b" }, patience());
    }
    expect(new Set(line.sent.map(({ id }) => id)).size).toBe(200);
  });

  it("gives the error that came, with its kind and its hint", async () => {
    const asked = exchange.request({ method: "a.b" }, patience());
    const error = { code: -32001, message: "No node.", data: { kind: "NOT_FOUND", retryable: false, hint: "Look." } };
    answerTo(0, { error });
    await expect(asked).rejects.toMatchObject({ name: "CommandError", kind: "NOT_FOUND", object: error });
  });

  it("takes the first answer only", async () => {
    const asked = exchange.request({ method: "a.b" }, patience());
    answerTo(0, { result: 1 });
    answerTo(0, { result: 2 });
    answerTo(0, { error: { code: -32603, message: "late" } });
    expect((await asked).result).toBe(1);
  });

  it("keeps a request that a stopping hub refuses, for the next one, as the attempt that it was", async () => {
    const stopping = { code: -32022, message: "Stopping.", data: { kind: "HUB_SHUTTING_DOWN", dispatched: false } };
    const gone = { code: -32013, message: "Gone.", data: { kind: "INSTANCE_DISCONNECTED", dispatched: false } };
    const asked = ["a.first", "a.second"].map((method) => exchange.request({ method }, patience()));
    answerTo(0, { error: stopping });
    answerTo(1, { error: gone });
    expect(exchange.size).toBe(2);
    exchange.detach(new Error("lost"));
    const next = new KeptLine();
    exchange.attach(next, nothing);
    expect(next.methods).toEqual(["a.first", "a.second"]);
    for (const frame of next.sent) expect(frame).not.toHaveProperty("attempt");
    for (const { id } of next.sent) exchange.receive({ jsonrpc: "2.0", id, result: "done" });
    expect((await Promise.all(asked)).map(({ result }) => result)).toEqual(["done", "done"]);
  });

  it("counts an attempt whose outcome it does not know, whatever the next hub says of the one after it", () => {
    void exchange.request({ method: "a.b" }, patience());
    exchange.detach(new Error("lost"));
    const stopping = new KeptLine();
    exchange.attach(stopping, nothing);
    const error = { code: -32022, message: "Stopping.", data: { kind: "HUB_SHUTTING_DOWN" } };
    exchange.receive({ jsonrpc: "2.0", id: stopping.sent[0]?.id, error });
    const next = new KeptLine();
    exchange.attach(next, nothing);
    expect(next.sent[0]).toMatchObject({ attempt: 2 });
  });

  it("passes on that an instance has gone while its hub stays", async () => {
    const asked = exchange.request({ method: "a.b" }, patience());
    answerTo(0, {
      error: { code: -32013, message: "Gone.", data: { kind: "INSTANCE_DISCONNECTED", dispatched: false } },
    });
    await expect(asked).rejects.toMatchObject({ kind: "INSTANCE_DISCONNECTED" });
  });

  it("tells the hub of a cancelled request, and the asker at once", async () => {
    const abort = new AbortController();
    const asked = exchange.request({ method: "a.b" }, { ...patience(), signal: abort.signal });
    abort.abort();
    await expect(asked).rejects.toMatchObject({ kind: "CANCELLED" });
    expect(line.sent[1]).toMatchObject({ method: "cancel", params: { id: line.sent[0]?.id } });
    await expect(exchange.request({ method: "a.c" }, { ...patience(), signal: abort.signal })).rejects.toThrow(
      "cancelled",
    );
    expect(line.methods).toEqual(["a.b", "cancel"]);
  });

  it("gives up a little after the hub would have, saying whether the request had been sent", async () => {
    vi.useFakeTimers();
    const sent = exchange.request({ method: "a.sent" }, patience(2_000));
    exchange.detach(new Error("The hub is gone."));
    const unsent = exchange.request({ method: "a.unsent" }, patience(2_000));
    const outcomes = Promise.allSettled([sent, unsent]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(exchange.size).toBe(2);
    await vi.advanceTimersByTimeAsync(1_001);
    expect(exchange.size).toBe(0);
    expect(await outcomes).toMatchObject([
      { reason: { kind: "TIMEOUT", details: { dispatched: true } } },
      { reason: { message: "The hub is gone." } },
    ]);
  });

  it("tells the hub when it gives up", async () => {
    vi.useFakeTimers();
    const asked = exchange.request({ method: "a.b" }, patience(100)).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(line.methods).toEqual(["a.b", "cancel"]);
    expect(await asked).toMatchObject({ kind: "TIMEOUT", details: { dispatched: true } });
  });

  it("refuses by itself what the hub would find too large", async () => {
    const asked = exchange.request({ method: "script.create", params: { source: "x".repeat(20_000) } }, patience());
    await expect(asked).rejects.toMatchObject({ kind: "TOO_LARGE", details: { limit: 10_000 } });
    expect(line.sent).toEqual([]);
  });

  it("passes progress on to whom it concerns", () => {
    const heard: unknown[] = [];
    void exchange.request({ method: "a.b" }, { ...patience(), onProgress: (progress) => heard.push(progress) });
    const id = line.sent[0]?.id;
    exchange.receive({ jsonrpc: "2.0", method: "progress", params: { id, progress: 1, total: 2 } });
    exchange.receive({ jsonrpc: "2.0", method: "progress", params: { id: "other", progress: 5 } });
    expect(heard).toEqual([{ id, progress: 1, total: 2 }]);
  });

  it("ignores frames that are not for it", () => {
    for (const message of [
      undefined,
      null,
      7,
      [],
      {},
      { jsonrpc: "2.0", id: null, error: { code: 1, message: "x" } },
    ]) {
      expect(() => exchange.receive(message)).not.toThrow();
    }
  });
});
