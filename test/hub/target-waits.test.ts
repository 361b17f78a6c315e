import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TargetWaitQueue } from "../../hub/routing/target-waits.ts";
import { LocalHub } from "../support/local-hub.ts";
import { deferred, until } from "../support/wait.ts";

describe("a request whose target may be on its way back", () => {
  let hub: LocalHub;
  beforeEach(async () => {
    hub = await LocalHub.start({}, 60_000);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await hub.dispose();
  });

  it("goes to it when it comes, and to nothing else that comes before", async () => {
    const adapter = await hub.adapter();
    const asked = adapter.request("node.add", {}, { target: "late" });
    const other = await hub.editor({ project: "early" });
    const late = await hub.editor({ project: "late" });
    expect((await asked).result).toEqual({ ok: true, method: "node.add" });
    expect([other.executed.length, late.executed.length]).toEqual([0, 1]);
  });

  it("learns at its deadline which instance is missing, and waits no longer", async () => {
    const ended = deferred<void>();
    const add = TargetWaitQueue.prototype.add;
    vi.spyOn(TargetWaitQueue.prototype, "add").mockImplementation(function (this: TargetWaitQueue, wait) {
      const end = add.call(this, wait);
      return () => {
        end();
        ended.resolve();
      };
    });
    const adapter = await hub.adapter();
    const again = { target: "never", attempt: 2, deadlineMs: 50 };
    const { error } = await adapter.request("scene.get_tree", {}, again);
    expect(error).toMatchObject({ data: { kind: "TARGET_NOT_FOUND" } });
    await ended.promise;
    // A write may have been carried out when it was sent before.
    const write = await adapter.request("node.add", {}, again);
    const message = expect.stringContaining("never");
    expect(write.error).toMatchObject({ message, data: { kind: "OUTCOME_UNKNOWN", dispatched: true } });
  });

  it("can be taken back", async () => {
    const adapter = await hub.adapter();
    const asked = adapter.request("node.add", {}, { id: "w", target: "never" });
    await until(async () => (await adapter.request("hub.cancel", { id: "w" })).result, { what: "the cancel" });
    expect((await asked).error).toMatchObject({ data: { kind: "CANCELLED", dispatched: false } });
    const editor = await hub.editor({ project: "never" });
    expect((await adapter.request("a.b")).error).toBeUndefined();
    expect(editor.executed.map(({ method }) => method)).toEqual(["a.b"]);
  });
});
