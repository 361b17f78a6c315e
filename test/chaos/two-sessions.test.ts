/** Two sessions that write to one property, and a session whose project is not the only one that is open. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { GodotEditor } from "../support/godot-editor.ts";
import { HubObserver } from "../support/hub-observer.ts";
import { HubProcess } from "../support/hub-process.ts";
import { type McpClient, startMcpClient } from "../support/mcp-client.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { emptyScenes, scenePath } from "./scenes.ts";

const WRITES = 100;
const PATIENCE_MS = 120_000;

const writtenSchema = z.looseObject({
  revision: z.number(),
  properties: z.object({ position: z.looseObject({ x: z.number(), y: z.number() }) }),
});

describe("two sessions that write one property of a real editor", { timeout: 2 * PATIENCE_MS }, () => {
  let hub: HubProcess;
  let editor: GodotEditor;
  let sessions: ProtocolClient[];

  beforeAll(async () => {
    hub = await HubProcess.start({ args: ["--implicit-lease-ms", "0"] });
    editor = GodotEditor.start({ env: { GODOT_HUB_HOME: hub.home }, files: emptyScenes(1) });
    const observer = await HubObserver.open(hub);
    await observer.untilPresent([editor.project]);
    observer.close();
    sessions = await Promise.all([1, 2].map(async () => (await openAdapter(hub.url, hub.token)).client));
  });

  afterAll(async () => {
    for (const session of sessions ?? []) session.terminate();
    await editor?.dispose();
    await hub?.dispose();
  });

  const ask = async (session: ProtocolClient | undefined, method: string, params: Record<string, unknown>) => {
    const scene = scenePath(0);
    const envelope = { deadlineMs: PATIENCE_MS, resources: [`scene:${scene}`] };
    const answer = await session?.request(method, { scene, ...params }, envelope, { deadlineMs: PATIENCE_MS });
    expect(answer?.error).toBeUndefined();
    return answer?.result;
  };
  /** Session `x` writes its `y`th value; what came back of it, and the revision that it made. */
  const write = async (x: number, y: number) => {
    const properties = { position: { type: "Vector2", x, y } };
    return writtenSchema.parse(await ask(sessions[x], "node.set_properties", { path: ".", properties }));
  };
  const positionNow = async () => {
    const result = await ask(sessions[0], "node.get_properties", { path: ".", names: ["position"] });
    return writtenSchema.parse(result).properties.position;
  };

  it("make 200 executions in a serial order, each session's in its own, and each can be undone", async () => {
    const indexes = Array.from({ length: WRITES }, (_, index) => index + 1);
    const start = await positionNow();
    const written = (await Promise.all(indexes.flatMap((y) => [write(0, y), write(1, y)]))).toSorted(
      (a, b) => a.revision - b.revision,
    );
    const revisions = written.map(({ revision }) => revision);
    expect(new Set(revisions).size).toBe(2 * WRITES);
    expect((revisions.at(-1) ?? 0) - (revisions[0] ?? 0)).toBe(2 * WRITES - 1);
    const states = written.map(({ properties }) => properties.position);
    for (const x of [0, 1]) expect(states.filter((state) => state.x === x).map(({ y }) => y)).toEqual(indexes);
    for (const state of states.toReversed()) {
      expect(await positionNow()).toEqual(state);
      await ask(sessions[0], "editor.undo", { force: true });
    }
    expect(await positionNow()).toEqual(start);
  });
});

describe("a session that is bound to a project", () => {
  let hub: HubProcess;
  let session: McpClient;
  const mine = new StubInstance({ project: "mine" });
  const other = new StubInstance({ project: "other" });

  beforeEach(async () => {
    hub = await HubProcess.start({ args: ["--resume-grace-ms", "0"] });
    session = await startMcpClient({ home: hub.home, args: ["--project", mine.project.path, "--no-launch"] });
  });
  afterEach(async () => {
    await session.close();
    for (const instance of [mine, other]) instance.client.terminate();
    await hub.dispose();
  });

  const add = async (): Promise<string> => {
    const args = { command: "node.add", params: { parent: ".", type: "Node" } };
    const { content, isError } = await session.client.callTool({ name: "command_run", arguments: args });
    return isError ? JSON.stringify(content) : "added";
  };

  it("never writes to a second one: not beside its own, not instead of it, not after the hub has died", async () => {
    await mine.connect(hub.url, hub.token);
    expect(await add()).toBe("added");
    await other.connect(hub.url, hub.token);
    expect(await add()).toBe("added");
    await mine.client.close();
    // The hub may hear of the departure an instant after the command.
    expect(await add()).toMatch(/TARGET_NOT_FOUND.*other|INSTANCE_DISCONNECTED/);
    await hub.restart();
    await other.connect(hub.url, hub.token);
    expect(await add()).toMatch(/TARGET_NOT_FOUND.*other/);
    await mine.connect(hub.url, hub.token);
    expect(await add()).toBe("added");
    expect([mine.executed.length, other.executed.length]).toEqual([3, 0]);
  });
});
