import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClassReference } from "../../../mcp-adapter/engine-docs/class-reference.ts";
import { classReference } from "../../../mcp-adapter/engine-docs/reference-store.ts";
import { godotBinary } from "../../support/godot-editor.ts";

describe("the class reference of a real engine", () => {
  const home = mkdtempSync(join(tmpdir(), "godot-docs-"));
  let reference: ClassReference;
  beforeAll(async () => {
    reference = await classReference(home, { version: "4", executable: godotBinary() });
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const QUESTIONS = [
    ["signal when body enters area", "Area2D.body_entered"],
    ["body enterd signal", "Area2D.body_entered"],
    ["timer timeout signal", "Timer.timeout"],
    ["sprit2d texture", "Sprite2D.texture"],
    ["positon node2d", "Node2D.position"],
    ["tween property", "Tween.tween_property"],
    ["lerp angle", "lerp_angle"],
    ["is on floor", "CharacterBody2D.is_on_floor"],
    ["how to change scene", "SceneTree.change_scene_to_file"],
    ["mouse mode captured", "Input.MOUSE_MODE_CAPTURED"],
    ["NOTIFICATION_REDY", "Node.NOTIFICATION_READY"],
    ["pause the game", "AnimationPlayer.pause"],
    ["get input vector", "Input.get_vector"],
    ["tiemout", "Timer.timeout"],
  ] as const;

  it("answers a question within 20 ms of work", () => {
    for (const [query] of QUESTIONS) reference.search(query, 5);
    // The processor's own time: other programs do not count.
    const spent = QUESTIONS.map(([query]) => {
      const before = process.cpuUsage();
      reference.search(query, 5);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    }).toSorted((a, b) => a - b);
    expect(spent[Math.floor(spent.length / 2)]).toBeLessThan(20);
  });

  it("names members that are like one that there is not, inherited ones too", () => {
    expect(reference.near("Timer.tiemout", 5)).toEqual(["Timer.timeout"]);
    expect(reference.near("Sprite2D.postion", 1)).toEqual(["Sprite2D.position"]);
    expect(reference.near("Sprit2D", 1)).toEqual(["Sprite2D"]);
  });

  it.each(QUESTIONS)("answers '%s' with %s among the first", (query, name) => {
    expect(reference.search(query, 5).map((entry) => entry.name)).toContain(name);
  });

  it("has members with their types, inherited ones too", () => {
    expect(reference.find("Sprite2D.position")).toMatchObject({
      name: "Node2D.position",
      signature: "position: Vector2",
    });
    expect(reference.find("Vector2.ZERO")).toMatchObject({ kind: "constant", signature: "ZERO = Vector2(0, 0)" });
    expect(reference.find("Node._process")?.signature).toBe("_process(delta: float) -> void");
  });
});
