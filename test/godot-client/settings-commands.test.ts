/** Tests the project's settings, input actions and autoloads: the engine reads the same values from project.godot. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const SAMPLE = readFileSync(new URL("../../godot-client/project.godot", import.meta.url), "utf8");
const WIDTH = "display/window/size/viewport_width";

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({
    "game/score.gd": "extends Node\n\nvar points: int = 0\n",
    "project.godot": SAMPLE.replace("[debug]", `config/tags=PackedStringArray("2d", "demo")\n\n[debug]`).replace(
      "[rendering]",
      "[physics]\n\n2d/default_gravity=2100\n\n[rendering]",
    ),
  });
});
afterAll(() => bench.dispose());

describe("project.set_settings", () => {
  it("saves what fits, and says what was there before", async () => {
    const settings = { [WIDTH]: 640, "rendering/environment/defaults/default_clear_color": "#204060" };
    const done = await bench.call("project.set_settings", { settings });
    expect(done).toMatchObject({ settings: { [WIDTH]: 640 }, previous: { [WIDTH]: 1152 } });
    expect(bench.editor.read("project.godot")).toContain("viewport_width=640");
    expect(await bench.call("project.get_settings", { prefix: "display/" })).toMatchObject({
      settings: { [WIDTH]: 640 },
    });
    expect(await bench.call("project.get_settings", { names: [WIDTH] })).toMatchObject({ settings: { [WIDTH]: 640 } });
    expect(await bench.call("project.set_settings", { settings: { [WIDTH]: null } })).toMatchObject({
      settings: { [WIDTH]: 1152 },
    });
    expect(bench.editor.read("project.godot")).not.toContain("viewport_width");
  });

  it.each([
    ["an unknown setting", { "display/window/size/viewport_widht": 640 }, "NOT_FOUND"],
    ["a value that does not fit", { "application/config/name": "Other", [WIDTH]: "wide" }, "INVALID_PARAMS"],
  ])("changes nothing for %s", async (_, settings, kind) => {
    const before = bench.editor.read("project.godot");
    expect(await bench.fails("project.set_settings", { settings })).toMatchObject({ kind });
    expect(bench.editor.read("project.godot")).toBe(before);
    expect(await bench.call("project.get_info")).toMatchObject({ name: "Hub Sample" });
  });

  it("creates a setting on request", async () => {
    const settings = { "my_game/difficulty": 3 };
    expect(await bench.fails("project.set_settings", { settings })).toMatchObject({ kind: "NOT_FOUND" });
    await bench.call("project.set_settings", { settings, create: true });
    expect(await bench.call("project.get_settings", { prefix: "my_game/" })).toEqual({ settings, total: 1 });
    await bench.call("project.set_settings", { settings: { "my_game/difficulty": null } });
    expect(await bench.call("project.get_settings", { prefix: "my_game/" })).toEqual({ settings: {}, total: 0 });
  });

  it("never overwrites a newer project.godot", async () => {
    const before = bench.editor.read("project.godot");
    const newer = before.replace("[rendering]", "[physics]\n\ncommon/physics_ticks_per_second=30\n\n[rendering]");
    bench.editor.write("project.godot", newer);
    expect(await bench.fails("project.set_settings", { settings: { [WIDTH]: 800 } })).toMatchObject({
      kind: "CONFLICT",
      settings: ["physics/common/physics_ticks_per_second"],
    });
    expect(bench.editor.read("project.godot")).toBe(newer);
    bench.editor.write("project.godot", before);
  });
});

describe("settings that are set as they were read", () => {
  it("leave project.godot as it was, whatever types their values have there", async () => {
    const names = ["application/config/tags", "physics/2d/default_gravity"];
    // The engine writes the file in its order.
    await bench.call("project.set_settings", { settings: { [WIDTH]: null } });
    expect(bench.editor.read("project.godot")).toContain('config/tags=PackedStringArray("2d", "demo")');
    const before = bench.editor.read("project.godot");
    const { settings } = await bench.call("project.get_settings", { names });
    expect(settings).toEqual({ [names[0] ?? ""]: ["2d", "demo"], [names[1] ?? ""]: 2100 });
    expect(await bench.call("project.set_settings", { settings })).toMatchObject({ settings });
    expect(bench.editor.read("project.godot")).toBe(before);
    const tags = { "application/config/tags": ["3d"] };
    expect(await bench.call("project.set_settings", { settings: tags })).toMatchObject({ settings: tags });
    expect(bench.editor.read("project.godot")).toContain('config/tags=PackedStringArray("3d")');
  });
});

describe("input actions", () => {
  it("are created, listed, changed and removed", async () => {
    expect(await bench.call("project.list_input_actions")).toEqual({ actions: [] });
    const events = [
      "Space",
      { type: "key", key: "S", ctrl: true },
      { type: "mouse_button", button: "left" },
      { type: "joypad_button", button: 0 },
      { type: "joypad_motion", axis: 1, value: -1 },
    ];
    await bench.call("project.set_input_action", { name: "jump", events, deadzone: 0.3 });
    const jump = {
      name: "jump",
      deadzone: 0.3,
      events: [
        { type: "key", key: "Space", physical: true },
        { type: "key", key: "S", ctrl: true },
        { type: "mouse_button", button: "left" },
        { type: "joypad_button", button: 0, device: -1 },
        { type: "joypad_motion", axis: 1, value: -1, device: -1 },
      ],
    };
    expect(await bench.call("project.list_input_actions")).toEqual({ actions: [jump] });
    expect(bench.editor.read("project.godot")).toMatch(/jump=\{[\s\S]*InputEventKey/);
    await bench.call("project.set_input_action", { name: "jump", events: ["Ctrl+Up"] });
    expect(await bench.call("project.list_input_actions")).toMatchObject({
      actions: [{ events: [{ type: "key", key: "Up", physical: true, ctrl: true }] }],
    });
    const builtIn = await bench.call("project.list_input_actions", { builtIn: true });
    expect((builtIn.actions as { name: string }[]).map(({ name }) => name)).toContain("ui_accept");
    await bench.call("project.remove_input_action", { name: "jump" });
    expect(await bench.call("project.list_input_actions")).toEqual({ actions: [] });
  });

  it("are taken as they are read, with all that the list does not tell", async () => {
    const line = (name: string) =>
      bench.editor.read("project.godot").match(new RegExp(`^${name}=\\{[^}]*\\}`, "m"))?.[0];
    const resource = (name: string, properties: object) => ({ type: "Resource", class: name, properties });
    const events = [
      resource("InputEventKey", { physical_keycode: 32, unicode: 32, location: 1 }),
      resource("InputEventMouseButton", { button_index: 1, position: { type: "Vector2", x: 3, y: 4 } }),
      resource("InputEventKey", { key_label: 65 }),
      resource("InputEventMIDI", { channel: 2, pitch: 60 }),
      resource("InputEventJoypadMotion", { axis: 1, axis_value: -1, device: 2 }),
    ];
    await bench.call("project.set_settings", { settings: { "input/all": { deadzone: 0.5, events } }, create: true });
    const before = line("all");
    expect(before).toContain("InputEventMIDI");
    const { actions } = await bench.call("project.list_input_actions");
    const [all] = actions as { name: string; events: unknown[] }[];
    expect(all?.events).toHaveLength(5);
    await bench.call("project.set_input_action", { ...all });
    expect(line("all")).toBe(before);
    const { settings } = await bench.call("project.get_settings", { names: ["input/all"] });
    await bench.call("project.set_settings", { settings });
    expect(line("all")).toBe(before);
    await bench.call("project.set_input_action", { name: "others", events: all?.events });
    expect(line("others")).toContain("InputEventMIDI");
    for (const name of ["all", "others"]) await bench.call("project.remove_input_action", { name });
  });

  it.each([[[null]], [["Space"]], [{}], [undefined]])("are not set as a setting without events: %j", async (events) => {
    const settings = { "input/none": { deadzone: 0.5, events } };
    expect(await bench.fails("project.set_settings", { settings, create: true })).toMatchObject({
      kind: "INVALID_PARAMS",
      property: "input/none",
      hint: expect.stringContaining("project.set_input_action"),
    });
    expect(await bench.call("project.list_input_actions")).toEqual({ actions: [] });
  });

  it("refuse values that are no events, and invalid names", async () => {
    const refused = { kind: "INVALID_PARAMS" };
    expect(await bench.fails("project.set_input_action", { name: "a", events: ["Spce"] })).toMatchObject(refused);
    expect(await bench.fails("project.set_input_action", { name: "a", events: [{ type: "nod" }] })).toMatchObject(
      refused,
    );
    expect(await bench.fails("project.set_input_action", { name: "a/b", events: [] })).toMatchObject(refused);
    expect(await bench.fails("project.remove_input_action", { name: "jmp" })).toMatchObject({ kind: "NOT_FOUND" });
  });
});

describe("autoloads", () => {
  it("are added, known to scripts, and removed", async () => {
    const path = "res://game/score.gd";
    const score = { name: "Score", path, singleton: true };
    expect(await bench.call("project.add_autoload", { name: "Score", path })).toEqual(score);
    expect(await bench.call("project.list_autoloads")).toEqual({ autoloads: [score] });
    expect(bench.editor.read("project.godot")).toMatch(/Score="\*(uid|res):/);
    const source = "extends Node\n\n\nfunc f() -> void:\n\tScore.points += 1\n";
    expect(await bench.call("script.validate", { source })).toMatchObject({ valid: true });
    expect(await bench.fails("project.add_autoload", { name: "Score", path })).toMatchObject({ kind: "CONFLICT" });
    await bench.call("project.remove_autoload", { name: "Score" });
    expect(await bench.call("project.list_autoloads")).toEqual({ autoloads: [] });
    expect(await bench.call("script.validate", { source })).toMatchObject({ valid: false });
  });

  it.each([
    [{ name: "Node2D", path: "res://game/score.gd" }, "INVALID_PARAMS"],
    [{ name: "two words", path: "res://game/score.gd" }, "INVALID_PARAMS"],
    [{ name: "Enemy", path: "res://game/score.gd" }, "CONFLICT"],
    [{ name: "Score", path: "res://game/scor.gd" }, "NOT_FOUND"],
  ])("refuse %j", async (params, kind) => {
    expect(await bench.fails("project.add_autoload", params)).toMatchObject({ kind });
  });
});

describe("project.resolve_uid", () => {
  it("leads from a path to its uid and back", async () => {
    const { uid } = await bench.call("project.resolve_uid", { path: "res://game/level.tscn" });
    expect(await bench.call("project.resolve_uid", { path: uid })).toEqual({ path: "res://game/level.tscn", uid });
    expect(await bench.fails("project.resolve_uid", { path: "uid://nothing" })).toMatchObject({ kind: "NOT_FOUND" });
  });
});

it("nothing was complained about", () => {
  expect(bench.editor.complaints).toEqual([]);
});
