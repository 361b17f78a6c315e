import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CommandError } from "../../hub-client/client-errors.ts";
import type { Answer, RequestContent } from "../../hub-client/pending-request.ts";
import { TokenUsage } from "../../mcp-adapter/calls/token-usage.ts";
import { runTool } from "../../mcp-adapter/calls/tool-runner.ts";
import { instructionsFor } from "../../mcp-adapter/instructions.ts";
import { Log } from "../../mcp-adapter/process/log.ts";
import { HubSession } from "../../mcp-adapter/session/hub-session.ts";
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
      "project_search",
      "project_check",
      "scene_open",
      "scene_tree",
      "node_inspect",
      "scene_edit",
      "script_read",
      "script_write",
      "log_read",
      "screenshot",
      "game_run",
      "game_stop",
      "game_inspect",
      "game_wait",
      "game_control",
      "docs_search",
      "command_search",
      "command_read",
      "command_run",
    ]);
  });

  it("are shown in few words, with a summary in the first line", () => {
    for (const preset of ["compact", "full", "graphql"] as const) {
      const text = instructionsFor(preset);
      expect(text.length).toBeLessThanOrEqual(700);
      expect(text.split("\n")[0]).toMatch(/^Godot 4 game engine: inspect, edit, run, test and debug projects/);
    }
  });

  it("that only read say so, those that change what can be taken back are not called destructive", () => {
    const names = (is: (annotations: (typeof listings)[number]["annotations"]) => boolean) =>
      listings.filter(({ annotations }) => is(annotations)).map(({ name }) => name);
    expect(names(({ destructiveHint }) => destructiveHint)).toEqual(["command_run"]);
    expect(names(({ readOnlyHint, destructiveHint }) => !readOnlyHint && !destructiveHint)).toEqual([
      "hub_use",
      "scene_open",
      "scene_edit",
      "script_write",
      "game_run",
      "game_stop",
      "game_control",
    ]);
  });

  it("are found by hosts that hide tools: a few of them at once, and only at a Godot project", () => {
    const first = (isAtProject: boolean) =>
      [...TOOLS.values()]
        .filter((tool) => tool.listing(isAtProject)._meta["anthropic/alwaysLoad"])
        .map(({ name }) => name);
    expect(first(false)).toEqual([]);
    expect(first(true)).toEqual(["hub_status", "project_overview", "scene_tree", "scene_edit", "screenshot"]);
    for (const { _meta, title, description } of listings) {
      expect(_meta["anthropic/searchHint"].length).toBeGreaterThan(10);
      expect(`${title} ${description}`).toMatch(/Godot|command_/);
    }
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

const HOME = mkdtempSync(join(tmpdir(), "godot-tools-"));
afterAll(() => rmSync(HOME, { recursive: true, force: true }));

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
    if (content.method === "scene.list_open") return { result: { current: null }, instance };
    if (content.method === "hub.resolve_target")
      return { result: { instance: { ...knownInstance, state } }, instance: undefined };
    if (content.method === "hub.list_commands")
      return { result: { commands: [custom, { ...custom, name: "quest.list", readOnly: true }] }, instance: undefined };
    asked.push(content);
    return { result: reply(content), instance };
  };
  const link = { request, generation: 1, isConnected: true };
  const session = new HubSession({ link, home: HOME, binding: () => undefined });
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
    const { outcome, asked } = await run("script_read", { pat: "Player", from: { line: 1 } });
    expect(asked).toEqual([]);
    expect(outcome).toMatchObject({ isError: true, structured: { kind: "INVALID_PARAMS", code: -32602 } });
    expect(outcome.text).toContain("'path' is missing");
    expect(outcome.text).toContain("'pat' is unknown: did you mean 'path'?");
    expect(outcome.text).toContain("'from': expected number");
    expect(outcome.text).toContain("What to do: Params: path, from?, to?, format?, target?.");
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

  it("forwards an error with cause, next step, known data, and its code for programs", async () => {
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

  it("distinguishes its own defect from an error of the other side", async () => {
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

  it("saves the scene afterwards, or by itself, and takes back the last step", async () => {
    const reply = ({ method }: RequestContent) =>
      method === "edit.batch"
        ? { scene: "res://m.tscn", revision: 4, results: [{ path: "A" }] }
        : { scene: "res://m.tscn", revision: 4, action: "Edit" };
    const operations = [{ op: "delete", path: "A" }];
    const saved = await run("scene_edit", { operations, save: true }, reply);
    expect(saved.asked).toMatchObject([
      { method: "edit.batch" },
      { method: "scene.save", params: { scene: "res://m.tscn" } },
    ]);
    expect(saved.outcome.text).toContain("Saved.");
    expect((await run("scene_edit", { save: true }, reply)).asked).toMatchObject([{ method: "scene.save" }]);
    const undone = await run("scene_edit", { undo: true, scene: "res://m.tscn" }, reply);
    expect(undone.asked).toMatchObject([{ method: "editor.undo", params: { scene: "res://m.tscn" } }]);
    const failed = await run("scene_edit", { operations, save: true }, (content) => {
      if (content.method === "scene.save") throw refusal("CONFLICT");
      return reply(content);
    });
    expect(failed.outcome.isError).toBe(true);
    expect(failed.outcome.text).toContain("1 operation done as one undo step");
    expect(failed.outcome.text).toContain("That is done, but not saved: It is not there.");
  });

  it.each([
    [{}, "'operations' is missing"],
    [{ operations: [], undo: true, preview: true }, "'preview' does not go with"],
    [{ operations: [{ op: "delete", path: "A" }], undo: true }, "'undo' does not go with 'operations'"],
    [{ operations: [{ op: "delete", path: "A" }], preview: true, save: true }, "'preview' does not go with"],
  ])("does one thing: %j", async (args, message) => {
    const { asked, outcome } = await run("scene_edit", args);
    expect(outcome.text).toContain(message);
    expect(asked).toEqual([]);
  });

  it.each([
    [{ op: "rename", path: "A" }, "'operations[1].name' is missing"],
    [{ op: "delete", path: "A", type: "Node" }, "'operations[1].type' is unknown"],
    [{ op: "attach_script", path: "A", script: "a.gd" }, "'operations[1].script': must begin with res://"],
  ])("names the fault of an operation before anything happens: %j", async (wrong, message) => {
    const { asked, outcome } = await run("scene_edit", { operations: [{ op: "add", type: "Node" }, wrong] });
    expect(asked).toEqual([]);
    expect(outcome.text).toContain(message);
  });
});

describe("scene_open", () => {
  it.each([
    [{ path: "res://a.tscn" }, "scene.open", { path: "res://a.tscn" }],
    [{ path: "res://a.tscn", rootType: "Node" }, "scene.create", { path: "res://a.tscn", rootType: "Node" }],
    [
      { path: "res://a.tscn", template: "ui_menu", rootName: "Menu" },
      "scene.create_from_template",
      { path: "res://a.tscn", template: "ui_menu", rootName: "Menu" },
    ],
  ])("%j is %s", async (args, method, params) => {
    expect((await run("scene_open", args)).asked).toMatchObject([{ method, params }]);
  });

  it.each([
    [{ path: "res://a.tscn", rootName: "A" }, "'rootType' is missing"],
    [{ path: "res://a.tscn", rootType: "Node", template: "ui_menu" }, "either 'rootType' or 'template'"],
  ])("%j is neither", async (args, message) => {
    const { outcome, asked } = await run("scene_open", args);
    expect(outcome.text).toContain(message);
    expect(asked).toEqual([]);
  });
});

describe("node_inspect", () => {
  it("shows several nodes in one answer", async () => {
    const reply = ({ params }: RequestContent) => ({ path: params?.path, properties: { x: 1 } });
    const { asked, outcome } = await run("node_inspect", { paths: ["A", "B"], includeDefaults: true }, reply);
    expect(asked.map(({ params }) => params)).toEqual([
      { path: "A", all: true },
      { path: "B", all: true },
    ]);
    expect(outcome.text).toMatch(/path: "A"[\s\S]*path: "B"/);
    const data = await run("node_inspect", { path: "A", paths: "B", format: "json" }, reply);
    expect(data.outcome.structured).toMatchObject({ nodes: [{ path: "A" }, { path: "B" }] });
    expect((await run("node_inspect", {})).outcome.text).toContain("'path' is missing");
  });
});

describe("project_check", () => {
  const problems = [
    { path: "res://a.tscn", severity: "error", kind: "missing", message: "No icon.svg.", line: 3 },
    { path: "res://b.tres", severity: "warning", kind: "uid", message: "Twice." },
  ];
  const reply = ({ method }: RequestContent) =>
    method === "script.validate"
      ? {
          valid: false,
          errors: [{ line: 2, column: 1, message: "Oh." }],
          warnings: [{ line: 5, column: 1, message: "Unused." }],
        }
      : { valid: false, errors: 1, warnings: 1, checked: 9, problems };

  it("checks everything, or the scripts, files and folders that are named", async () => {
    const whole = await run("project_check", {}, reply);
    expect(whole.asked).toMatchObject([{ method: "project.validate", params: { path: "res://" } }]);
    expect(whole.outcome.text).toBe(
      "1 errors, 1 warnings: 9 files checked.\nerror res://a.tscn:3: No icon.svg.\nwarning res://b.tres: Twice.\n[game@1]",
    );
    const paths = ["res://x.gd", "res://level", "res://ui/a.tscn"];
    const some = await run("project_check", { paths, warnings: false }, reply);
    expect(some.asked).toMatchObject([
      { method: "script.validate", params: { path: "res://x.gd" } },
      { method: "project.validate", params: { path: "res://level" } },
      { method: "project.validate", params: { path: "res://ui/" } },
    ]);
    expect(some.outcome.text).toContain("error res://x.gd:2:1: Oh.");
    expect(some.outcome.text).not.toContain("warning ");
  });

  it("checks a text that is not saved", async () => {
    const { asked, outcome } = await run("project_check", { source: "x", format: "json" }, reply);
    expect(asked).toMatchObject([{ method: "script.validate", params: { source: "x" } }]);
    expect(outcome.structured).toMatchObject({ valid: false, checked: 1, problems: [{ line: 2 }, { line: 5 }] });
  });

  it("names unchecked files, and says of such a file alone that nothing was checked", async () => {
    const why = "C# is checked when it is built.";
    const unchecked = ({ method }: RequestContent) =>
      method === "script.validate"
        ? { valid: null, errors: [], warnings: [], notChecked: why }
        : {
            valid: true,
            checked: 7,
            problems: [],
            notChecked: [{ why, files: 3, paths: ["res://A.cs", "res://B.cs"] }],
          };
    const whole = await run("project_check", {}, unchecked);
    expect(whole.outcome.text).toContain("Nothing is wrong: 7 files checked.");
    expect(whole.outcome.text).toContain(`not checked: res://A.cs, res://B.cs and 1 more: ${why}`);
    for (const path of ["res://A.cs", "res://a.gdshaderinc", "res://notes.md"]) {
      const { outcome, asked } = await run("project_check", { paths: [path] }, unchecked);
      expect(asked.map(({ method }) => method)).toContain("script.validate");
      expect(outcome.text).toMatch(new RegExp(`^Nothing was checked\\.\nnot checked: ${path}: C#`));
      expect(outcome.text).not.toContain("Nothing is wrong");
    }
  });

  it("says that nothing is wrong", async () => {
    const { outcome } = await run("project_check", {}, () => ({ valid: true, checked: 7, problems: [] }));
    expect(outcome.text).toContain("Nothing is wrong: 7 files checked.");
  });
});

describe("game_run", () => {
  it.each([
    [{}, "run.play", {}],
    [{ what: "current" }, "run.play", { which: "current" }],
    [
      { scene: "res://a.tscn", fixedFps: 60, paused: true },
      "run.play",
      { scene: "res://a.tscn", fixedFps: 60, paused: true },
    ],
    [{ what: "tests", filter: "jump" }, "test.run", { name: "jump" }],
  ])("%j is %s", async (args, method, params) => {
    const { asked } = await run("game_run", args);
    expect(asked.map((each) => [each.method, each.params])).toEqual([[method, params]]);
  });

  it.each([{ what: "tests", scene: "res://a.tscn" }, { filter: "jump" }])("%j does not go together", async (args) => {
    const { asked, outcome } = await run("game_run", args);
    expect(outcome.text).toContain("does not go with");
    expect(asked).toEqual([]);
  });
});

describe("log_read", () => {
  const reply = ({ method, params }: RequestContent) => {
    const entries = [{ seq: 7, level: "warning", message: `of ${method} since ${params?.cursor ?? "the beginning"}` }];
    return method === "editor.get_log" ? { entries, cursor: "7" } : { game: 2, state: "running", entries, cursor: "9" };
  };

  it("tells of the editor and of the game, and goes on where it was", async () => {
    const both = (await run("log_read", {}, reply)).outcome.text;
    expect(both).toBe(
      [
        "Editor:\nwarning: of editor.get_log since the beginning",
        "Game 2, running:\nwarning: of run.get_output since the beginning",
        'Go on later with cursor "7/2:9".\n[game@1]',
      ].join("\n\n"),
    );
    const next = await run("log_read", { cursor: "7/2:9", level: "error" }, reply);
    expect(next.asked.map(({ params }) => params)).toEqual([
      { level: "error", cursor: "7", limit: 100 },
      { level: "error", cursor: "9", limit: 100 },
    ]);
  });

  it("begins anew with a game that was played meanwhile", async () => {
    const { asked, outcome } = await run("log_read", { of: "game", cursor: "/1:30" }, reply);
    expect(asked.map(({ params }) => params?.cursor)).toEqual(["30", undefined]);
    expect(outcome.text).toContain('cursor "/2:9"');
  });

  it("does without a game where none was played, unless it is asked for", async () => {
    const none = (content: RequestContent) => {
      if (content.method === "run.get_output") throw refusal("NOT_FOUND");
      return reply(content);
    };
    const both = (await run("log_read", {}, none)).outcome;
    expect(both.isError).toBeUndefined();
    expect(both.text).toContain('Game:\nIt is not there.\n\nGo on later with cursor "7/".');
    expect((await run("log_read", { of: "game" }, none)).outcome.isError).toBe(true);
    expect((await run("log_read", { of: "editor", cursor: "7/" }, none)).asked).toMatchObject([
      { params: { cursor: "7" } },
    ]);
  });
});

describe("script_write", () => {
  const written = { path: "res://a.gd", hash: "h2", lines: 1, errors: [] };
  const before = { path: "res://a.gd", hash: "h1", lines: 1, source: "extends Node2D\n" };
  const reply = ({ method }: RequestContent) => (method === "script.read" ? before : written);
  const write = (args: object, by: (content: RequestContent) => unknown = reply) =>
    run("script_write", { path: "res://a.gd", ...args }, by);

  it("edits an existing script, and keeps the old text for a restore", async () => {
    const { asked, outcome } = await write({ source: "extends Node\n" });
    expect(asked).toMatchObject([
      { method: "script.read" },
      { method: "script.edit", params: { source: "extends Node\n", ifHash: "h1" } },
    ]);
    expect(outcome.text).toContain("Changed res://a.gd: 1 lines, hash h2.\nNo errors.");
    const restore = /"restore":"(\w+)" brings it back/.exec(outcome.text)?.[1];
    expect((await write({ restore })).asked[1]).toMatchObject({ params: { source: before.source } });
    expect((await run("script_write", { path: "res://b.gd", restore }, reply)).outcome.text).toContain("NOT_FOUND");
  });

  it("does not say that an unchecked file has no errors", async () => {
    const unbuilt = ({ method }: RequestContent) =>
      method === "script.read" ? before : { ...written, notChecked: "C# is checked when it is built." };
    const { outcome } = await write({ source: "class A {}\n" }, unbuilt);
    expect(outcome.text).toContain("hash h2.\nNot checked. C# is checked when it is built.");
    expect(outcome.text).not.toContain("No errors.");
  });

  it("keeps a change from meanwhile, too, unless the caller means one text alone", async () => {
    const hashes = ["h1", "h2", "h3"];
    const busy = ({ method, params }: RequestContent) => {
      if (method === "script.read") return { ...before, hash: hashes[0] };
      hashes.shift();
      if (params?.ifHash !== hashes[0] && hashes.length > 1) throw refusal("CONFLICT");
      return written;
    };
    const { asked, outcome } = await write({ source: "x" }, busy);
    expect(outcome.isError).toBeUndefined();
    expect(asked.map(({ params }) => params?.ifHash)).toEqual([undefined, "h1", undefined, "h2"]);
    hashes.unshift("h1", "h2");
    expect((await write({ source: "x", ifHash: "h0" }, busy)).outcome.text).toContain("CONFLICT");
  });

  it("creates one that is not, unless the caller believes it to be there", async () => {
    const absent = ({ method }: RequestContent) => {
      if (method !== "script.create") throw refusal("NOT_FOUND");
      return { ...written, errors: [{ line: 3, column: 1, message: "Oh." }] };
    };
    const created = await write({ source: "x" }, absent);
    expect(created.asked.map(({ method }) => method)).toEqual(["script.read", "script.create"]);
    expect(created.outcome.text).toContain("Created res://a.gd: 1 lines, hash h2.\nIt has errors:\n3:1: Oh.");
    const edits = [{ find: "a", replace: "b" }];
    expect((await write({ edits }, absent)).outcome.isError).toBe(true);
    expect((await write({ source: "x", ifHash: "h" }, absent)).outcome.isError).toBe(true);
  });

  it("attaches it to a node, and names the done part if that fails", async () => {
    const args = { source: "x", attachTo: "Player", scene: "res://a.tscn" };
    const { asked, outcome } = await write(args);
    expect(asked[2]).toMatchObject({
      method: "script.attach",
      params: { path: "Player", script: "res://a.gd", scene: "res://a.tscn" },
    });
    expect(outcome.text).toContain("Attached to Player");
    const failed = await write(args, (content) => {
      if (content.method === "script.attach") throw refusal("NOT_FOUND", { candidates: ["Player2"] });
      return reply(content);
    });
    expect(failed.outcome.isError).toBe(true);
    expect(failed.outcome.text).toMatch(
      /Changed res:\/\/a\.gd[\s\S]*That is done, but not attached to Player: It is not there/,
    );
    expect(failed.outcome.structured).toMatchObject({
      kind: "NOT_FOUND",
      candidates: ["Player2"],
      done: { hash: "h2" },
    });
  });

  it("takes a source or edits, not both and not neither", async () => {
    for (const args of [{}, { source: "x", edits: [{ find: "a", replace: "b" }] }]) {
      expect((await write(args)).outcome.structured).toMatchObject({ kind: "INVALID_PARAMS" });
    }
  });
});

describe("project_search", () => {
  it("lists by name and type, or searches inside", async () => {
    const files = () => ({ files: [{ path: "res://a.gd", type: "GDScript", size: 5 }], truncated: true, cursor: "c" });
    const listed = await run("project_search", { pattern: "*.gd", type: "GDScript" }, files);
    expect(listed.asked).toMatchObject([
      { method: "project.list_files", params: { pattern: "*.gd", type: "GDScript" } },
    ]);
    expect(listed.outcome.text).toContain('res://a.gd  GDScript  5\n... cut: go on with cursor "c"');
    const searched = await run("project_search", { text: "speed" }, () => ({
      matches: [{ path: "res://a.gd", line: 2, text: "var speed" }],
    }));
    expect(searched.asked).toMatchObject([{ method: "project.search_files", params: { query: "speed" } }]);
    expect(searched.outcome.text).toContain("res://a.gd:2: var speed");
    expect((await run("project_search", { text: "x", type: "GDScript" })).outcome.isError).toBe(true);
  });
});

describe("command_read", () => {
  it.each([
    [{ command: "project.list_input_actions" }, "project.list_input_actions"],
    [{ command: "node.find", params: { type: "Node2D" } }, "node.find"],
    [{ command: "hub.list_leases" }, "hub.list_leases"],
    [{ command: "quest.list" }, "quest.list"],
  ])("runs %j", async (args, method) => {
    expect((await run("command_read", args)).asked).toMatchObject([{ method }]);
  });

  it.each([
    ["node.add", "command_run node.add"],
    ["script.create", "script_write"],
    ["editor.screenshot", "screenshot"],
    ["instance.launch", "command_run"],
    ["hub.acquire_lease", "command_run"],
    ["job.cancel", "command_run"],
    ["quest.start", "command_run"],
  ])("refuses %s, and says that it is run by %s", async (command, way) => {
    const { asked, outcome } = await run("command_read", { command, params: { path: "A" } });
    expect(asked).toEqual([]);
    expect(outcome.text).toContain(`'${command}' changes something: command_read only reads.`);
    expect(outcome.text).toMatch(new RegExp(`What to do: .*${way}`));
  });

  it("runs no tool that changes something in a command's place", async () => {
    const { asked, outcome } = await run("command_read", { command: "game_run" });
    expect(asked).toEqual([]);
    expect(outcome.isError).toBe(true);
    expect((await run("command_read", { command: "scene_tree" })).asked).toMatchObject([{ method: "scene.get_tree" }]);
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

  it("reaches the hub's methods for agents: launched editors, leases", async () => {
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
  it("knows the commands of the project, too, and asks no editor for the others", async () => {
    const { outcome, asked } = await run("command_search", { query: "quest" });
    expect(asked).toEqual([]);
    expect(outcome.text).toContain("quest.start (custom, write): Starts a quest.\n  title?: string");
    expect((await run("command_search", {})).outcome.text.split("\n")).toEqual(
      expect.arrayContaining(["node.add", "quest.start"]),
    );
    expect((await run("command_search", { query: "qqqqqq" })).outcome.text).toContain("No command does 'qqqqqq'.");
  });
});
