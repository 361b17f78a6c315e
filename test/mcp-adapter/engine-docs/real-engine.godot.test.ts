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

  it.each([
    ["signal when body enters area", "Area2D.body_entered"],
    ["sprit2d texture", "Sprite2D.texture"],
    ["positon node2d", "Node2D.position"],
    ["tween property", "Tween.tween_property"],
    ["lerp angle", "lerp_angle"],
  ])("answers '%s' with %s among the first", (query, name) => {
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
