import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalHub } from "../support/local-hub.ts";
import { deferred, until } from "../support/wait.ts";

describe("routing", () => {
  let hub: LocalHub;
  beforeEach(async () => {
    hub = await LocalHub.start();
  });
  afterEach(() => hub.dispose());

  it("forwards params and results byte for byte and says which instance answered", async () => {
    const editor = await hub.editor({ project: "alpha" });
    const adapter = await hub.adapter();
    adapter.sendFrame('{"method":"node.add","params":{"big":9223372036854775807,"one":1.0},"id":"a","jsonrpc":"2.0"}');
    const answered = await adapter.next(({ message }) => message.id === "a", { what: "the answer" });
    expect(answered.message).toMatchObject({ result: { ok: true }, instance: { id: editor.identified.clientId } });
    expect(editor.executed[0]?.context.agent).toBe("test-agent");

    const raw = await hub.editor({ project: "raw" });
    const asked = adapter.request("x.y", {}, { target: "raw" });
    await until(() => raw.executed.length === 1, { what: "the command" });
    expect((await asked).error).toBeUndefined();
  });

  it("keeps the ids of two clients apart", async () => {
    const editor = await hub.editor({ handlers: { echo: ({ params }) => params } });
    const [one, two] = [await hub.adapter(), await hub.adapter()];
    const answers = await Promise.all([
      one.request("echo", { from: 1 }, { id: "same" }),
      two.request("echo", { from: 2 }, { id: "same" }),
    ]);
    expect(answers.map(({ result }) => result)).toEqual([{ from: 1 }, { from: 2 }]);
    expect(editor.executed).toHaveLength(2);
  });

  it("fails closed: no instance, an unknown one, several", async () => {
    const adapter = await hub.adapter();
    expect((await adapter.request("a.b")).error?.code).toBe(-32010);
    await hub.editor({ project: "alpha" });
    await hub.editor({ project: "beta" });
    const ambiguous = await adapter.request("a.b");
    expect(ambiguous.error).toMatchObject({ code: -32012, data: { kind: "TARGET_AMBIGUOUS" } });
    expect(ambiguous.error?.data?.candidates).toHaveLength(2);
    const unknown = await adapter.request("a.b", {}, { target: "gamma" });
    expect(unknown.error).toMatchObject({ code: -32011 });
    expect(unknown.error?.message).toContain("alpha@");
  });

  it("finds a target by its short name, its project's name in any spelling, and its folder, where only one fits", async () => {
    const runner = await hub.editor({ project: "Coin Runner", projectPath: "/projects/coin_game" });
    const { clientId: id, name } = runner.identified;
    expect(name).toMatch(/^coin-runner@/);
    const game = await hub.editor({
      project: "Coin Runner",
      projectPath: "/projects/coin_game",
      identify: { clientType: "game", parent: id, name: `${name}.game` },
    });
    await hub.editor({ project: "coin" });
    const adapter = await hub.adapter();
    for (const target of ["coin-runner", "Coin Runner", "coin runner", "COIN-RUNNER", "coin_game", name]) {
      expect((await adapter.request("a.b", {}, { target })).instance?.id, target).toBe(id);
    }
    const ofGame = await adapter.request("a.b", {}, { target: "coin-runner.game" });
    expect(ofGame.instance?.id).toBe(game.identified.clientId);
    for (const target of ["runner", "@", "-", "coin-runner@"]) {
      expect((await adapter.request("a.b", {}, { target })).error?.data?.kind, target).toBe("TARGET_NOT_FOUND");
    }
    const copy = await hub.editor({ project: "Coin Runner", projectPath: "/worktrees/coin_game" });
    for (const target of ["coin-runner", "coin_game"]) {
      const { error } = await adapter.request("a.b", {}, { target });
      expect(error?.data?.kind).toBe("TARGET_AMBIGUOUS");
      for (const each of [name, copy.identified.name]) expect(error?.message).toContain(each);
    }
  });

  it("says of an unknown target what it may have meant, in words that the asker has seen", async () => {
    const { name } = (await hub.editor({ project: "alpha" })).identified;
    const adapter = await hub.adapter();
    const told = async (target: string) => (await adapter.request("a.b", {}, { target })).error?.message ?? "";
    expect(await told("alpha@ffff")).toContain(`Unknown target 'alpha@ffff'. Did you mean ${name} (/projects/alpha)?`);
    expect(await told("/projects/gamma")).toMatch(
      /^No connected editor has the project \/projects\/gamma open\. Connected: alpha@/,
    );
    await Promise.all(Array.from({ length: 30 }, (_, index) => hub.editor({ project: `p${index}` })));
    expect(await told("gamma")).toMatch(/ and 19 more\.$/);
    expect((await adapter.request("a.b")).error?.message).toMatch(/ and 19 more\.$/);
  });

  it("finds a target by id, name, project path and project name", async () => {
    const alpha = await hub.editor({ project: "alpha" });
    await hub.editor({ project: "beta" });
    const adapter = await hub.adapter();
    const { clientId, name } = alpha.identified;
    for (const target of [clientId, name, "/projects/alpha/", "alpha"]) {
      const { instance } = await adapter.request("a.b", {}, { target });
      expect(instance?.id, target).toBe(clientId);
    }
  });

  it("never lets a session that is bound to one project reach another, also when that is the only one", async () => {
    const beta = await hub.editor({ project: "beta" });
    const adapter = await hub.adapter({ identify: { project: { name: "alpha", path: "/projects/alpha" } } });
    const { error } = await adapter.request("node.add");
    expect(error).toMatchObject({ code: -32011 });
    expect(error?.message).toContain("beta@");
    expect(beta.executed).toHaveLength(0);
  });

  it("binds a session to an instance without changing any other session", async () => {
    const alpha = await hub.editor({ project: "alpha" });
    const beta = await hub.editor({ project: "beta" });
    const [one, two] = [await hub.adapter(), await hub.adapter()];
    await one.request("hub.bind_target", { target: "alpha" });
    await two.request("hub.bind_target", { target: "beta" });
    await one.request("a.b");
    await two.request("a.b");
    expect([alpha.executed.length, beta.executed.length]).toEqual([1, 1]);
    await one.request("hub.bind_target", { target: null });
    expect((await one.request("a.b")).error?.code).toBe(-32012);
    expect((await one.request("hub.bind_target", { target: "gamma" })).error?.code).toBe(-32011);
  });

  it("spreads reads that any editor of a project may answer over the idle ones, and never a write", async () => {
    const gate = deferred<unknown>();
    const handlers = { "scene.get_tree": () => gate.promise, "node.add": () => "added" };
    const editors = await Promise.all([
      hub.editor({ project: "twin", handlers }),
      hub.editor({ project: "twin", handlers }),
    ]);
    const adapter = await hub.adapter();
    const envelope = { target: "twin", anyOf: true };
    const reads = Array.from({ length: 4 }, (_, depth) => adapter.request("scene.get_tree", { depth }, envelope));
    await until(() => editors.every(({ executed }) => executed.length === 2), { what: "two reads on each" });
    gate.resolve("tree");
    for (const { result } of await Promise.all(reads)) expect(result).toBe("tree");
    expect((await adapter.request("node.add", {}, envelope)).error?.code).toBe(-32012);
  });

  it("lets instances and observers issue no commands", async () => {
    const editor = await hub.editor();
    expect((await editor.client.request("node.add")).error?.code).toBe(-32019);
    const observer = await hub.adapter({ identify: { clientType: "watcher" } });
    expect((await observer.request("node.add")).error?.code).toBe(-32019);
    expect((await observer.request("hub.status")).result).toMatchObject({ clients: 1, instances: 1 });
  });

  it("counts a response only from the instance that was asked", async () => {
    const hold = deferred<unknown>();
    const alpha = await hub.editor({ project: "alpha", handlers: { slow: () => hold.promise } });
    const beta = await hub.editor({ project: "beta" });
    const adapter = await hub.adapter();
    const asked = adapter.request("slow", {}, { target: "alpha" });
    const command = await until(() => alpha.executed[0], { what: "the command" });
    beta.client.sendMessage({ jsonrpc: "2.0", id: command.id, result: "forged" });
    await until(async () => countersOf(await adapter.request("hub.status")).late === 1, { what: "the forged answer" });
    hold.resolve("real");
    expect((await asked).result).toBe("real");
  });

  it("ends a command whose budget is used up with TIMEOUT, cancels it, and drops the late answer", async () => {
    const hold = deferred<unknown>();
    const editor = await hub.editor({ handlers: { slow: () => hold.promise } });
    const adapter = await hub.adapter();
    const { error } = await adapter.request("slow", {}, { deadlineMs: 50 });
    expect(error).toMatchObject({ code: -32015, data: { kind: "TIMEOUT", dispatched: true } });
    await editor.client.next(({ message }) => message.method === "cancel", { what: "the cancel" });
    hold.resolve("too late");
    await until(async () => countersOf(await adapter.request("hub.status")).late === 1, { what: "the late answer" });
    const { accepted, answered, pending } = countersOf(await adapter.request("hub.status"));
    expect(accepted).toBe(answered + pending);
  });

  it("counts the deadline down while a command waits: the instance gets the rest", async () => {
    const editor = await hub.editor();
    const [one, two] = [await hub.adapter(), await hub.adapter()];
    await one.request("hub.acquire_lease", { resources: ["*"], durationMs: 1_000 });
    expect((await two.request("node.add", {}, { deadlineMs: 60_000 })).error).toBeUndefined();
    expect(editor.executed[0]?.deadlineMs).toBeLessThan(60_000);
  });

  it("forwards progress to the requester, under its own id", async () => {
    const editor = await hub.editor({
      handlers: {
        work: ({ id }) => {
          editor.client.sendMessage({ jsonrpc: "2.0", method: "progress", params: { id, progress: 1, total: 2 } });
          return "done";
        },
      },
    });
    const adapter = await hub.adapter();
    const asked = adapter.request("work", {}, { id: "w1" });
    const { message } = await adapter.next(({ message }) => message.method === "progress", { what: "progress" });
    expect(message.params).toEqual({ id: "w1", progress: 1, total: 2 });
    expect((await asked).result).toBe("done");
  });

  it("answers every kind of bad frame with a named error and goes on", async () => {
    const adapter = await hub.adapter();
    const cases: [string | Buffer, number, boolean][] = [
      ["[]", -32600, false],
      ["{", -32700, false],
      ["{}", -32600, false],
      ['{"type":"nonsense"}', -32600, false],
      ['{"type":"identify","clientType":"mcp"}', -32600, false],
      ['{"jsonrpc":"2.0","method":"unknown"}', -32601, false],
      [Buffer.from("{}"), -32600, true],
    ];
    for (const [frame, code, binary] of cases) {
      adapter.sendFrame(frame, { binary });
      const { message } = await adapter.next(({ message }) => message.error !== undefined, { what: String(frame) });
      expect(message.error?.code, String(frame)).toBe(code);
    }
    expect((await adapter.request("hub.nothing")).error?.code).toBe(-32601);
    expect((await adapter.request("hub.bind_target", { target: 7 })).error?.code).toBe(-32602);
    expect((await adapter.request("hub.status")).error).toBeUndefined();
  });

  it("answers TOO_LARGE for a message over the limit and keeps the connection", async () => {
    const small = await LocalHub.start({ maxMessageBytes: 100_000 });
    const editor = await small.editor({ handlers: { big: () => "x".repeat(150_000), small: () => "y" } });
    const adapter = await small.adapter();
    const request = await adapter.request("small", { text: "x".repeat(120_000) });
    expect(request.error).toMatchObject({ code: -32021, data: { limit: 100_000 } });
    expect(editor.executed).toHaveLength(0);
    expect((await adapter.request("big")).error?.code).toBe(-32021);
    expect((await adapter.request("small")).result).toBe("y");
    await small.dispose();
  });
});

function countersOf({ result }: { result?: unknown }): Record<"accepted" | "answered" | "pending" | "late", number> {
  return (result as { counters: Record<"accepted" | "answered" | "pending" | "late", number> }).counters;
}
