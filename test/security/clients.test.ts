/** Attacks by who has been let in: on other clients' identities, answers and state, and on the hub itself. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createToken } from "../../hub/access/token-book.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, ProtocolClient } from "../support/protocol-client.ts";
import { until, within } from "../support/wait.ts";

let hub: LocalHub;
const clients: ProtocolClient[] = [];
beforeEach(async () => {
  hub = await LocalHub.start({ launchRoots: [tmpdir()] });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await hub.dispose();
});

const connect = async (token = hub.token) => {
  const client = await ProtocolClient.connect(hub.url, { token });
  clients.push(client);
  return client;
};
const tokenOf = (name: string, role: "agent" | "observer" | "instance") =>
  createToken(hub.home, { name, role, readOnly: false, allow: [], deny: [] });

describe("identities", () => {
  it("are not taken over with a resume token that belongs to a client with another token", async () => {
    const { client, identified } = await openAdapter(hub.url, hub.token);
    clients.push(client);
    const thief = await connect(tokenOf("thief", "agent"));
    const got = await thief.identify({ clientType: "mcp", resumeToken: identified.resumeToken });
    expect(got).toMatchObject({ resumed: false });
    expect(got.clientId).not.toBe(identified.clientId);
    expect((await client.request("hub.status")).error).toBeUndefined();
    // Nor once it has left, when the hub knows of it by that token alone.
    await client.close();
    const late = await connect(tokenOf("late", "agent"));
    const { clientId } = await late.identify({ clientType: "mcp", resumeToken: identified.resumeToken });
    expect(clientId).not.toBe(identified.clientId);
    const { resumeToken } = identified;
    const heir = await connect();
    expect((await heir.identify({ clientType: "mcp", resumeToken })).clientId).toBe(identified.clientId);
  });

  it("are not made up: a resume token that the hub has not signed, or that was altered, identifies no client", async () => {
    const { client, identified } = await openAdapter(hub.url, hub.token);
    clients.push(client);
    const [body = "", signature = ""] = identified.resumeToken.split(".");
    const forged = Buffer.from(JSON.stringify([identified.clientId, "me", "owner"])).toString("base64url");
    for (const resumeToken of [
      `${forged}.${signature}`,
      `${body}.`,
      body,
      `${body}.${"A".repeat(43)}`,
      ".",
      "x".repeat(900),
    ]) {
      const stranger = await connect();
      expect((await stranger.identify({ clientType: "mcp", resumeToken })).clientId).not.toBe(identified.clientId);
    }
    expect(client.isOpen).toBe(true);
  });

  it("of editors are not taken by their epoch or project with another token, nor by a game", async () => {
    const editor = await hub.editor({ project: "arcade", epoch: "e".repeat(16) });
    const instance = { epoch: editor.epoch, pid: process.pid };
    const members = { clientVersion: "1", godotVersion: "4.6.3", project: editor.project, instance };
    const other = await connect(tokenOf("lab", "instance"));
    expect((await other.identify({ clientType: "godot", ...members })).clientId).not.toBe(editor.identified.clientId);
    const game = await connect();
    expect((await game.identify({ clientType: "game", ...members })).clientId).not.toBe(editor.identified.clientId);
    expect(editor.client.isOpen).toBe(true);
    const adapter = await hub.adapter();
    expect((await adapter.request("node.add", {}, { target: editor.identified.clientId })).error).toBeUndefined();
    expect(editor.executed).toHaveLength(1);
  });
});

describe("the program that an editor says it is", () => {
  const programOf = async (project: string) => {
    const { result } = await (await hub.adapter()).request("hub.list_instances");
    const { instances } = result as { instances: { project: { name: string }; executable?: string }[] };
    return instances.find((each) => each.project.name === project)?.executable;
  };
  const editorFrom = async (token: string, project: string, executable: string) => {
    const client = await connect(token);
    await client.identify({
      clientType: "godot",
      project: { name: project, path: `/p/${project}` },
      instance: { executable },
    });
  };

  it("is believed of those with the owner's token only: others would have it run", async () => {
    const folder = mkdtempSync(join(tmpdir(), "godot-hub-project-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const [program, mark] = [join(folder, "evil"), join(folder, "ran")];
    writeFileSync(program, `#!/bin/sh\n: > ${mark}\n`, { mode: 0o755 });
    mkdirSync(join(folder, "addons/godot_mcp_hub"), { recursive: true });
    writeFileSync(join(folder, "addons/godot_mcp_hub/plugin.cfg"), "");
    writeFileSync(join(folder, "project.godot"), 'enabled=PackedStringArray("res://addons/godot_mcp_hub/plugin.cfg")');
    for (const name of ["GODOT", "PATH", "Path"]) vi.stubEnv(name, "");
    onTestFinished(() => void vi.unstubAllEnvs());
    await editorFrom(tokenOf("lab", "instance"), "guest", program);
    expect(await programOf("guest")).toBeUndefined();
    const launch = async () =>
      (await (await hub.adapter()).request("instance.launch", { project: folder, waitMs: 5_000 })).error?.data?.kind;
    expect(await launch()).toBe("NOT_FOUND");
    expect(existsSync(mark)).toBe(false);
    await editorFrom(hub.token, "own", program);
    expect(await programOf("own")).toBe(program);
    expect(await launch()).toBe("NO_INSTANCE");
    expect(existsSync(mark)).toBe(true);
  });
});

describe("answers", () => {
  it("count only from the instance that got the request: no client answers for another, or for itself", async () => {
    const asked = await hub.editor({ project: "asked", handlers: { hold: () => new Promise(() => {}) } });
    const forger = await hub.editor({ project: "forger" });
    const adapter = await hub.adapter();
    const observer = await connect();
    await observer.identify({ clientType: "observer" });
    adapter.sendMessage({ jsonrpc: "2.0", id: "a", method: "hold", target: "asked", params: {} });
    await until(() => asked.executed.length === 1, { what: "the command" });
    const id = asked.executed[0]?.id;
    for (const client of [forger.client, observer, adapter]) {
      client.sendMessage({ jsonrpc: "2.0", id, result: { forged: true } });
      client.sendMessage({ jsonrpc: "2.0", method: "progress", params: { id, progress: 99 } });
    }
    const { result } = await adapter.request("hub.status");
    expect(result).toMatchObject({ counters: { answered: 0, pending: 1 } });
    await until(() => lateOf(adapter).then((late) => late >= 3), { what: "the forged answers to be counted" });
    asked.client.sendMessage({ jsonrpc: "2.0", id, result: { genuine: true } });
    expect((await adapter.response("a")).result).toEqual({ genuine: true });
  });

  it("of one client are not drawn to another by its ids, nor cancelled by it", async () => {
    const editor = await hub.editor({ handlers: { hold: () => new Promise(() => {}) } });
    const [victim, attacker] = [await hub.adapter(), await hub.adapter()];
    victim.sendMessage({ jsonrpc: "2.0", id: "same", method: "hold", params: {} });
    await until(() => editor.executed.length === 1, { what: "the command" });
    const wire = editor.executed[0]?.id ?? "";
    for (const id of ["same", wire]) {
      attacker.sendMessage({ jsonrpc: "2.0", method: "cancel", params: { id } });
      expect((await attacker.request("hub.cancel", { id })).result).toEqual({ cancelled: false });
    }
    attacker.sendMessage({ jsonrpc: "2.0", id: wire, attempt: 2, method: "hold", params: {} });
    editor.client.sendMessage({ jsonrpc: "2.0", id: wire, result: { for: "victim" } });
    expect((await victim.response("same")).result).toEqual({ for: "victim" });
    expect(attacker.queued.filter(({ text }) => text.includes("victim"))).toEqual([]);
  });
});

describe("the hub", () => {
  it("is not held up by a pattern of event names that is made to backtrack", async () => {
    const adapter = await hub.adapter();
    const editor = await hub.editor();
    const events = Array.from({ length: 64 }, () => `${"*a".repeat(49)}*b`);
    expect((await adapter.request("hub.subscribe", { events })).error).toBeUndefined();
    editor.emit("a".repeat(100));
    expect((await adapter.request("hub.status", {}, {}, { deadlineMs: 5_000 })).error).toBeUndefined();
  });

  it("is not confused by names out of a prototype", async () => {
    const adapter = await hub.adapter();
    for (const method of ["hub.constructor", "hub.__proto__", "__proto__", "constructor", "toString"]) {
      const { error } = await adapter.request(method);
      expect(error, method).toBeDefined();
      expect(error?.data?.kind, method).not.toBe("INTERNAL_ERROR");
    }
    const frame =
      '{"jsonrpc":"2.0","id":"p","method":"hub.bind_target","params":{"__proto__":{"target":null},"target":null}}';
    adapter.sendFrame(frame);
    expect((await adapter.response("p")).error).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, "target")).toBe(false);
  });

  it("shows observers no more than their role allows, and ends a client that continues under another identity", async () => {
    const observer = await connect(tokenOf("wall", "observer"));
    await observer.identify({ clientType: "screen" });
    for (const method of ["hub.audit", "hub.watch_activity", "hub.create_login_code", "hub.disconnect_client"]) {
      expect((await observer.request(method, { client: "x" })).error?.data?.kind, method).toBe("FORBIDDEN");
    }
    observer.sendMessage({ type: "identify", clientType: "mcp", clientVersion: "1", token: hub.token });
    expect((await observer.request("node.add")).error?.data?.kind).toBe("FORBIDDEN");
    const dashboard = await connect(tokenOf("fake", "observer"));
    await dashboard.identify({ clientType: "dashboard" });
    expect((await dashboard.request("hub.create_login_code")).error?.data?.kind).toBe("FORBIDDEN");
    const editors = await connect(tokenOf("editors", "instance"));
    editors.sendMessage({ type: "identify", clientType: "cli", clientVersion: "1" });
    expect((await within(editors.closed, { what: "the close" })).code).toBe(4403);
  });
});

async function lateOf(client: ProtocolClient): Promise<number> {
  const { result } = await client.request("hub.status");
  return (result as { counters: { late: number } }).counters.late;
}
