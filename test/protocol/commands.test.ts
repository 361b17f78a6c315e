/** Tests the rules for every command of the table. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { meansCurrentScene, resourcesOf } from "../../protocol/resources.ts";

const GROUPS_DIRECTORY = new URL("../../protocol/commands/", import.meta.url);
/** Files of the folder that declare no commands. */
const NO_GROUPS = new Set(["define", "index", "params"]);
const VERBS = new Set(
  ["get", "set", "list", "create", "delete", "rename", "move", "open", "save", "run", "stop", "find", "validate"]
    // Words of the editor itself, and of the engine's, that a game developer looks for.
    .concat(["add", "attach", "batch", "edit", "play", "read", "redo", "search", "status", "undo"])
    .concat([
      "answer",
      "call",
      "clear",
      "compare",
      "connect",
      "detach",
      "disconnect",
      "duplicate",
      "instance",
      "outline",
      "preview",
    ])
    .concat(["close", "reload", "remove", "rescan", "resolve", "restart", "screenshot"])
    // Of a running game.
    .concat(["eval", "pause", "record", "send", "step", "wait"])
    // Of debuggers and profilers.
    .concat(["continue", "evaluate", "snapshot"]),
);

const commands = [...COMMANDS.values()].map((command) => [command.name, command] as const);

const groupOf = (name: string): string | undefined => name.split(".")[0];

function command(name: string) {
  const found = COMMANDS.get(name);
  if (!found) throw new Error(`No command '${name}'.`);
  return found;
}

describe("the command table", () => {
  it("has a file for each group, and files with commands of one group only", async () => {
    const files = readdirSync(GROUPS_DIRECTORY).map((file) => file.replace(/\.ts$/, ""));
    for (const group of new Set([...COMMANDS.keys()].map(groupOf))) expect(files).toContain(group);
    for (const file of files.filter((name) => !NO_GROUPS.has(name))) {
      const exported = Object.entries(await import(new URL(`${file}.ts`, GROUPS_DIRECTORY).href));
      const lists = exported.flatMap(([name, value]) => (name.endsWith("Commands") ? [value] : []));
      const names = z
        .array(z.array(z.object({ name: z.string() })))
        .parse(lists)
        .flatMap((list) => list.map(({ name }) => name));
      expect(new Set(names.map(groupOf)).size, `groups in ${file}.ts`).toBe(1);
    }
  });

  it.each(commands)("names %s as group.verb_object", (name) => {
    expect(name).toMatch(/^[a-z]+\.[a-z]+(_[a-z]+)*$/);
    expect(VERBS).toContain(name.split(/[._]/)[1]);
  });

  it.each(commands)("gives %s a description that fits a tool", (_, { description }) => {
    expect(description).toMatch(/^[A-Z].*\.$/s);
    expect(description.length).toBeLessThanOrEqual(300);
  });

  it.each(commands)("closes the params of %s to unknown members", (_, { params }) => {
    expect(z.toJSONSchema(params, { io: "input" })).toMatchObject({ type: "object", additionalProperties: false });
  });

  it.each(commands)("writes the params of %s in camelCase", (_, { params }) => {
    for (const name of Object.keys(params.shape)) expect(name).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
  });

  it.each(commands)("leaves the result of %s open to what a later addon adds", (_, { result }) => {
    expect(z.toJSONSchema(result, { io: "output" }).additionalProperties).not.toBe(false);
  });

  it.each(commands.filter(([, { readOnly }]) => readOnly))(
    "lets %s, a read, lock, undo and destroy nothing",
    (_, read) => {
      expect(read).toMatchObject({ locks: [], undoable: false, destructive: false });
    },
  );
});

describe("resourcesOf", () => {
  it("names the scene that a write is about, or the session's current one", () => {
    expect(resourcesOf(command("node.add"), { scene: "res://a.tscn", parent: "." })).toEqual(["scene:res://a.tscn"]);
    expect(resourcesOf(command("node.add"), { parent: "." }, "res://b.tscn")).toEqual(["scene:res://b.tscn"]);
    expect(resourcesOf(command("scene.create"), { path: "res://c.tscn" }, "res://b.tscn")).toEqual([
      "scene:res://c.tscn",
    ]);
  });

  it("takes a node's path for no scene, and names no unknown scene", () => {
    expect(resourcesOf(command("node.delete"), { path: "Player" }, "res://b.tscn")).toEqual(["scene:res://b.tscn"]);
    expect(resourcesOf(command("node.delete"), { path: "Player" })).toBeUndefined();
  });

  it("names nothing for a write that changes nothing to be leased", () => {
    expect(resourcesOf(command("scene.open"), { path: "res://a.tscn" })).toEqual([]);
  });

  it("says which writes go to the current scene", () => {
    expect(meansCurrentScene(command("node.add"), { parent: "." })).toBe(true);
    expect(meansCurrentScene(command("scene.save"), {})).toBe(true);
    expect(meansCurrentScene(command("node.add"), { scene: "res://a.tscn" })).toBe(false);
    expect(meansCurrentScene(command("scene.create"), { path: "res://a.tscn" })).toBe(false);
    expect(meansCurrentScene(command("script.create"), { path: "res://a.gd" })).toBe(false);
    expect(meansCurrentScene(command("scene.get_tree"), {})).toBe(false);
  });

  it("names the file that a script command writes", () => {
    expect(resourcesOf(command("script.create"), { path: "res://a.gd", source: "" })).toContain("script:res://a.gd");
  });

  it("names nothing for a read", () => {
    expect(resourcesOf(command("scene.get_tree"), {})).toEqual([]);
  });
});
