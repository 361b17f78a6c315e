import { readdirSync } from "node:fs";
import { UriTemplate } from "@modelcontextprotocol/sdk/shared/uriTemplate.js";
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseResourceUri, resourceUri } from "../../mcp-adapter/resources/resource-uri.ts";
import { WireError } from "../../protocol/errors.ts";
import { temporaryFolder } from "../hub/cli/command-line.ts";
import { HubProcess } from "../support/hub-process.ts";
import { type McpClient, startMcpClient } from "../support/mcp-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { until } from "../support/wait.ts";

const files = ["res://main.tscn", "res://levels/one.tscn", "res://my main.tscn"];
const handlers = {
  "project.get_info": () => ({ name: "game", mainScene: "res://main.tscn" }),
  "scene.get_tree": ({ params }: { params: Record<string, unknown> }) => ({
    scene: params.scene ?? "res://open.tscn",
    revision: 3,
    root: { name: "Main", type: "Node2D", path: "." },
  }),
  "script.read": ({ params }: { params: Record<string, unknown> }) => {
    if (params.path === "res://percA.gd") throw new WireError("NOT_FOUND", "There is no script res://percA.gd.");
    const source = params.path === "res://a.gd" ? "extends Node\n" : `# ${params.path}`;
    return { path: params.path, source, hash: "h", lines: 1 };
  },
  "project.list_files": () => ({ files: files.map((path) => ({ path, type: "PackedScene", size: 1 })) }),
};

describe("addresses of resources", () => {
  it.each([
    ["godot://current/scene", { kind: "scene", instance: undefined, path: undefined }],
    [
      "godot://game%403f2a/scene/levels/one.tscn",
      { kind: "scene", instance: "game@3f2a", path: "res://levels/one.tscn" },
    ],
    ["godot://game@3f2a/script/a%20b.gd", { kind: "script", instance: "game@3f2a", path: "res://a b.gd" }],
    ["godot://current/script/what?.gd", { kind: "script", instance: undefined, path: "res://what?.gd" }],
    [
      "godot://current/scene/a/c#/b?x=1#y.tscn",
      { kind: "scene", instance: undefined, path: "res://a/c#/b?x=1#y.tscn" },
    ],
    ["godot://current/script/res://a'(ü)%20b.gd", { kind: "script", path: "res://a'(ü) b.gd" }],
    ["godot://current/script/100%.gd", { kind: "script", instance: undefined, path: "res://100%.gd" }],
    ["godot://current/project", { kind: "project", instance: undefined, path: undefined }],
    ["godot://instances", { kind: "instances" }],
    ["custom://a/b?c", { kind: "custom", instance: undefined, path: "custom://a/b?c" }],
  ])("%s is read", (uri, address) => {
    expect(parseResourceUri(uri)).toMatchObject(address);
  });

  it("are written as they are read", () => {
    const uri = resourceUri("game@3f2a", "scene", "res://levels/one two.tscn");
    expect(parseResourceUri(uri)).toMatchObject({
      kind: "scene",
      instance: "game@3f2a",
      path: "res://levels/one two.tscn",
    });
  });

  it.each([
    "godot://",
    "godot://game",
    "godot://game/shop/a",
    "godot://game/script",
    "godot://game/project/a",
    "res://a",
    "godot://%zz/scene",
  ])("%s names nothing, and the error says what there is", (uri) => {
    expect(() => parseResourceUri(uri)).toThrow(/There are godot:\/\/instances/);
  });
});

it("lists start no hub, and are whole without one", async () => {
  const home = temporaryFolder();
  const mcp = await startMcpClient({ home, cwd: home });
  expect((await mcp.client.listResources()).resources.map(({ uri }) => uri)).toContain("godot://instances");
  const { resourceTemplates } = await mcp.client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain("custom://{+path}");
  expect((await mcp.client.listPrompts()).prompts.map(({ name }) => name)).toContain("build_feature");
  await expect(mcp.client.getPrompt({ name: "build_castle" })).rejects.toThrow(/no prompt 'build_castle'/);
  await mcp.close();
  expect(readdirSync(home)).toEqual([]);
});

