/** Sends large requests and answers through the real addon, up to the limit and beyond it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GodotEditor } from "../support/godot-editor.ts";
import { HubObserver } from "../support/hub-observer.ts";
import { HubProcess } from "../support/hub-process.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import { emptyScenes, scenePath } from "./scenes.ts";

const KB = 1_000;
const MB = 1_000 * KB;
const DEADLINE_MS = 120_000;

/** Text of about `size` bytes that is neither repetitive nor ASCII alone: a byte that is lost or moved would show. */
function textOf(size: number): string {
  const words = Array.from({ length: Math.floor(size / 10) }, (_, index) => `é${index.toString(36).padStart(8, "0")}`);
  return words.join("");
}

describe("messages through a real editor", { timeout: 2 * DEADLINE_MS }, () => {
  let hub: HubProcess;
  let editor: GodotEditor;
  let adapter: ProtocolClient;
  let instanceId: string | undefined;

  beforeAll(async () => {
    hub = await HubProcess.start();
    editor = GodotEditor.start({ env: { GODOT_HUB_HOME: hub.home }, files: emptyScenes(1) });
    const observer = await HubObserver.open(hub);
    await observer.untilPresent([editor.project]);
    instanceId = (await observer.instanceOf(editor.project))?.id;
    observer.close();
    adapter = (await openAdapter(hub.url, hub.token)).client;
    expect((await ask("node.add", { parent: ".", type: "Control", name: "Carrier" })).error).toBeUndefined();
  });

  afterAll(async () => {
    adapter?.terminate();
    await editor?.dispose();
    await hub?.dispose();
  });

  const ask = (method: string, params: Record<string, unknown>) =>
    adapter.request(
      method,
      { scene: scenePath(0), ...params },
      { deadlineMs: DEADLINE_MS, resources: [`scene:${scenePath(0)}`] },
      { deadlineMs: DEADLINE_MS },
    );
  /** Both directions at once: the answer has the value as read back. */
  const write = (property: string, text: string) =>
    ask("node.set_properties", { path: "Carrier", properties: { [property]: text } });
  const read = (...names: string[]) => ask("node.get_properties", { path: "Carrier", names });

  /** The editor answers on the connection that it has had from the beginning. */
  const expectAlive = async () => {
    const { error, instance } = await ask("scene.get_tree", { depth: 0 });
    expect([error, instance?.id]).toEqual([undefined, instanceId]);
    expect(adapter.isOpen).toBe(true);
  };

  it.each([70 * KB, 300 * KB, 2 * MB, 30 * MB])("of %i bytes arrive whole in both directions", async (size) => {
    const text = textOf(size);
    const written = await write("editor_description", text);
    expect(written.error).toBeUndefined();
    expect(written.result).toMatchObject({ properties: { editor_description: text } });
    expect((await read("editor_description")).result).toMatchObject({ properties: { editor_description: text } });
  });

  it("over the limit are refused with TOO_LARGE on the way in; nothing was changed and the connections live", async () => {
    const before = await read("tooltip_text");
    const { error } = await write("tooltip_text", "x".repeat(33 * MB + MB));
    expect(error).toMatchObject({ data: { kind: "TOO_LARGE" } });
    expect((await read("tooltip_text")).result).toEqual(before.result);
    await expectAlive();
  });

  it("over the limit are refused with TOO_LARGE on the way out, and the connections live", async () => {
    expect((await write("tooltip_text", "x".repeat(20 * MB))).error).toBeUndefined();
    expect((await write("editor_description", "y".repeat(20 * MB))).error).toBeUndefined();
    const { error } = await read("tooltip_text", "editor_description");
    expect(error).toMatchObject({ data: { kind: "TOO_LARGE", limit: 33_554_432 } });
    expect(Number(error?.data?.size)).toBeGreaterThan(40 * MB);
    await expectAlive();
  });
});
