/** Whose step it is, what undo and redo do, and how revisions grow. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { until } from "../support/wait.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const anna = { clientId: "client-anna", agent: "anna" };
const ben = { clientId: "client-ben", agent: "ben" };

let bench: Workbench;
let count = 0;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.dispose());

/** Each test works in a new scene, which both sessions have open. */
beforeEach(async () => {
  count += 1;
  const path = `res://made/history_${count}.tscn`;
  await bench.call("scene.create", { path, rootType: "Node2D", rootName: "Root" }, anna);
  await bench.call("scene.open", { path }, ben);
});

const add = (name: string, asking = anna) => bench.call("node.add", { type: "Node", name }, asking);
const revision = async () => Number((await bench.call("scene.get_tree", { depth: 0 }, anna)).revision);
async function names(): Promise<string[]> {
  const { root } = await bench.call("scene.get_tree", {}, anna);
  return ((root as { children?: { name: string }[] }).children ?? []).map(({ name }) => name);
}

/** Waits for a second after the one in which a file was written: the editor compares whole seconds. */
async function anotherSecond(file: string): Promise<void> {
  const savedAt = statSync(join(bench.editor.project, file)).mtimeMs;
  await until(() => Math.floor(Date.now() / 1_000) > Math.floor(savedAt / 1_000), { what: "another second" });
}

describe("a part of a scene that is saved", () => {
  const part = "res://made/part.tscn";
  const whole = "res://made/whole.tscn";
  const heir = "res://made/heir.tscn";
  const label = async (scene: string, path: string) => {
    const { properties, revision } = await bench.call("node.get_properties", { scene, path, names: ["text"] }, anna);
    return { text: (properties as { text: string }).text, revision: Number(revision) };
  };
  const write = async (text: string) => {
    await bench.call("node.set_properties", { scene: part, path: "Text", properties: { text } }, ben);
    await bench.call("scene.save", { scene: part }, ben);
  };

  it("gives the scenes in background tabs that contain it another revision, and they are read with it", async () => {
    await bench.call("scene.create", { path: part, rootType: "Node2D" }, ben);
    await bench.call("node.add", { type: "Label", name: "Text", properties: { text: "old" } }, ben);
    await bench.call("scene.save", { scene: part }, ben);
    await bench.call("scene.create", { path: whole, rootType: "Node2D" }, anna);
    await bench.call("scene.instance", { instance: part, name: "Part" }, anna);
    await bench.call("scene.save", {}, anna);
    await bench.call("scene.create", { path: heir, rootType: "Node2D" }, anna);
    await bench.call("scene.instance", { instance: whole, name: "Whole" }, anna);
    await add("Unsaved");
    const before = [await label(whole, "Part/Text"), await label(heir, "Whole/Part/Text")];
    expect(before.map(({ text }) => text)).toEqual(["old", "old"]);
    await write("new");
    const after = [await label(whole, "Part/Text"), await label(heir, "Whole/Part/Text")];
    expect(after.map(({ text }) => text)).toEqual(["new", "new"]);
    for (const [at, { revision }] of after.entries()) expect(revision).toBeGreaterThan(before[at]?.revision ?? 0);
    const { root } = await bench.call("scene.get_tree", { scene: heir }, anna);
    expect(JSON.stringify(root)).toContain('"Unsaved"');
  });

  it("leaves what was read good for a change, and undo says why there is nothing left of it", async () => {
    const { revision } = await label(heir, "Whole/Part/Text");
    const change = { scene: heir, path: ".", properties: { visible: false }, ifRevision: revision };
    await bench.call("node.set_properties", change, anna);
    // The editor itself does not notice a part that is saved twice in one second.
    expect((await label(heir, "Whole/Part/Text")).text).toBe("new");
    await bench.call("editor.undo", { scene: heir }, anna);
    await anotherSecond("made/part.tscn");
    await write("newest");
    expect(await bench.fails("editor.undo", { scene: heir }, anna)).toMatchObject({
      kind: "NOT_FOUND",
      hint: expect.stringMatching(/emptied its undo history.*res:\/\/made\/part\.tscn/),
    });
    expect(await bench.call("editor.get_history", { scene: heir }, anna)).toMatchObject({
      total: 0,
      note: expect.stringContaining(part),
    });
  });
});

