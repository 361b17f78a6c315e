import { describe, expect, it } from "vitest";
import { CommandError } from "../../mcp-adapter/adapter-error.ts";
import { TokenUsage } from "../../mcp-adapter/calls/token-usage.ts";
import { runTool } from "../../mcp-adapter/calls/tool-runner.ts";
import { instructionsFor } from "../../mcp-adapter/instructions.ts";
import { HubSession } from "../../mcp-adapter/link/hub-session.ts";
import type { Answer, RequestContent } from "../../mcp-adapter/link/pending-request.ts";
import { Log } from "../../mcp-adapter/process/log.ts";
import { TOOLS } from "../../mcp-adapter/tools/index.ts";
import { COMMAND_DEADLINE_MAX_MS } from "../../protocol/timing.ts";

const listings = [...TOOLS.values()].map((tool) => tool.listing());

/** Every object in a JSON value. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield { ...value };
  for (const member of Object.values(value)) yield* objectsIn(member);
}

describe("the tools", () => {
  it("are the compact set, in this order", () => {
    expect([...TOOLS.keys()]).toEqual([
      "hub_status",
      "hub_use",
      "project_overview",
      "find_files",
      "scene_tree",
      "scene_manage",
      "node_inspect",
      "scene_edit",
      "script_read",
      "script_write",
      "script_check",
      "editor_state",
      "editor_log",
      "editor_undo",
      "editor_screenshot",
      "run_project",
      "stop_project",
      "game_inspect",
      "game_control",
      "docs_search",
      "command_search",
      "command_run",
    ]);
  });

  it("cost a model no more than 6,000 tokens, about 4 characters each", () => {
    expect(JSON.stringify({ tools: listings }).length).toBeLessThan(24_000);
    for (const preset of ["compact", "full", "graphql"] as const)
      expect(instructionsFor(preset).length).toBeLessThan(2_048);
  });

  it.each(listings.map((listing) => [listing.name, listing] as const))(
    "%s is one that strict clients accept",
    (_, listing) => {
      expect(listing.name).toMatch(/^[a-z][a-z0-9_]{2,39}$/);
      expect(listing.title.length).toBeGreaterThan(3);
      expect(listing.description.length).toBeLessThan(300);
      expect(listing.description).toMatch(/Example: \{.*\}$/s);
      expect(listing.annotations).toMatchObject({ title: listing.title, openWorldHint: false });
      const hints = [
        listing.annotations.readOnlyHint,
        listing.annotations.destructiveHint,
        listing.annotations.idempotentHint,
      ];
      expect(hints.every((hint) => typeof hint === "boolean")).toBe(true);
      expect(listing.inputSchema).toMatchObject({ type: "object", additionalProperties: false });
      expect(listing.inputSchema.properties).toHaveProperty("target");
      for (const schema of objectsIn(listing.inputSchema)) {
        for (const keyword of ["$schema", "$ref", "anyOf", "oneOf", "allOf", "propertyNames"])
          expect(schema).not.toHaveProperty(keyword);
        if (schema.type === "array") expect(schema.items).toBeTypeOf("object");
      }
      expect(listing).not.toHaveProperty("outputSchema");
    },
  );

  it.each(listings.map((listing) => [listing.name, listing] as const))(
    "%s shows an example that it accepts",
    async (name, { description }) => {
      const example = /Example: (\{.*\})$/s.exec(description)?.[1];
      const { outcome } = await run(name, JSON.parse(example ?? ""));
      expect(outcome.structured?.kind).not.toBe("INVALID_PARAMS");
    },
  );
});

/** Runs a tool against instances that answer with what `reply` gives. */
async function run(
  name: string,
  args: Record<string, unknown>,
  reply: (content: RequestContent) => unknown = () => ({ ok: true }),
  state = "ready",
) {
  const asked: RequestContent[] = [];
  const instance = { id: "i", name: "game@1", epoch: "e" };
  const request = async (content: RequestContent): Promise<Answer> => {
    if (content.method === "scene.list_open" && name !== "project_overview" && args.action !== "list")
      return { result: { current: null }, instance };
    if (content.method === "hub.resolve_target")
      return { result: { instance: { ...knownInstance, state } }, instance: undefined };
    if (content.method === "hub.list_commands") return { result: { commands: [custom] }, instance: undefined };
    asked.push(content);
    return { result: reply(content), instance };
  };
  const session = new HubSession({ link: { request, generation: 1, isConnected: true }, binding: () => undefined });
  const signal = new AbortController().signal;
  const outcome = await runTool({ name, args, signal, report: undefined }, session, {
    tools: TOOLS,
    usage: new TokenUsage(undefined, () => {}),
    deadlineMs: 1_000,
    log: new Log("silent"),
  });
  return { outcome, asked };
}

