/** Strings that JSON carries and Godot can't hold, answers that are no JSON, requests that an instance can't read: each is answered. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MAX_ID_LENGTH } from "../../protocol/timing.ts";
import { LocalHub } from "../support/local-hub.ts";
import { ProtocolClient } from "../support/protocol-client.ts";
import { until } from "../support/wait.ts";

const HALF = "\\ud83d";
const NUL = "\\u0000";

describe("a string that is no text", () => {
  let hub: LocalHub;
  beforeEach(async () => {
    hub = await LocalHub.start();
  });
  afterEach(() => hub.dispose());

  it.each([
    ["a value", '"params":{"name":"X"}', "INVALID_PARAMS"],
    ["a name", '"params":{"X":1}', "INVALID_PARAMS"],
    ["deep inside", '"params":{"a":[{"b":["X"]}]}', "INVALID_PARAMS"],
    ["the target", '"target":"X"', "INVALID_REQUEST"],
    ["the epoch", '"epoch":"X"', "INVALID_REQUEST"],
    ["a resource", '"resources":["scene:X"]', "INVALID_REQUEST"],
    ["the trace", '"traceparent":"X"', "INVALID_REQUEST"],
    ["a member that means nothing", '"other":{"X":0}', "INVALID_REQUEST"],
  ])("is refused under the request's id, and reaches no editor: %s", async (_where, member, kind) => {
    const editor = await hub.editor();
    const adapter = await hub.adapter();
    for (const bad of [HALF, "\\udc00", "\\ude00\\ud83d", `a${HALF}b`, NUL]) {
      const text = member.replace("X", bad);
      adapter.sendFrame(`{"jsonrpc":"2.0",${text},"id":"after","method":"node.find"}`);
      expect((await adapter.response("after")).error).toMatchObject({ data: { kind } });
      adapter.sendFrame(`{"jsonrpc":"2.0","id":"before","method":"node.find",${text}}`);
      expect((await adapter.response("before")).error).toMatchObject({ data: { kind } });
    }
    expect(editor.executed).toEqual([]);
    expect((await adapter.request("node.find", { name: "\ud83d\ude00" })).error).toBeUndefined();
  });

  it("is quoted with what stands before it, and with what to do", async () => {
    const adapter = await hub.adapter();
    adapter.sendFrame(`{"jsonrpc":"2.0","id":"a","method":"node.find","params":{"text":"Level one ${HALF}"}}`);
    const { error } = await adapter.response("a");
    expect(error?.message).toContain("half a character (\\ud83d)");
    expect(error?.message).toContain("Level one ");
    expect(error?.data?.hint).toContain("whole characters");
  });

  it("is refused in the hub's own methods and in notifications", async () => {
    const editor = await hub.editor();
    const adapter = await hub.adapter();
    adapter.sendFrame(`{"jsonrpc":"2.0","id":"b","method":"hub.bind_target","params":{"target":"${HALF}"}}`);
    expect((await adapter.response("b")).error).toMatchObject({ data: { kind: "INVALID_PARAMS" } });
    editor.client.sendFrame(`{"jsonrpc":"2.0","method":"event","params":{"event":"a.b","seq":1,"data":"${HALF}"}}`);
    expect((await editor.client.response(null)).error).toMatchObject({ data: { kind: "INVALID_PARAMS" } });
  });

  it.each(['"name":"X"', '"agent":{"name":"X","version":"1"}', '"cwd":"/X"', '"project":{"name":"X","path":"/p"}'])(
    "is refused in a client's name, which editors get: %s",
    async (member) => {
      const client = await ProtocolClient.connect(hub.url, { token: hub.token });
      client.sendFrame(`{"type":"identify","clientType":"mcp","clientVersion":"1",${member.replace("X", HALF)}}`);
      expect((await client.response(null)).error).toMatchObject({ data: { kind: "INVALID_REQUEST" } });
      expect((await client.closed).code).toBe(4400);
    },
  );

  it("may stand in an answer: the hub passes it on unread", async () => {
    const editor = await hub.editor({ handlers: { "a.b": () => new Promise(() => {}) } });
    const adapter = await hub.adapter();
    const asked = adapter.request("a.b");
    const { id } = await until(() => editor.executed[0], { what: "the command" });
    editor.client.sendFrame(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":"cut ${HALF}"}`);
    expect((await asked).result).toBe("cut \ud83d");
  });
});

describe("an instance that could not read a request", () => {
  let hub: LocalHub;
  beforeEach(async () => {
    hub = await LocalHub.start();
  });
  afterEach(() => hub.dispose());

  it("and knows its id, ends that one", async () => {
    const editor = await hub.editor({ handlers: { "a.b": () => new Promise(() => {}) } });
    const adapter = await hub.adapter();
    const asked = adapter.request("a.b");
    const { id } = await until(() => editor.executed[0], { what: "the command" });
    const error = { code: -32700, message: "Not JSON.", data: { kind: "PARSE_ERROR" } };
    editor.client.sendMessage({ jsonrpc: "2.0", id, error });
    expect((await asked).error).toMatchObject(error);
  });

  it("and does not know its id, ends only the requests in flight to it", async () => {
    const waits = { "node.add": () => new Promise(() => {}), "scene.get_tree": () => new Promise(() => {}) };
    const editor = await hub.editor({ handlers: waits });
    const other = await hub.editor({ project: "other", handlers: { "a.b": () => new Promise(() => {}) } });
    const adapter = await hub.adapter();
    const target = "stub-game";
    const asked = [adapter.request("node.add", {}, { target }), adapter.request("scene.get_tree", {}, { target })];
    const elsewhere = adapter.request("a.b", {}, { target: "other", deadlineMs: 500 });
    await until(() => editor.executed.length + other.executed.length === 3, { what: "the commands" });
    editor.client.sendMessage({ jsonrpc: "2.0", id: null, error: { code: -32700, message: "Not JSON." } });
    expect((await Promise.all(asked)).map(({ error }) => error?.data?.kind)).toEqual([
      "OUTCOME_UNKNOWN",
      "INTERNAL_ERROR",
    ]);
    expect((await elsewhere).error).toMatchObject({ data: { kind: "TIMEOUT" } });
    const { result } = await adapter.request("hub.status");
    expect(result).toMatchObject({ counters: { accepted: 3, answered: 3, pending: 0 } });
  });

  it("is not one for a request with the longest id", async () => {
    const editor = await hub.editor();
    const adapter = await hub.adapter();
    const id = "i".repeat(MAX_ID_LENGTH);
    expect((await adapter.request("a.b", {}, { id })).error).toBeUndefined();
    expect(editor.executed[0]?.id.length).toBeGreaterThan(MAX_ID_LENGTH);
  });
});
