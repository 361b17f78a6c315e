/** Resources and prompts of the project's own code: through a real editor, the hub and the adapter, as an AI client sees them. */
import { readFileSync } from "node:fs";
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GodotEditor } from "../support/godot-editor.ts";
import { type Agent, Studio, textOf } from "../support/studio.ts";
import { until } from "../support/wait.ts";

const example = (file: string) => readFileSync(new URL(`../../examples/design_notes/${file}`, import.meta.url), "utf8");

/** An addon that registers anything on request, and switches the example off and on. */
const PROBE = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")

var _owner := Node.new()


func _enter_tree() -> void:
	var text := {"type": "object", "properties": {"what": {"type": "string"}, "times": {"type": "integer"}}}
	GodotMcpHub.register_command("probe.resource", "Registers a resource.", text, func(params: Dictionary) -> Dictionary:
		return {"error": GodotMcpHub.register_resource(params["what"], "", _echo)})
	GodotMcpHub.register_command("probe.prompt", "Registers a prompt.", text, func(params: Dictionary) -> Dictionary:
		return {"error": GodotMcpHub.register_prompt(params["what"], "", {}, func(_arguments: Dictionary) -> String: return "")})
	GodotMcpHub.register_command("probe.flood", "Registers many.", text, func(params: Dictionary) -> Dictionary:
		var failed := 0
		for index: int in params["times"]:
			failed += int(GodotMcpHub.register_resource("custom://flood/%d" % index, "", _echo) != OK)
			failed += int(GodotMcpHub.register_prompt("flood_%d" % index, "", {}, func(_arguments: Dictionary) -> String: return "") != OK)
		return {"failed": failed})
	GodotMcpHub.register_command("probe.drain", "Takes many away.", text, func(params: Dictionary) -> Dictionary:
		for index: int in params["times"]:
			GodotMcpHub.unregister_resource("custom://flood/%d" % index)
			GodotMcpHub.unregister_prompt("flood_%d" % index)
		return {})
	GodotMcpHub.register_command("probe.addon", "Switches the example.", {
		"type": "object", "properties": {"on": {"type": "boolean"}}}, func(params: Dictionary) -> Dictionary:
		EditorInterface.set_plugin_enabled("design_notes", params["on"])
		return {})
	GodotMcpHub.register_command("probe.bury", "Frees an object.", {}, func(_params: Dictionary) -> Dictionary:
		_owner.free()
		return {})
	GodotMcpHub.register_resource("custom://probe/{a}/x-{b}/{+rest}", "Gives back.", _echo)
	GodotMcpHub.register_resource("custom://probe/who", "Who asks.", func(_params: Dictionary, context: Dictionary) -> String: return context["agent"])
	GodotMcpHub.register_resource("custom://probe/later", "Waits.", _later)
	GodotMcpHub.register_resource("custom://probe/bytes", "Bytes.", func(_params: Dictionary) -> PackedByteArray: return PackedByteArray([0, 255, 27]), "image/x-probe")
	GodotMcpHub.register_resource("custom://probe/huge", "Too much.", func(_params: Dictionary) -> String: return "x".repeat(9000000))
	GodotMcpHub.register_resource("custom://probe/broken", "Returns nothing.", func(_params: Dictionary) -> void: return)
	GodotMcpHub.register_resource("custom://probe/escapes", "A \\u001b[31mred\\u001b[0m word.", func(_params: Dictionary) -> String: return "\\u001b[31mred\\u001b[0m")
	GodotMcpHub.register_resource("custom://probe/orphan", "Vanishes.", _owner.get_meta_list.unbind(1))
	GodotMcpHub.register_prompt("probe_orphan", "Vanishes.", {}, _owner.get_meta_list.unbind(1))


func _echo(params: Dictionary) -> Dictionary:
	return {"params": params, "where": Vector2(1, 2)}


func _later(_params: Dictionary) -> String:
	await get_tree().process_frame
	return "later"