const custom = {
  name: "quest.start",
  description: "Starts a quest.",
  readOnly: false,
  paramsSchema: { type: "object", properties: { title: { type: "string" } } },
};
const knownInstance = {
  id: "i",
  name: "game@1",
  clientType: "godot",
  project: null,
  godotVersion: null,
  addonVersion: "1",
  pid: null,
  epoch: "e",
  headless: null,
  state: "ready",
  agents: [],
  connectedAt: "",
  lastSeenAt: "",
};
const refusal = (kind: string, data: object = {}) =>
  new CommandError({ code: -32001, message: "It is not there.", data: { kind, ...data } });

describe("a tool call", () => {
  it("becomes its command, without the members that were not given, for the target that was named", async () => {
    const { asked, outcome } = await run("scene_tree", { depth: 2, target: "game" });
    expect(asked).toMatchObject([
      { method: "scene.get_tree", params: { depth: 2, limit: 400 }, target: "game", epoch: "e" },
    ]);
    expect(Object.keys(asked[0]?.params ?? {})).toEqual(["depth", "limit"]);
    expect(outcome.text).toMatch(/\[game@1\]$/);
  });

  it("says of a wrong argument which one, what was expected, and which there are", async () => {
    const { outcome, asked } = await run("node_inspect", { pat: "Player", names: { position: true } });
    expect(asked).toEqual([]);
    expect(outcome).toMatchObject({ isError: true, structured: { kind: "INVALID_PARAMS", code: -32602 } });
    expect(outcome.text).toContain("'path' is missing");
    expect(outcome.text).toContain("'pat' is unknown: did you mean 'path'?");
    expect(outcome.text).toContain("'names[0]': expected string");
    expect(outcome.text).toContain("What to do: Params: path, scene?, names?, all?, format?, target?.");
  });

  it("says of a value that may have several forms what each lacks, and of a wrong word which is like it", async () => {
    const params = { name: "left", events: [{ key: "A" }] };
    const { outcome } = await run("command_run", { command: "project.set_input_action", params });
    expect(outcome.text).toContain(`'events[0]': expected string, received object, or 'type' expected "key", or`);
    const edit = await run("scene_edit", { operations: [{ op: "set_propertys", path: "." }] });
    expect(edit.outcome.text).toContain('did you mean "set_properties".');
  });

  it("says of an unknown tool which are like it", async () => {
    const { outcome } = await run("scene_trees", {});
    expect(outcome).toMatchObject({
      isError: true,
      structured: { candidates: expect.arrayContaining(["scene_tree"]) },
    });
  });

  it("passes on an error with cause, what to do, what is known, and its code for programs", async () => {
    const { outcome } = await run("scene_tree", {}, () => {
      throw refusal("NOT_FOUND", { hint: "Look again.", candidates: ["Player", "Enemy"], retryable: false, until: 5 });
    });
    expect(outcome.text).toBe("NOT_FOUND: It is not there.\nWhat to do: Look again.\nKnown: Player, Enemy");
    expect(outcome.structured).toEqual({
      code: -32001,
      kind: "NOT_FOUND",
      message: "It is not there.",
      hint: "Look again.",
      candidates: ["Player", "Enemy"],
      retryable: false,
      until: 5,
    });
  });

  it("names nothing twice that an error has named", async () => {
    const { outcome } = await run("scene_tree", {}, () => {
      throw refusal("NOT_FOUND", { hint: "Did you mean 'Player'?", candidates: ["Player", "Enemy"] });
    });
    expect(outcome.text).toBe("NOT_FOUND: It is not there.\nWhat to do: Did you mean 'Player'?\nKnown: Enemy");
    expect(outcome.structured).toMatchObject({ candidates: ["Player", "Enemy"] });
  });

  it.each([
    [{ kind: "LEASE_HELD", retryAfterMs: 4_200, hint: "Wait." }, /repeat the call in 5 s; reading is not held up/],
    [{ kind: "BUSY", retryAfterMs: 10 }, /repeat the call in 1 s/i],
    [{ kind: "CONFLICT", hint: "Repeat it with ifRevision:7." }, /do: Repeat it with ifRevision:7\.$/],
    [{ kind: "CONFLICT" }, /do: Nothing was changed: read it again/],
    [
      { kind: "OUTCOME_UNKNOWN", dispatched: true, hint: "Look." },
      /Do not repeat it blindly: when hub_status shows the editor again/,
    ],
    [
      { kind: "OUTCOME_UNKNOWN", dispatched: true, game: true, hint: "The game has ended: run.status says how." },
      /do: The game has ended: game_inspect \{"what":"status"\} says how\.$/,
    ],
    [{ kind: "OUTCOME_UNKNOWN", hint: "The game is stopped: look there." }, /do: The game is stopped: look there\.$/],
  ])("says in the words of the tools what to do about %j", async ({ kind, ...data }, advice) => {
    const { outcome } = await run("scene_tree", {}, () => {
      throw refusal(kind, data);
    });
    expect(outcome.text).toMatch(advice);
  });

  it("tells a defect of its own from an error of the other side", async () => {
    const { outcome } = await run("scene_tree", {}, () => {
      throw new TypeError("x is not a function");
    });
    expect(outcome).toMatchObject({ isError: true, structured: { kind: "INTERNAL_ERROR" } });
    expect(outcome.text).toContain("defect of godot-mcp-adapter");
  });
});