describe("a part of an open scene that is changed outside of the editor", () => {
  const part = "res://made/outside_part.tscn";
  const whole = "res://made/outside_whole.tscn";
  const heir = "res://made/outside_heir.tscn";
  const look = "res://made/outside_look.tres";
  const shown = async (scene: string, path: string, name = "text") => {
    const { properties, revision } = await bench.call("node.get_properties", { scene, path, names: [name] }, anna);
    return { value: JSON.stringify((properties as Record<string, unknown>)[name]), revision: Number(revision) };
  };
  const change = (file: string, from: string, to: string) => {
    const path = join(bench.editor.project, file.slice("res://".length));
    const text = readFileSync(path, "utf8");
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
  };
  const told = (scene: string, revision: number) =>
    bench.hub.event(
      ({ event, data }) => event === "scene.changed" && data.scene === scene && Number(data.revision) > revision,
      `${scene} beyond ${revision}`,
    );

  it("gives the scenes that contain it another revision, and no read the old content, also twice in a second", async () => {
    await bench.call("resource.create", { path: look, type: "LabelSettings", properties: { font_size: 20 } }, anna);
    await bench.call("scene.create", { path: part, rootType: "Node2D" }, anna);
    await bench.call("node.add", { type: "Label", name: "Text", properties: { text: "old" } }, anna);
    await bench.call("scene.save", {}, anna);
    await bench.call("scene.close", { path: part }, anna);
    await bench.call("scene.create", { path: whole, rootType: "Node2D" }, anna);
    await bench.call("scene.instance", { instance: part, name: "Part" }, anna);
    await bench.call("node.add", { type: "Label", name: "Own", properties: { label_settings: look } }, anna);
    await bench.call("scene.save", {}, anna);
    await bench.call("scene.create", { path: heir, rootType: "Node2D" }, anna);
    await bench.call("scene.instance", { instance: whole, name: "Whole" }, anna);
    await bench.call("scene.save", {}, anna);
    await add("Unsaved");
    const places = [
      [whole, "Part/Text"],
      [heir, "Whole/Part/Text"],
    ] as const;
    let content = "old";
    for (const next of ["newer", "other", "newest"]) {
      const before = await Promise.all(places.map(([scene, path]) => shown(scene, path)));
      expect(before.map(({ value }) => value)).toEqual([content, content].map((text) => JSON.stringify(text)));
      change(part, `text = "${content}"`, `text = "${next}"`);
      content = next;
      for (const [index, [scene, path]] of places.entries()) {
        const revision = before[index]?.revision ?? 0;
        const ask = { scene, path: ".", properties: { visible: false }, ifRevision: revision };
        expect(await bench.fails("node.set_properties", ask, anna)).toMatchObject({ kind: "CONFLICT" });
        const after = await shown(scene, path);
        expect(after.value).toBe(JSON.stringify(next));
        expect(after.revision).toBeGreaterThan(revision);
      }
    }
    const { root } = await bench.call("scene.get_tree", { scene: heir }, anna);
    expect(JSON.stringify(root)).toContain('"Unsaved"');
    const { revision } = await shown(heir, "Whole/Part/Text");
    change(part, `text = "${content}"`, 'text = "last"');
    await told(heir, revision);
  });

  it("that is a resource does so as soon as the editor has taken it in", async () => {
    const before = await shown(whole, "Own", "label_settings");
    await anotherSecond("made/outside_look.tres");
    change(look, "font_size = 20", "font_size = 44");
    await bench.call("editor.rescan", {}, anna);
    expect((await shown(whole, "Own", "label_settings")).revision).toBeGreaterThan(before.revision);
    await told(heir, 1);
    const { properties } = await bench.call("resource.get", { path: look }, anna);
    expect(properties).toMatchObject({ font_size: 44 });
  });

  it("is counted once, and not where nothing of it has changed", async () => {
    const before = await shown(whole, "Part/Text");
    change(part, "[gd_scene", "[gd_scene");
    const after = await shown(whole, "Part/Text");
    expect(after.revision).toBe(before.revision);
  });
});

