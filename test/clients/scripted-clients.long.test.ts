import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GodotEditor } from "../support/godot-editor.ts";
import { Studio } from "../support/studio.ts";
import { CLIENTS, RUN_MS, runScript } from "./scripted-client.ts";

describe("a real AI client with a scripted model", () => {
  let home: string;
  let studio: Studio;
  let editor: GodotEditor | undefined;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "godot-scripted-home-"));
    studio = await Studio.open({ home: join(home, ".godot-hub") });
    [editor] = await studio.editors(["scripted-game"]);
  });
  afterAll(async () => {
    await studio.dispose();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it.each(CLIENTS)("$client works in a real editor by tool calls", { timeout: RUN_MS }, async (each) => {
    const path = `res://made_by_${each.client}.tscn`;
    const { model, printed } = await runScript(each, home, [
      { name: "hub_status", args: {} },
      { name: "scene_open", args: { path, rootType: "Node2D" } },
      { name: "scene_edit", args: { operations: [{ op: "add", type: "Sprite2D", name: "Icon" }] } },
      { name: "scene_tree", args: {} },
    ]);
    expect(model.results, printed).toHaveLength(4);
    expect(model.results[0]?.text).toContain("scripted-game@");
    expect(model.results[3]?.text).toMatch(/Icon: Sprite2D/);
    expect(existsSync(join(editor?.project ?? "", `made_by_${each.client}.tscn`))).toBe(true);
  });
});