describe("script_read", () => {
  it("gives the source as it is below one line about it", async () => {
    const script = { path: "res://a.gd", hash: "h", lines: 9, source: "extends Node\n\n\tpass\n" };
    expect((await run("script_read", { path: "res://a.gd" }, () => script)).outcome.text).toBe(
      "res://a.gd (9 lines, hash h) [game@1]\nextends Node\n\n\tpass\n",
    );
    const part = await run("script_read", { path: "res://a.gd", from: 2, to: 5 }, () => script);
    expect(part.outcome.text).toContain("(lines 2 to 5 of 9 lines, hash h)");
  });
});

describe("hub_use", () => {
  const reply =
    (instances: object[]) =>
    ({ method }: RequestContent) => {
      if (method === "hub.list_instances") return { instances };
      return { instance: { ...knownInstance, project: { name: "a", path: "/games/a" } } };
    };

  it("starts a headless editor on a project that none has open, and binds to it", async () => {
    const { asked, outcome } = await run("hub_use", { target: "/games/a", launch: true }, reply([]));
    expect(asked.map(({ method }) => method)).toEqual(["hub.list_instances", "instance.launch", "hub.bind_target"]);
    expect(outcome.text).toContain("This session now works on game@1");
  });

  it("starts none beside one that is open", async () => {
    const open = { ...knownInstance, project: { name: "a", path: "/games/a" } };
    const { asked } = await run("hub_use", { target: "/games/a", launch: true }, reply([open]));
    expect(asked.map(({ method }) => method)).toEqual(["hub.list_instances", "hub.bind_target"]);
  });

  it("says that it needs a folder", async () => {
    expect((await run("hub_use", { launch: true })).outcome.text).toContain("needs a project's folder");
  });
});

describe("scene_edit", () => {
  it("sends all operations as one command", async () => {
    const operations = [
      { op: "add", type: "Node2D", name: "A", as: "a" },
      { op: "attach_script", path: "$a", script: "res://a.gd" },
    ];
    const reply = () => ({
      scene: "res://m.tscn",
      revision: 4,
      results: [{ path: "A" }, { path: "A", script: "res://a.gd" }],
    });
    const { asked, outcome } = await run("scene_edit", { operations, scene: "res://m.tscn", ifRevision: 3 }, reply);
    expect(asked).toMatchObject([
      {
        method: "edit.batch",
        params: { operations, scene: "res://m.tscn", ifRevision: 3 },
        resources: ["scene:res://m.tscn"],
      },
    ]);
    expect(outcome.text).toContain('2 operations done as one undo step, revision 4.\n- add path="A"\n- attach_script');
    expect(outcome.structured).toBeUndefined();
    const data = await run("scene_edit", { operations, format: "json" }, reply);
    expect(data.outcome.structured).toEqual(reply());
  });

  it.each([
    [{ op: "rename", path: "A" }, "'operations[1].name' is missing"],
    [{ op: "delete", path: "A", type: "Node" }, "'operations[1].type' is unknown"],
    [{ op: "attach_script", path: "A", script: "a.gd" }, "'operations[1].script': must begin with res://"],
  ])("names what is wrong with an operation before anything happens: %j", async (wrong, message) => {
    const { asked, outcome } = await run("scene_edit", { operations: [{ op: "add", type: "Node" }, wrong] });
    expect(asked).toEqual([]);
    expect(outcome.text).toContain(message);
  });
});