describe("an AI client with resources", () => {
  let hub: HubProcess;
  let editor: StubInstance;
  let mcp: McpClient;
  beforeEach(async () => {
    hub = await HubProcess.start();
    editor = new StubInstance({ project: "game", handlers });
    await editor.connect(hub.url, hub.token);
    mcp = await startMcpClient({ home: hub.home, cwd: hub.home });
  });
  afterEach(async () => {
    await mcp.close();
    editor.client.terminate();
    await hub.dispose();
  });

  const read = async (uri: string) => {
    const { contents } = await mcp.client.readResource({ uri });
    const [content] = contents;
    return content && "text" in content ? content.text : undefined;
  };

  it("sees the same list before and after anything is connected, where the project adds nothing", async () => {
    const before = await mcp.client.listResources();
    expect(before.resources.map(({ uri }) => uri)).toEqual(
      expect.arrayContaining(["godot://instances", "godot://current/project", "godot://current/scene"]),
    );
    const { resourceTemplates } = await mcp.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain("godot://{instance}/script/{+path}");
    await read("godot://instances");
    expect(await mcp.client.listResources()).toEqual(before);
  });

  it("reads instances, projects, scenes and scripts", async () => {
    expect(await read("godot://instances")).toContain('"name": "game@');
    expect(await read("godot://current/project")).toBe('name: "game"\nmainScene: "res://main.tscn"');
    expect(await read("godot://game/scene/levels/one.tscn")).toBe("res://levels/one.tscn (revision 3)\nMain: Node2D");
    expect(await read("godot://current/scene")).toContain("res://open.tscn");
    expect(await read("godot://game/script/a.gd")).toBe("extends Node\n");
  });

  it.each(["a.gd", "c#/what?.gd", "it's (mine)&yours.gd", "perc%41.gd", "100%.gd", "öl/ä ö.gd", "a+b=c;d,e.gd"])(
    "reads %s at the address that its own template expands to",
    async (path) => {
      const { resourceTemplates } = await mcp.client.listResourceTemplates();
      const template = resourceTemplates.find(({ name }) => name === "script")?.uriTemplate ?? "";
      const said = path === "a.gd" ? "extends Node\n" : `# res://${path}`;
      expect(await read(new UriTemplate(template).expand({ instance: "game", path }))).toBe(said);
      // RFC 6570 leaves what looks like an encoded character as it is.
      const plain = encodeURI(path).replace(/%25(?=[0-9a-f]{2})/gi, "%");
      expect(await read(`godot://game/script/${plain}`)).toBe(said);
      expect(await read(resourceUri("game", "script", `res://${path}`))).toBe(said);
    },
  );

  it("learns the fault of an address", async () => {
    await expect(read("godot://game/shop")).rejects.toMatchObject({ code: -32002 });
    await expect(read("godot://other/project")).rejects.toThrow(/godot:\/\/other\/project: .*other/);
  });

  it("learns why it can't watch an address, and the next step", async () => {
    const unknown = mcp.client.subscribeResource({ uri: "godot://nobody/log" });
    await expect(unknown).rejects.toMatchObject({
      code: -32002,
      message: expect.stringMatching(/godot:\/\/nobody\/log: Unknown target 'nobody'\..* Open that project in Godot/),
    });
  });

  it("lists of what the project adds only what fits, and all the rest whatever it answers", async () => {
    const about = { name: "a", description: "" };
    const answers: Record<string, () => unknown> = {
      "custom.list_resources": () => ({
        resources: [
          { uri: "custom://a", ...about },
          { uriTemplate: "custom://{b}", ...about },
        ],
      }),
      "custom.list_prompts": () => ({ prompts: [{ name: "c" }] }),
    };
    const other = new StubInstance({ project: "other", handlers: { ...handlers, ...answers } });
    await other.connect(hub.url, hub.token);
    await mcp.client.callTool({ name: "hub_use", arguments: { target: "other" } });
    const { resources } = await mcp.client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(expect.arrayContaining(["custom://a", "godot://instances"]));
    const { resourceTemplates } = await mcp.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain("custom://{b}");
    const { prompts } = await mcp.client.listPrompts();
    expect(prompts.map(({ name }) => name)).not.toContain("c");
    expect(prompts.map(({ name }) => name)).toContain("build_feature");
    other.client.terminate();
  });

  it("hears of changes of what it watches, of nothing else, and no longer than it wants", async () => {
    const heard: string[] = [];
    mcp.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
    const main = "godot://game/scene/main.tscn";
    await mcp.client.subscribeResource({ uri: main });
    await mcp.client.subscribeResource({ uri: "godot://instances" });
    editor.emit("scene.changed", { scene: "res://other.tscn", revision: 2 });
    editor.emit("scene.changed", { scene: "res://main.tscn", revision: 2 });
    await until(() => heard.includes(main), { what: "the change of the scene" });
    editor.emit("instance.state", { state: "importing" });
    await until(() => heard.includes("godot://instances"), { what: "the change of the instance" });
    expect(heard.filter((uri) => uri === main)).toHaveLength(1);
    await mcp.client.unsubscribeResource({ uri: main });
    editor.emit("scene.changed", { scene: "res://main.tscn", revision: 3 });
    editor.emit("instance.state", { state: "ready" });
    await until(() => heard.filter((uri) => uri === "godot://instances").length >= 2, { what: "the next event" });
    expect(heard.filter((uri) => uri === main)).toHaveLength(1);
  });

  /** Watches the main scene. */
  async function watchMain(): Promise<{ heard: string[]; main: string }> {
    const heard: string[] = [];
    mcp.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
    const main = "godot://game/scene/main.tscn";
    await mcp.client.subscribeResource({ uri: main });
    return { heard, main };
  }

  it("goes on watching when the hub was killed", async () => {
    const { heard, main } = await watchMain();
    await hub.restart();
    await editor.connect(hub.url, hub.token);
    await until(() => heard.includes(main), { what: "a look at what may have changed meanwhile" });
    editor.emit("scene.saved", { scene: "res://main.tscn" });
    await until(() => heard.length >= 2, { what: "the next change" });
  });

  it("goes on watching when the editor returns long after the hub", async () => {
    const { heard, main } = await watchMain();
    editor.client.terminate();
    await hub.restart();
    // The hub says so only when it no longer expects anybody back.
    await expect(read(main)).rejects.toThrow(/game/);
    await editor.connect(hub.url, hub.token);
    await until(() => heard.includes(main), { what: "a look at what may have changed meanwhile" });
    editor.emit("scene.saved", { scene: "res://main.tscn" });
    await until(() => heard.length >= 2, { what: "the next change" });
  });

  it("watches as its own what it works on, whatever hub_use chooses", async () => {
    const other = new StubInstance({ project: "other", handlers });
    await mcp.client.callTool({ name: "hub_use", arguments: { target: "game" } });
    const heard: string[] = [];
    mcp.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
    await mcp.client.subscribeResource({ uri: "godot://current/scene" });
    await other.connect(hub.url, hub.token);
    await mcp.client.callTool({ name: "hub_use", arguments: { target: "other" } });
    await until(() => heard.length === 1, { what: "a look at the other editor's scene" });
    editor.emit("scene.changed", { scene: "res://main.tscn", revision: 2 });
    other.emit("scene.changed", { scene: "res://main.tscn", revision: 2 });
    await until(() => heard.length >= 2, { what: "the other editor's change" });
    await read("godot://instances");
    expect(heard).toHaveLength(2);
    other.client.terminate();
  });

  it("watches the editor that takes the place of one that has left for good", async () => {
    const { heard, main } = await watchMain();
    await editor.client.close();
    await until(async () => (await read("godot://instances")) === "[]", { what: "the editor's leaving" });
    editor = new StubInstance({ project: "game", handlers });
    await editor.connect(hub.url, hub.token);
    await until(() => heard.includes(main), { what: "a look at what may have changed meanwhile" });
    editor.emit("scene.saved", { scene: "res://main.tscn" });
    await until(() => heard.length >= 2, { what: "the next change" });
  });

  it("completes instances and files", async () => {
    const ref = { type: "ref/resource" as const, uri: "godot://{instance}/scene/{+path}" };
    const { completion } = await mcp.client.complete({ ref, argument: { name: "instance", value: "ga" } });
    expect(completion.values).toEqual([expect.stringMatching(/^game@/)]);
    const paths = await mcp.client.complete({
      ref,
      argument: { name: "path", value: "m" },
      context: { arguments: { instance: "game" } },
    });
    expect(paths.completion.values).toEqual(["main.tscn", "my main.tscn"]);
    const prompt = { type: "ref/prompt" as const, name: "explain_scene" };
    const scenes = await mcp.client.complete({ ref: prompt, argument: { name: "scene", value: "one" } });
    expect(scenes.completion).toMatchObject({ values: ["res://levels/one.tscn"], total: 1, hasMore: false });
    const nothing = await mcp.client.complete({ ref: prompt, argument: { name: "else", value: "" } });
    expect(nothing.completion.values).toEqual([]);
  });
});
