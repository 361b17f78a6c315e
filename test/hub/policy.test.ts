/** Tests the permissions of clients: roles, rules, further tokens, and limits a minute. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { RateBudget } from "../../hub/access/rate-budget.ts";
import { createToken, readTokenBook, revokeToken, type TokenWish } from "../../hub/access/token-book.ts";
import type { HubConfig } from "../../hub/config.ts";
import type { Response } from "../../protocol/rpc.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, ProtocolClient } from "../support/protocol-client.ts";
import { until, within } from "../support/wait.ts";

let hub: LocalHub;
afterEach(() => hub.dispose());

const start = async (config: Partial<HubConfig> = {}) => {
  hub = await LocalHub.start(config);
  const editor = await hub.editor({
    identify: {
      capabilities: {
        features: ["journal"],
        commands: [
          { name: "level.count", description: "", readOnly: true, paramsSchema: {} },
          { name: "level.build", description: "", readOnly: false, paramsSchema: {} },
        ],
      },
    },
  });
  return { editor, executed: () => editor.executed.map(({ method }) => method) };
};

const tokenFor = (wish: Partial<TokenWish>) =>
  createToken(hub.home, { name: "ci", role: "agent", readOnly: false, allow: [], deny: [], ...wish });

const withToken = async (wish: Partial<TokenWish>) => {
  const token = tokenFor(wish);
  return { token, adapter: (await openAdapter(hub.url, token)).client };
};

const kindOf = ({ error }: Response) => error?.data?.kind;
const batch = (...ops: string[]) => ({ operations: ops.map((op) => ({ op })) });

describe("rules of the hub", () => {
  it("let only what reads pass with --read-only, custom commands and batches too", async () => {
    const { executed } = await start({ readOnly: true });
    const adapter = await hub.adapter();
    for (const method of ["node.add", "edit.batch", "level.build", "unknown.command", "hub.acquire_lease"]) {
      const answer = await adapter.request(method, { resources: ["a"], ...batch("add") });
      expect(answer.error, method).toMatchObject({ code: -32019, data: { kind: "FORBIDDEN", rule: "read-only" } });
    }
    for (const method of ["scene.get_tree", "edit.preview", "level.count", "hub.status", "hub.list_leases"]) {
      expect((await adapter.request(method, batch("add", "delete"))).error, method).toBeUndefined();
    }
    expect(executed()).toEqual(["scene.get_tree", "edit.preview", "level.count"]);
  });

  it("hold back what --deny names, say by which rule and how to change it, and are stronger than --allow", async () => {
    const { executed } = await start({ deny: ["*.delete", "game.*"], allow: ["node.*"] });
    const adapter = await hub.adapter();
    const { error } = await adapter.request("node.delete");
    expect(error).toMatchObject({ code: -32019, data: { rule: "deny *.delete" } });
    expect(error?.message).toContain("node.delete");
    expect(error?.data?.hint).toContain("--deny");
    expect(kindOf(await adapter.request("game.eval"))).toBe("FORBIDDEN");
    expect((await adapter.request("scene.open")).error?.data?.rule).toBe("allow node.*");
    expect((await adapter.request("node.add")).error).toBeUndefined();
    expect(executed()).toEqual(["node.add"]);
  });

  it("hold for editors that agents start and end, too", async () => {
    await start({ deny: ["instance.launch"], allow: ["node.*", "instance.launch"] });
    const adapter = await hub.adapter();
    const launch = await adapter.request("instance.launch", { project: "/nowhere" });
    expect(launch.error?.data?.rule).toBe("deny instance.launch");
    const stop = await adapter.request("instance.stop", { target: "stub-game" });
    expect(stop.error?.data?.rule).toBe("allow node.*,instance.launch");
  });

  it.each(["edit.batch", "edit.preview"])(
    "can't be got round by %s: each operation counts as its command",
    async (name) => {
      const { executed } = await start({ deny: ["node.delete", "script.*"] });
      const adapter = await hub.adapter();
      expect(kindOf(await adapter.request(name, batch("add", "delete")))).toBe("FORBIDDEN");
      expect(kindOf(await adapter.request(name, batch("attach_script")))).toBe("FORBIDDEN");
      const hidden = '"params":{"operations":[{"op":"add"}],"operations":[{"op":"add","op":"delete"}]}';
      adapter.sendFrame(`{"jsonrpc":"2.0","id":"twice","method":"${name}",${hidden}}`);
      expect(kindOf(await adapter.response("twice"))).toBe("FORBIDDEN");
      expect(kindOf(await adapter.request(name, { operations: "delete" }))).toBe("INVALID_PARAMS");
      expect((await adapter.request(name, batch("add", "rename"))).error).toBeUndefined();
      expect(executed()).toEqual([name]);
    },
  );

  it("are sent to the instance if the params of a command can have the effect of another one", async () => {
    const { editor } = await start({ deny: ["script.*", "instance.*"], allow: ["node.*", "edit.*", "project.*"] });
    const token = tokenFor({ deny: ["project.add_*"] });
    const { client } = await openAdapter(hub.url, token);
    const adapter = await hub.adapter();
    const contextOf = async (asker: ProtocolClient, method: string, params = {}) => {
      expect((await asker.request(method, params)).error).toBeUndefined();
      return editor.executed.at(-1)?.context;
    };
    const script = { "script.attach": "deny script.*", "script.detach": "deny script.*" };
    const main = { "scene.set_main": "allow node.*,edit.*,project.*" };
    expect(await contextOf(adapter, "node.add")).toMatchObject({ withheld: { ...script, ...main } });
    expect(await contextOf(adapter, "edit.batch", batch("add"))).toMatchObject({ withheld: script });
    expect((await contextOf(adapter, "edit.batch", batch("add")))?.withheld).not.toHaveProperty("scene.set_main");
    const both = await contextOf(client, "node.add");
    expect(both?.withheld).toEqual({ ...script, ...main, "project.add_autoload": "deny project.add_*" });
    adapter.sendFrame(
      '{"jsonrpc":"2.0","id":"x","method":"node.add","context":{"withheld":{},"agent":"me"},"params":{}}',
    );
    await adapter.response("x");
    expect(editor.executed.at(-1)?.context).toMatchObject({
      withheld: script,
      agent: expect.not.stringMatching("^me$"),
    });
  });

  it("are not sent if there are none", async () => {
    const { editor } = await start();
    await (await hub.adapter()).request("node.add");
    expect(editor.executed[0]?.context).not.toHaveProperty("withheld");
  });

  it("let a batch pass for its own name or for all its operations", async () => {
    await start({ allow: ["node.*"] });
    const adapter = await hub.adapter();
    expect((await adapter.request("edit.batch", batch("add", "move"))).error).toBeUndefined();
    expect(kindOf(await adapter.request("edit.batch", batch("add", "create_animation")))).toBe("FORBIDDEN");
    await hub.dispose();
    await start({ allow: ["edit.*"], deny: ["node.delete"] });
    const other = await hub.adapter();
    expect((await other.request("edit.batch", batch("add"))).error).toBeUndefined();
    expect(kindOf(await other.request("edit.batch", batch("delete")))).toBe("FORBIDDEN");
  });
});

describe("roles", () => {
  it("keep commands from everybody but adapters, and whatever is not looking from observers", async () => {
    const { executed } = await start();
    const observer = await ProtocolClient.connect(hub.url, { token: hub.token });
    await observer.identify({ clientType: "observer" });
    expect(kindOf(await observer.request("node.add"))).toBe("FORBIDDEN");
    for (const method of ["hub.shutdown", "instance.launch", "instance.stop", "hub.acquire_lease", "hub.audit"]) {
      expect(kindOf(await observer.request(method, { project: "/x", target: "x", resources: ["a"] })), method).toBe(
        "FORBIDDEN",
      );
    }
    for (const method of ["hub.status", "hub.list_clients", "hub.usage"]) {
      expect((await observer.request(method)).error, method).toBeUndefined();
    }
    expect(executed()).toEqual([]);
    observer.terminate();
  });

  it("keep the owner's methods, and the end of a hub that a person has started, from adapters", async () => {
    await start();
    const adapter = await hub.adapter();
    for (const [method, params] of [
      ["hub.disconnect_client", { client: "x" }],
      ["hub.pause_instance", { target: "x", paused: true }],
      ["hub.create_login_code", {}],
      ["hub.watch_activity", {}],
      ["hub.audit", {}],
      ["hub.release_lease", { holder: "x" }],
      ["hub.shutdown", {}],
    ] as const) {
      expect(kindOf(await adapter.request(method, params)), method).toBe("FORBIDDEN");
    }
    expect((await adapter.request("hub.shutdown", { ifAutoStarted: true })).result).toEqual({ stopping: false });
  });
});

describe("further tokens", () => {
  it("carry rules of their own, beside which everybody else goes on", async () => {
    const { executed } = await start();
    const { adapter } = await withToken({ readOnly: true, deny: ["script.read"] });
    expect((await adapter.request("node.add")).error?.message).toContain("the token 'ci'");
    expect((await adapter.request("script.read")).error?.data?.rule).toBe("deny script.read");
    expect((await adapter.request("scene.get_tree")).error).toBeUndefined();
    expect((await (await hub.adapter()).request("node.add")).error).toBeUndefined();
    expect(executed()).toEqual(["scene.get_tree", "node.add"]);
    adapter.terminate();
  });

  it("are good for the clients of their role only", async () => {
    await start();
    const token = tokenFor({ name: "looks", role: "observer" });
    for (const clientType of ["mcp", "godot", "game"]) {
      const client = await ProtocolClient.connect(hub.url, { token });
      client.sendMessage({ type: "identify", clientType, clientVersion: "1", godotVersion: "4.6" });
      expect((await within(client.closed, { what: "the close" })).code, clientType).toBe(4403);
    }
    const agent = await ProtocolClient.connect(hub.url, { token: tokenFor({ name: "edits" }) });
    agent.sendMessage({ type: "identify", clientType: "godot", clientVersion: "1", godotVersion: "4.6" });
    expect((await within(agent.closed, { what: "the close" })).code).toBe(4403);
    const cli = await ProtocolClient.connect(hub.url, { token });
    await cli.identify({ clientType: "cli" });
    expect((await cli.request("hub.status")).error).toBeUndefined();
    expect(kindOf(await cli.request("hub.create_login_code"))).toBe("FORBIDDEN");
    cli.terminate();
  });

  it("cut off who came with them once they are revoked", async () => {
    await start();
    const { adapter, token } = await withToken({});
    expect((await adapter.request("node.add")).error).toBeUndefined();
    expect(revokeToken(hub.home, "ci")).toBe(true);
    expect((await within(adapter.closed, { what: "the close" })).code).toBe(4403);
    await expect(ProtocolClient.connect(hub.url, { token })).rejects.toMatchObject({ status: 401 });
  });

  it("that are given to editors open no metrics", async () => {
    await start();
    const address = `${hub.url.replace("ws:", "http:")}/metrics`;
    const statusWith = async (token: string) =>
      (await fetch(address, { headers: { Authorization: `Bearer ${token}` } })).status;
    expect(await statusWith(tokenFor({ name: "lab", role: "instance" }))).toBe(401);
    expect(await statusWith(tokenFor({ name: "wall", role: "observer" }))).toBe(200);
  });

  it("cut off the clients of a token whose rules were changed, and no others", async () => {
    await start();
    const { adapter: other } = await withToken({ name: "other" });
    const { adapter } = await withToken({});
    const tokens = readTokenBook(hub.home).map((entry) =>
      entry.name === "ci" ? { ...entry, deny: ["node.*"] } : entry,
    );
    writeFileSync(join(hub.home, "tokens.json"), JSON.stringify({ tokens }));
    expect((await within(adapter.closed, { what: "the close" })).code).toBe(4403);
    expect((await other.request("node.add")).error).toBeUndefined();
    other.terminate();
  });

  it("are kept as digests, in a file for its owner alone; a broken file lets no client in", async () => {
    await start();
    const { token, adapter } = await withToken({});
    adapter.terminate();
    expect(JSON.stringify(readTokenBook(hub.home))).not.toContain(token);
    writeFileSync(join(hub.home, "tokens.json"), "{");
    await expect(ProtocolClient.connect(hub.url, { token })).rejects.toMatchObject({ status: 401 });
    expect((await (await hub.adapter()).request("hub.status")).error).toBeUndefined();
  });
});

describe("code execution", () => {
  it("is opened by the hub only where it was started so, and only to instances", async () => {
    const { editor } = await start();
    expect(editor.identified.mayRunCode).toBeUndefined();
    await hub.dispose();
    const opened = await start({ enableExec: true });
    expect(opened.editor.identified.mayRunCode).toBe(true);
    const { client, identified } = await openAdapter(hub.url, hub.token);
    expect(identified.mayRunCode).toBeUndefined();
    client.terminate();
  });
});

describe("links out of projects", () => {
  it("may lead to the folders that the hub was started with, which only instances hear", async () => {
    const { editor } = await start();
    expect(editor.identified.mayFollowLinksTo).toBeUndefined();
    await hub.dispose();
    const opened = await start({ allowLinks: ["/shared/kit"] });
    expect(opened.editor.identified.mayFollowLinksTo).toEqual(["/shared/kit"]);
    const { client, identified } = await openAdapter(hub.url, hub.token);
    expect(identified.mayFollowLinksTo).toBeUndefined();
    client.terminate();
  });
});

describe("limits on requests", () => {
  it("refuse writes beyond the limit, say when to come again, and leave others and reads alone", async () => {
    const { executed } = await start({ writesPerMinute: 3 });
    const [greedy, other] = [await hub.adapter(), await hub.adapter()];
    const answers = await Promise.all([1, 2, 3, 4].map(() => greedy.request("node.add")));
    const refused = answers.filter(({ error }) => error);
    expect(refused.map(({ error }) => error)).toMatchObject([
      { code: -32020, data: { kind: "RATE_LIMITED", retryable: true } },
    ]);
    expect(refused[0]?.error?.data?.retryAfterMs).toBeGreaterThan(10_000);
    expect((await greedy.request("scene.get_tree")).error).toBeUndefined();
    expect((await other.request("node.add")).error).toBeUndefined();
    expect(executed()).toHaveLength(5);
  });

  it("limit reads, too, where that is asked for", async () => {
    await start({ readsPerMinute: 2 });
    const adapter = await hub.adapter();
    const kinds = [];
    for (let index = 0; index < 3; index += 1) kinds.push(kindOf(await adapter.request("scene.get_tree")));
    expect(kinds).toEqual([undefined, undefined, "RATE_LIMITED"]);
    expect((await adapter.request("node.add")).error).toBeUndefined();
  });

  it("refill evenly", async () => {
    hub = await LocalHub.start();
    const budget = new RateBudget(6_000);
    for (let index = 0; index < 6_000; index += 1) budget.take();
    expect(budget.take()).toBeLessThanOrEqual(10);
    await until(() => budget.take() === 0, { what: "the next one" });
  });
});