describe("scene_manage", () => {
  it.each([
    [{ action: "list" }, "scene.list_open", {}],
    [{ action: "open", path: "res://a.tscn" }, "scene.open", { path: "res://a.tscn" }],
    [
      { action: "create", path: "res://a.tscn", rootType: "Node" },
      "scene.create",
      { path: "res://a.tscn", rootType: "Node" },
    ],
    [{ action: "save", path: "res://a.tscn" }, "scene.save", { scene: "res://a.tscn" }],
    [{ action: "save" }, "scene.save", {}],
  ])("%j is %s", async (args, method, params) => {
    expect((await run("scene_manage", args)).asked).toMatchObject([{ method, params }]);
  });

  it("says what an action needs", async () => {
    const { outcome } = await run("scene_manage", { action: "create", path: "res://a.tscn" });
    expect(outcome.text).toContain("'rootType' is missing");
  });
});

describe("script_write", () => {
  const written = { path: "res://a.gd", hash: "h", lines: 1, errors: [] };

  it("edits a script that is there", async () => {
    const { asked, outcome } = await run(
      "script_write",
      { path: "res://a.gd", source: "extends Node\n" },
      () => written,
    );
    expect(asked.map(({ method }) => method)).toEqual(["script.edit"]);
    expect(outcome.text).toContain("Changed res://a.gd: 1 lines, hash h.\nNo errors.");
  });

  it("creates one that is not, unless the caller believes it to be there", async () => {
    const reply = ({ method }: RequestContent) => {
      if (method === "script.edit") throw refusal("NOT_FOUND");
      return { ...written, errors: [{ line: 3, column: 1, message: "Oh." }] };
    };
    const created = await run("script_write", { path: "res://a.gd", source: "x" }, reply);
    expect(created.asked.map(({ method }) => method)).toEqual(["script.edit", "script.create"]);
    expect(created.outcome.text).toContain("Created res://a.gd: 1 lines, hash h.\nIt has errors:\n3:1: Oh.");
    const edits = [{ find: "a", replace: "b" }];
    expect((await run("script_write", { path: "res://a.gd", edits }, reply)).outcome.isError).toBe(true);
    expect((await run("script_write", { path: "res://a.gd", source: "x", ifHash: "h" }, reply)).outcome.isError).toBe(
      true,
    );
  });

  it("takes a source or edits, not both and not neither", async () => {
    for (const args of [{}, { source: "x", edits: [{ find: "a", replace: "b" }] }]) {
      expect((await run("script_write", { path: "res://a.gd", ...args })).outcome.structured).toMatchObject({
        kind: "INVALID_PARAMS",
      });
    }
  });
});

describe("find_files", () => {
  it("lists by name and type, or searches inside", async () => {
    const files = () => ({ files: [{ path: "res://a.gd", type: "GDScript", size: 5 }], truncated: true, cursor: "c" });
    const listed = await run("find_files", { pattern: "*.gd", type: "GDScript" }, files);
    expect(listed.asked).toMatchObject([
      { method: "project.list_files", params: { pattern: "*.gd", type: "GDScript" } },
    ]);
    expect(listed.outcome.text).toContain('res://a.gd  GDScript  5\n... cut: go on with cursor "c"');
    const searched = await run("find_files", { query: "speed" }, () => ({
      matches: [{ path: "res://a.gd", line: 2, text: "var speed" }],
    }));
    expect(searched.asked).toMatchObject([{ method: "project.search_files", params: { query: "speed" } }]);
    expect(searched.outcome.text).toContain("res://a.gd:2: var speed");
    expect((await run("find_files", { query: "x", type: "GDScript" })).outcome.isError).toBe(true);
  });
});