describe("editor.undo", () => {
  it("takes back the session's own last step and names it", async () => {
    await add("One");
    await add("Two");
    expect(await bench.call("editor.undo", {}, anna)).toMatchObject({ action: "Add Two (anna)" });
    expect(await names()).toEqual(["One"]);
    expect(await bench.call("editor.undo", {}, anna)).toMatchObject({ action: "Add One (anna)" });
    expect(await names()).toEqual([]);
  });

  it("refuses when the last step is another client's, and says whose", async () => {
    await add("One");
    await add("Two", ben);
    expect(await bench.fails("editor.undo", {}, anna)).toMatchObject({
      kind: "CONFLICT",
      owner: "ben",
      message: expect.stringContaining("Add Two (ben)"),
    });
    expect(await names()).toEqual(["One", "Two"]);
    expect(await bench.call("editor.undo", { force: true }, anna)).toMatchObject({ action: "Add Two (ben)" });
    expect(await bench.call("editor.undo", {}, anna)).toMatchObject({ action: "Add One (anna)" });
  });

  it("does not take the step of a namesake for its own", async () => {
    await add("One", { clientId: "client-carl", agent: "anna" });
    expect(await bench.fails("editor.undo", {}, anna)).toMatchObject({ kind: "CONFLICT" });
  });

  it("knows the new owner when a step took the place of one that was undone", async () => {
    await add("One");
    await bench.call("editor.undo", {}, anna);
    await add("One", ben);
    expect(await bench.fails("editor.undo", {}, anna)).toMatchObject({ kind: "CONFLICT", owner: "ben" });
    expect(await bench.fails("editor.redo", {}, anna)).toMatchObject({ kind: "NOT_FOUND" });
  });

  it("says when there is nothing to undo", async () => {
    expect(await bench.fails("editor.undo", {}, anna)).toMatchObject({ kind: "NOT_FOUND" });
    expect(await bench.fails("editor.redo", {}, anna)).toMatchObject({ kind: "NOT_FOUND" });
  });
});

describe("editor.redo", () => {
  it("does again what was undone, for its owner", async () => {
    await add("One");
    await bench.call("editor.undo", {}, anna);
    expect(await bench.fails("editor.redo", {}, ben)).toMatchObject({ kind: "CONFLICT", owner: "anna" });
    expect(await bench.call("editor.redo", {}, anna)).toMatchObject({ action: "Add One (anna)" });
    expect(await names()).toEqual(["One"]);
  });
});

describe("revisions", () => {
  it("grow with every change, undo and redo, and with nothing else", async () => {
    const first = await revision();
    expect(await add("One")).toMatchObject({ revision: first + 1 });
    expect(await bench.call("editor.undo", {}, anna)).toMatchObject({ revision: first + 2 });
    expect(await bench.call("editor.redo", {}, anna)).toMatchObject({ revision: first + 3 });
    await bench.call("scene.save", {}, anna);
    await bench.fails("node.add", { type: "Nod" }, anna);
    await bench.call("scene.open", { path: "res://game/level.tscn" }, ben);
    expect(await revision()).toBe(first + 3);
  });

  it("are sent to subscribers", async () => {
    const from = bench.hub.events.length;
    const { scene, revision: current } = await add("One");
    const event = await bench.hub.event(
      ({ event: name, data }) => name === "scene.changed" && data.scene === scene,
      "scene.changed",
      from,
    );
    expect(Number(event.data.revision)).toBeGreaterThanOrEqual(Number(current));
  });
});

it("two sessions that write one property 100 times each give 200 steps in a serial order", async () => {
  await add("Shared");
  const first = await revision();
  const write = (asking: typeof anna, text: string) =>
    bench.call("node.set_properties", { path: "Shared", properties: { editor_description: text } }, asking);
  const writes = Array.from({ length: 100 }, (_, index) => [write(anna, `a${index}`), write(ben, `b${index}`)]).flat();
  const revisions = (await Promise.all(writes)).map((result) => Number(result.revision));
  expect(new Set(revisions).size).toBe(200);
  expect(Math.max(...revisions)).toBe(first + 200);
  for (let step = 0; step < 200; step += 1) await bench.call("editor.undo", { force: true }, anna);
  const { properties } = await bench.call(
    "node.get_properties",
    { path: "Shared", names: ["editor_description"] },
    anna,
  );
  expect(properties).toEqual({ editor_description: "" });
});