`;

const PROBE_CONFIG = '[plugin]\nname="Probe"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';

let studio: Studio;
let editor: GodotEditor;
let agent: Agent;
beforeAll(async () => {
  studio = await Studio.open();
  const files = {
    "addons/design_notes/plugin.cfg": example("plugin.cfg"),
    "addons/design_notes/plugin.gd": example("plugin.gd"),
    "addons/probe/plugin.cfg": PROBE_CONFIG,
    "addons/probe/plugin.gd": PROBE,
    "design/enemies.md": "* Slimes are slow.\n",
    "design/jump & run.md": "* High.\n",
    "secret.md": "not for you\n",
  };
  const addons = ["res://addons/design_notes/plugin.cfg", "res://addons/probe/plugin.cfg"];
  [editor] = (await studio.editors(["notes-game"], { files, addons })) as [GodotEditor];
  agent = await studio.agent("reader");
}, 200_000);
afterAll(() => studio.dispose());

const uris = async (from = agent) => (await from.mcp.client.listResources()).resources.map(({ uri }) => uri);
const templates = async () =>
  (await agent.mcp.client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate);
const prompts = async (from = agent) => (await from.mcp.client.listPrompts()).prompts.map(({ name }) => name);

async function read(uri: string): Promise<{ uri?: string; text?: string }> {
  const { contents } = await agent.mcp.client.readResource({ uri });
  return contents[0] ?? {};
}

describe("resources and prompts of a project", () => {
  it("stand in the lists beside those of every project", async () => {
    await until(async () => (await uris()).includes("custom://design"), { what: "the project's resources" });
    const { resources } = await agent.mcp.client.listResources();
    expect(resources).toContainEqual(
      expect.objectContaining({ uri: "custom://design", name: "design", description: "Topics of the design notes." }),
    );
    expect(resources.map(({ uri }) => uri)).toContain("godot://instances");
    expect(await templates()).toEqual(
      expect.arrayContaining(["custom://design/{topic}", "custom://coins/{name}", "godot://{instance}/project"]),
    );
    const { prompts: listed } = await agent.mcp.client.listPrompts();
    expect(listed.find(({ name }) => name === "design_level")?.arguments).toEqual([
      { name: "theme", description: "What the level is about.", required: true },
      { name: "difficulty", description: "", required: false },
    ]);
    expect(listed.map(({ name }) => name)).toContain("build_feature");
  });

  it("are read: texts, data, bytes, by any address that a template fits", async () => {
    expect(await read("custom://design")).toMatchObject({ mimeType: "application/json" });
    expect(await read("custom://design/enemies")).toEqual({
      uri: "custom://design/enemies",
      mimeType: "text/markdown",
      text: "* Slimes are slow.\n",
    });
    expect(await read("custom://design/jump%20%26%20run")).toMatchObject({ text: "* High.\n" });
    expect(JSON.parse(String((await read("custom://probe/1/x-2%2F/a/b%20c")).text))).toEqual({
      params: { a: "1", b: "2/", rest: "a/b c" },
      where: { type: "Vector2", x: 1, y: 2 },
    });
    expect(await read("custom://probe/who")).toMatchObject({ mimeType: "text/plain", text: "reader" });
    expect(await read("custom://probe/later")).toMatchObject({ text: "later" });
    expect(await read("custom://probe/bytes")).toEqual({
      uri: "custom://probe/bytes",
      mimeType: "image/x-probe",
      blob: Buffer.from([0, 255, 27]).toString("base64"),
    });
  });

  it("bring no terminal escapes", async () => {
    expect(await read("custom://probe/escapes")).toMatchObject({ text: "red" });
    const { resources } = await agent.mcp.client.listResources();
    expect(resources.find(({ uri }) => uri === "custom://probe/escapes")?.description).toBe("A red word.");
  });

  it.each([
    ["custom://design/nothing", /no notes on 'nothing'.*custom:\/\/design lists/],
    ["custom://design/..%2Fsecret", /no notes/],
    ["custom://desing", /no resource 'custom:\/\/desing'.*custom:\/\/design/],
    ["custom://design/a/b", /no resource/],
    ["custom://probe/1/y-2/a", /no resource/],
    ["custom://", /no resource/],
    [`custom://design/${"a".repeat(2_000)}`, /at most 1000 characters, not 2016/],
    [`custom://nothing/${"a".repeat(900)}`, /no resource/],
    ["custom://probe/huge", /9000000/],
    ["custom://probe/broken", /returned Nil instead of/],
  ])("are refused with what to do: %s", async (uri, message) => {
    await expect(read(uri)).rejects.toThrow(message);
  });

  it("fill in prompts, and name missing and wrong arguments", async () => {
    const get = async (args: Record<string, string>, name = "design_level") => {
      const { messages } = await agent.mcp.client.getPrompt({ name, arguments: args });
      const [{ content } = { content: { type: "none" as const } }] = messages;
      return content.type === "text" ? content.text : "";
    };
    expect(await get({ theme: "ice", difficulty: "hard" })).toMatch(/a level about ice, hard to play/);
    expect(await get({ theme: "ice" })).toMatch(/a level about ice, and build/);
    await expect(get({})).rejects.toThrow(/theme/);
    await expect(get({ theme: "ice", difficulty: "none" })).rejects.toThrow(/difficulty/);
    await expect(get({ theme: "ice", other: "1" })).rejects.toThrow(/other/);
    await expect(get({}, "build_castle")).rejects.toThrow(/no prompt 'build_castle'.*build_feature/);
  });

  it("reach an agent that knows tools only", async () => {
    const overview = textOf(await agent.call("project_overview"));
    expect(overview).toMatch(/custom:[\s\S]*design\.add_note[\s\S]*custom:\/\/design\/\{topic\}[\s\S]*design_level/);
    const query = { query: "resource of the project custom" };
    expect(textOf(await agent.call("command_search", query))).toContain("custom.read_resource");
    const params = { command: "custom.read_resource", params: { uri: "custom://design/enemies" } };
    expect(textOf(await agent.call("command_read", params))).toContain("* Slimes are slow.");
    const prompt = { command: "custom.get_prompt", params: { name: "design_level", arguments: { theme: "ice" } } };
    expect(textOf(await agent.call("command_read", prompt))).toContain("about ice");
  });

  it("get a notification of changes", async () => {
    const heard: string[] = [];
    const { client } = agent.mcp;
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
    await client.subscribeResource({ uri: "custom://design/enemies" });
    await agent.run("design.add_note", { topic: "bosses", line: "Big." });
    await agent.run("design.add_note", { topic: "enemies", line: "Bats fly." });
    await until(() => heard.length > 0, { what: "the change" });
    expect(heard).toEqual(["custom://design/enemies"]);
    expect(await read("custom://design/enemies")).toMatchObject({ text: "* Slimes are slow.\n* Bats fly.\n" });
  });

  it.each([
    ["probe.resource", "http://design"],
    ["probe.resource", "custom://"],
    ["probe.resource", "custom://a b"],
    ["probe.resource", "custom://a/{b}{c}"],
    ["probe.resource", "custom://a/{b}-{c}"],
    ["probe.resource", "custom://{+all}/b"],
    ["probe.resource", "custom://a/{b}/{b}"],
    ["probe.resource", "custom://a/{"],
    ["probe.resource", `custom://${"a".repeat(1_000)}`],
    ["probe.prompt", "Build Castle"],
    ["probe.prompt", "a".repeat(61)],
  ])("cannot be registered by %s as %s", async (command, what) => {
    expect((await agent.run(command, { what })).error).not.toBe(0);
    expect([...(await uris()), ...(await templates()), ...(await prompts())]).not.toContain(what);
  });

  it("cannot take the place of a prompt of every project", async () => {
    expect((await agent.run("probe.prompt", { what: "build_feature" })).error).not.toBe(0);
    expect((await prompts()).filter((name) => name === "build_feature")).toHaveLength(1);
  });

  it("are so many at most, and a flood of them keeps nothing else away", async () => {
    const { failed } = await agent.run("probe.flood", { times: 600 });
    expect(failed).toBeGreaterThan(400);
    const listed = await uris();
    expect(listed.length).toBeLessThan(510);
    expect(listed).toContain("custom://design");
    expect((await prompts()).length).toBeLessThan(215);
    await agent.run("probe.drain", { times: 600 });
    expect((await uris()).filter((uri) => uri.includes("flood"))).toEqual([]);
  });

  it("vanish with the object that they belong to", async () => {
    expect(await uris()).toContain("custom://probe/orphan");
    await agent.run("probe.bury");
    expect(await uris()).not.toContain("custom://probe/orphan");
    expect(await prompts()).not.toContain("probe_orphan");
    await expect(read("custom://probe/orphan")).rejects.toThrow(/no resource/);
  });

  it("go with their addon, and come back with it, for every agent", async () => {
    const other = await studio.agent("other");
    expect(await uris(other)).toContain("custom://design");
    await agent.run("probe.addon", { on: false });
    await until(async () => !(await uris()).includes("custom://design"), { what: "the resource to go" });
    expect(await prompts(other)).not.toContain("design_level");
    await expect(read("custom://design/enemies")).rejects.toThrow(/no resource/);
    await agent.run("probe.addon", { on: true });
    await until(async () => (await uris()).includes("custom://design"), { what: "the resource to come back" });
    expect(await prompts(other)).toContain("design_level");
    expect(await read("custom://design/enemies")).toMatchObject({ mimeType: "text/markdown" });
  });

  it("are gone with the editor, and the lists are not", async () => {
    await editor.kill();
    await until(async () => !(await uris()).includes("custom://design"), { what: "the resource to go" });
    expect(await uris()).toContain("godot://instances");
    expect(await prompts()).toContain("build_feature");
  });
});