describe("command_run", () => {
  it("runs a command of the table with checked params", async () => {
    const { asked } = await run("command_run", { command: "node.rename", params: { path: "A", name: "B" } });
    expect(asked).toMatchObject([{ method: "node.rename", params: { path: "A", name: "B" } }]);
    const wrong = await run("command_run", { command: "node.rename", params: { path: "A", nam: "B" } });
    expect(wrong.asked).toEqual([]);
    expect(wrong.outcome.text).toContain("did you mean 'name'");
  });

  it("runs a command that the project registered", async () => {
    const { asked } = await run("command_run", { command: "quest.start", params: { title: "Dawn" } });
    expect(asked).toMatchObject([{ method: "quest.start", params: { title: "Dawn" } }]);
  });

  it("asks an editor that starts, or is on its way back, for what its project may register yet", async () => {
    for (const state of ["importing", "away"]) {
      const { asked } = await run("command_run", { command: "quest.begin" }, undefined, state);
      expect(asked).toMatchObject([{ method: "quest.begin" }]);
    }
    for (const state of ["ready", "busy", "playing", "paused"]) {
      const { asked, outcome } = await run("command_run", { command: "quest.begin" }, undefined, state);
      expect(asked).toEqual([]);
      expect(outcome.structured).toMatchObject({ kind: "METHOD_NOT_FOUND" });
    }
  });

  it("names commands that are like one that is not there, the project's too", async () => {
    expect((await run("command_run", { command: "node.renam" })).outcome.structured).toMatchObject({
      kind: "METHOD_NOT_FOUND",
      candidates: expect.arrayContaining(["node.rename"]),
    });
    expect((await run("command_run", { command: "quest.begin" })).outcome.structured?.candidates).toContain(
      "quest.start",
    );
    expect((await run("command_run", { command: "hub.shutdown" })).outcome.isError).toBe(true);
  });

  it("reaches what the hub does for agents: editors of its own making, leases", async () => {
    const launched = await run("command_run", { command: "instance.launch", params: { project: "/games/a" } });
    expect(launched.asked).toMatchObject([{ method: "instance.launch", params: { project: "/games/a" } }]);
    expect(launched.asked[0]?.params?.waitMs).toBeLessThan(COMMAND_DEADLINE_MAX_MS);
    const leased = await run("command_run", {
      command: "hub.acquire_lease",
      params: { resources: ["scene:res://a.tscn"] },
      target: "game",
    });
    expect(leased.asked).toMatchObject([{ params: { resources: ["scene:res://a.tscn"], target: "game" } }]);
    expect((await run("command_run", { command: "instance.stop", params: {} })).outcome.text).toContain("'target'");
    const { text } = (await run("command_search", { query: "launch headless editor" })).outcome;
    expect(text).toMatch(/^instance\.launch/);
  });
});

describe("command_search", () => {
  it("finds commands in spite of typing errors, with their params, and the project's own", async () => {
    const { outcome, asked } = await run("command_search", { query: "atach scrpt" });
    expect(asked).toEqual([]);
    expect(outcome.text).toMatch(
      /^script\.attach \(write, undoable\): Attaches a script to a node\.\n {2}scene\?: string/,
    );
    expect((await run("command_search", { query: "quest" })).outcome.text).toContain(
      "quest.start (custom, write): Starts a quest.\n  title?: string",
    );
    expect((await run("command_search", {})).outcome.text.split("\n")).toEqual(
      expect.arrayContaining(["node.add", "quest.start"]),
    );
    expect((await run("command_search", { query: "qqqqqq" })).outcome.text).toContain("No command fits");
  });

  it("finds a word whose letters changed places, and gives nothing on words that say nothing", async () => {
    const first = async (query: string) => (await run("command_search", { query })).outcome.text.split("\n")[0];
    expect(await first("sceenrshot")).toMatch(/^(editor|game)\.screenshot /);
    expect(await first("gropu")).toMatch(/^node\.\w*group/);
    expect(await first("renmae a nod")).toMatch(/^node\.rename /);
    expect(await first("how do I make the screenshot")).toMatch(/^(editor|game)\.screenshot /);
    expect(await first("how do I make it")).toContain("No command fits");
  });
});
