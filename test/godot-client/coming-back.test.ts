/** Reloading the addon and restarting the editor: it says that it comes back, and does. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { until } from "../support/wait.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const LEVEL = "res://game/level.tscn";
const GOING_AWAY = 1001;

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.dispose());

describe("editor.reload_plugin", () => {
  it("answers, goes away, and comes back as who it was with a new epoch", async () => {
    const before = bench.hub.identifies.at(-1);
    await bench.call("scene.open", { path: LEVEL });
    await bench.call("node.add", { type: "Node", name: "Kept" });
    expect(await bench.call("editor.reload_plugin")).toEqual({ plugin: "godot_mcp_hub", reloading: true });
    const after = await bench.hub.editor(2);
    expect(bench.hub.closes).toEqual([GOING_AWAY]);
    expect(after.instance?.epoch).not.toBe(before?.instance?.epoch);
    expect(after.resumeToken).toBe("resume-me");
    expect(await bench.call("node.get_properties", { scene: LEVEL, path: "Kept" })).toMatchObject({ type: "Node" });
  });

  it("refuses an addon that is not there", async () => {
    expect(await bench.fails("editor.reload_plugin", { plugin: "godot_mcp_hob" })).toMatchObject({
      kind: "NOT_FOUND",
      candidates: ["godot_mcp_hub"],
    });
  });
});

describe("editor.restart", () => {
  it("does not lose unsaved work without discard", async () => {
    expect(await bench.fails("editor.restart")).toMatchObject({ kind: "CONFLICT", unsaved: [LEVEL] });
  });

  it("saves on request, goes away, and comes back as a new process", async () => {
    const before = bench.hub.identifies.at(-1)?.pid;
    expect(await bench.call("editor.restart", { save: true })).toEqual({ restarting: true, saved: [LEVEL] });
    const { pid, instance } = await bench.hub.editor(3);
    try {
      expect(bench.hub.closes).toEqual([GOING_AWAY, GOING_AWAY]);
      expect(pid).not.toBe(before);
      expect(instance?.headless).toBe(!bench.editor.hasWindow);
      expect(bench.editor.read("game/level.tscn")).toContain('name="Kept"');
      expect(await bench.call("node.get_properties", { scene: LEVEL, path: "Kept" })).toMatchObject({ type: "Node" });
    } finally {
      if (pid !== undefined) process.kill(pid, "SIGKILL");
      await until(() => pid === undefined || !isProcessAlive(pid), { what: "the end of the second editor" });
    }
  });
});
