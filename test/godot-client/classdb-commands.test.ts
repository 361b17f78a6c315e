/** Classes of the engine and of the project. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({
    "game/boss.gd":
      "class_name Boss\nextends Enemy\n\nsignal raged(at: int)\n\nvar rage: int = 3\n\n\nfunc roar(loud: bool = true) -> void:\n\tprint(loud)\n",
  });
});
afterAll(() => bench.dispose());

describe("classdb.get_class", () => {
  it("tells what a class of the engine has", async () => {
    const timer = await bench.call("classdb.get_class", { name: "Timer" });
    expect(timer).toMatchObject({
      name: "Timer",
      source: "engine",
      base: "Node",
      inherits: ["Node", "Object"],
      instantiable: true,
      enums: { TimerProcessCallback: { TIMER_PROCESS_PHYSICS: 0, TIMER_PROCESS_IDLE: 1 } },
      signals: [{ name: "timeout", args: [] }],
    });
    expect(timer.properties).toContainEqual({ name: "wait_time", type: "float", default: 1 });
    expect(timer.methods).toContainEqual({
      name: "start",
      args: [{ name: "time_sec", type: "float", default: -1 }],
      returns: "void",
    });
  });

  it("adds inherited members, and only the requested sections", async () => {
    const { properties, methods } = await bench.call("classdb.get_class", {
      name: "Timer",
      inherited: true,
      sections: ["properties"],
    });
    expect(properties).toContainEqual(expect.objectContaining({ name: "process_mode" }));
    expect(methods).toBeUndefined();
  });

  it("tells what a script's class declares", async () => {
    const boss = await bench.call("classdb.get_class", { name: "Boss" });
    expect(boss).toMatchObject({
      source: "res://game/boss.gd",
      base: "Enemy",
      inherits: [
        "Enemy",
        "CharacterBody2D",
        "PhysicsBody2D",
        "CollisionObject2D",
        "Node2D",
        "CanvasItem",
        "Node",
        "Object",
      ],
      properties: [{ name: "rage", type: "int" }],
      methods: [{ name: "roar", args: [{ name: "loud", type: "bool", default: true }], returns: "void" }],
      signals: [{ name: "raged", args: [{ name: "at", type: "int" }] }],
    });
  });

  it("names near ones for a class that does not exist", async () => {
    expect(await bench.fails("classdb.get_class", { name: "Tmier" })).toMatchObject({
      kind: "NOT_FOUND",
      candidates: expect.arrayContaining(["Timer"]),
    });
    expect(await bench.fails("classdb.get_class", { name: "Timer", sections: ["props"] })).toMatchObject({
      kind: "INVALID_PARAMS",
    });
  });
});

describe("classdb.search", () => {
  it("finds classes by part of their names, the best first", async () => {
    const { classes } = await bench.call("classdb.search", { query: "timer" });
    expect((classes as { name: string }[])[0]).toEqual({ name: "Timer", base: "Node", source: "engine" });
    expect(await bench.call("classdb.search", { query: "", base: "Enemy" })).toMatchObject({
      classes: [{ name: "Boss" }, { name: "Enemy" }],
      total: 2,
    });
  });

  it("finds members too, and says when it was cut", async () => {
    const { members } = await bench.call("classdb.search", { query: "wait_time", members: true, base: "Timer" });
    expect(members).toContainEqual({ class: "Timer", name: "wait_time", kind: "property" });
    expect(await bench.call("classdb.search", { query: "node", limit: 2 })).toMatchObject({ truncated: true });
    expect(await bench.fails("classdb.search", { query: "a", base: "Enmy" })).toMatchObject({ kind: "NOT_FOUND" });
  });
});
