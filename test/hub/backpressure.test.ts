import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalHub } from "../support/local-hub.ts";
import type { StubInstance } from "../support/stub-instance.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

describe("large messages", () => {
  let hub: LocalHub;
  let editor: StubInstance;
  beforeEach(async () => {
    hub = await LocalHub.start();
    editor = await hub.editor({
      handlers: {
        bytes: ({ params }) => "x".repeat(Number(params.size)),
        length: ({ params }) => String(params.text).length,
      },
    });
  });
  afterEach(() => hub.dispose());

  it.each([70 * KIB, 300 * KIB, 2 * MIB, 30 * MIB])("of %i bytes arrive whole in both directions", async (size) => {
    const adapter = await hub.adapter();
    expect(String((await adapter.request("bytes", { size })).result)).toHaveLength(size);
    expect((await adapter.request("length", { text: "x".repeat(size) })).result).toBe(size);
  });

  it("over what the receiver said it can take are answered TOO_LARGE with the sizes", async () => {
    const small = await hub.adapter({ identify: { maxMessageBytes: 100_000 } });
    const { error } = await small.request("bytes", { size: 200_000 });
    expect(error).toMatchObject({ code: -32021, data: { limit: 100_000 } });
    expect(Number(error?.data?.size)).toBeGreaterThan(200_000);
    const limited = await hub.editor({ project: "limited", identify: { maxMessageBytes: 100_000 } });
    const refused = await small.request("length", { text: "x".repeat(200_000) }, { target: "limited" });
    expect(refused.error?.code).toBe(-32021);
    expect(limited.executed).toEqual([]);
  });

  it("towards a client that stops reading end its connection with 4430; memory is bounded and no other client notices", async () => {
    const [stalled, healthy] = [await hub.adapter(), await hub.adapter()];
    stalled.stopReading();
    const before = process.memoryUsage().rss;
    for (let n = 0; n < 64; n += 1) {
      stalled.sendMessage({ jsonrpc: "2.0", id: `s${n}`, method: "bytes", params: { size: 4 * MIB } });
      expect((await healthy.request("bytes", { size: 200 })).error).toBeUndefined();
    }
    stalled.resumeReading();
    expect((await stalled.closed).code).toBe(4430);
    expect(editor.executed.length).toBeGreaterThan(64);
    // Stub, hub and clients share this process: what one of 64 answers of 4 MB would cost each, not what all would.
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * MIB);
    const { result } = await healthy.request("hub.status");
    expect(result).toMatchObject({ counters: { pending: 0 } });
  });
});
