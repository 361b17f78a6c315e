/** Attacks by size: what clients make the hub keep is bounded, of each, of each token and in all, and the owner always has room. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CommandRules, NO_RULES, OWNER_PERMISSION, type Permission } from "../../hub/access/permission.ts";
import { Quota } from "../../hub/access/quota.ts";
import { createToken } from "../../hub/access/token-book.ts";
import { CustomCommands } from "../../hub/clients/instance.ts";
import type { HubConfig } from "../../hub/config.ts";
import { MemoryBudget, UnfinishedMessages } from "../../hub/connections/connection-memory.ts";
import { EventRoom, KeptEvents } from "../../hub/events/kept-events.ts";
import { ResponseCache } from "../../hub/scheduling/response-cache.ts";
import { readEnvelope } from "../../protocol/envelope.ts";
import { identifySchema } from "../../protocol/messages.ts";
import { Exposition } from "../support/exposition.ts";
import { HalfMessage } from "../support/half-message.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, ProtocolClient } from "../support/protocol-client.ts";
import { deferred, until, within } from "../support/wait.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

let hub: LocalHub;
const clients: ProtocolClient[] = [];
const halves: HalfMessage[] = [];
const open = async (config: Partial<HubConfig> = {}, settleMs = 0) => {
  await hub?.dispose();
  hub = await LocalHub.start(config, settleMs);
};
const guestToken = (role: "agent" | "observer" | "instance", name = "guest") =>
  createToken(hub.home, { name, role, readOnly: false, allow: [], deny: [] });
const agentWith = async (token: string) => {
  const { client } = await openAdapter(hub.url, token);
  clients.push(client);
  return client;
};
const BUSY = { data: { kind: "BUSY" } };
const TOO_LARGE = { data: { kind: "TOO_LARGE" } };

beforeEach(async () => {
  hub = await LocalHub.start();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  for (const half of halves.splice(0)) half.end();
  await hub.dispose();
});

describe("what a client says of itself", () => {
  it("is kept by the members that the protocol has, and no others, however deep", () => {
    const more = { more: "x".repeat(10_000) };
    const identify = identifySchema.parse({
      type: "identify",
      clientType: "godot",
      ...more,
      project: { name: "a", path: "/a", ...more },
      instance: { pid: 1, ...more },
      agent: { name: "a", ...more },
      capabilities: { features: [], commands: [{ name: "a.b", ...more }], ...more },
    });
    expect(JSON.stringify(identify).length).toBeLessThan(1_000);
  });

  it("is kept of so many clients that are away: of one token half, and the first of them goes", async () => {
    await open({ maxConnections: 8, maxConnectionsPerAddress: 100 });
    const { client: own, identified } = await openAdapter(hub.url, hub.token);
    own.terminate();
    const owner = await hub.adapter();
    await owner.request("hub.subscribe", { events: ["hub.client_gone"] });
    const token = guestToken("agent");
    const left: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      const { client, identified: guest } = await openAdapter(hub.url, token);
      left.push(guest.clientId);
      client.terminate();
      await within(client.closed, { what: "the end" });
    }
    const gone = () => owner.queued.filter(({ message }) => message.params?.event === "hub.client_gone");
    await until(() => gone().length === 12, { what: "twelve to be forgotten" });
    expect(gone().map(({ message }) => message.params?.data)).toMatchObject(left.slice(0, 12).map((id) => ({ id })));
    const again = await ProtocolClient.connect(hub.url, { token: hub.token });
    clients.push(again);
    const { resumeToken } = identified;
    expect((await again.identify({ clientType: "mcp", resumeToken })).resumed).toBe(true);
  });
});

describe("custom commands", () => {
  const commands = (size: number) => [{ name: "level.fill", paramsSchema: { text: "x".repeat(size) } }];

  it("of an instance have 256 KiB with their schemas; more of them are refused, and then it has none", async () => {
    const editor = await hub.editor();
    const adapter = await hub.adapter();
    const known = async () => {
      const { result } = await adapter.request("hub.list_commands", {});
      return (result as { commands: { name: string; paramsSchema: object }[] }).commands;
    };
    editor.emit("instance.commands", { commands: commands(200 * KIB) });
    await until(async () => (await known()).length === 1, { what: "the command" });
    expect((await known())[0]?.paramsSchema).toEqual(commands(200 * KIB)[0]?.paramsSchema);
    editor.emit("instance.commands", { commands: commands(300 * KIB) });
    expect((await editor.client.response(null)).error).toMatchObject({ ...TOO_LARGE, data: { limit: 256 * KIB } });
    expect(await known()).toEqual([]);
    editor.emit("instance.commands", { commands: commands(100) });
    await until(async () => (await known()).length === 1, { what: "the smaller one" });
  });

  it("of all instances have so much together, half of it for one guest, and it comes back", () => {
    const room = new Quota(1_000 * KIB);
    const many = (permission: Permission) =>
      Array.from({ length: 8 }, () => {
        const kept = new CustomCommands(room);
        return { kept, error: kept.replace(schemas, permission) };
      });
    const schemas = commands(120 * KIB).map((each) => ({ description: "", readOnly: false, ...each }));
    const guests = many(GUEST);
    expect(guests.filter(({ error }) => error === undefined)).toHaveLength(4);
    expect(guests.at(-1)?.error).toMatchObject({ kind: "TOO_LARGE" });
    expect(many(OWNER_PERMISSION).filter(({ error }) => error === undefined)).toHaveLength(4);
    const [first, last] = [guests[0]?.kept, guests.at(-1)?.kept];
    first?.clear();
    expect(last?.replace(schemas, GUEST)).toBeUndefined();
    // A new list takes the place of the old one, and no more.
    for (let round = 0; round < 50; round += 1) expect(last?.replace(schemas, GUEST)).toBeUndefined();
  });
});

describe("requests without an answer", () => {
  it("of one guest have two messages' room together, the owner's have theirs, and an end gives it back", async () => {
    const end = deferred<object>();
    await hub.editor({ handlers: { hold: () => end.promise, quick: () => ({}) } });
    const token = guestToken("agent");
    const [one, two, own] = [await agentWith(token), await agentWith(token), await hub.adapter()];
    const text = "x".repeat(20 * MIB);
    const hold = (client: ProtocolClient, id: string) =>
      client.sendFrame(`{"jsonrpc":"2.0","id":"${id}","method":"hold","params":{"text":"${text}"}}`);
    hold(one, "a");
    hold(one, "b");
    hold(two, "c");
    await until(async () => (await pendingOf(own)) === 3, { what: "three to be accepted" });
    hold(two, "d");
    expect((await two.response("d")).error).toMatchObject(BUSY);
    expect((await two.request("quick")).error).toBeUndefined();
    expect((await own.request("quick", { text })).error).toBeUndefined();
    end.resolve({});
    for (const [client, id] of [
      [one, "a"],
      [one, "b"],
      [two, "c"],
    ] as const)
      expect((await client.response(id)).error).toBeUndefined();
    hold(two, "d");
    expect((await two.response("d")).error).toBeUndefined();
  });

  it("for the hub itself are short, and so many of a session and no more, while others are answered", async () => {
    await open({}, 600_000);
    const [greedy, other] = [await hub.adapter(), await hub.adapter()];
    const long = await greedy.request("hub.status", { text: "x".repeat(300 * KIB) });
    expect(long.error).toMatchObject(TOO_LARGE);
    const ask = (id: number) =>
      greedy.sendMessage({ jsonrpc: "2.0", id, method: "hub.bind_target", params: { target: "nobody" } });
    for (let id = 1; id <= 65; id += 1) ask(id);
    expect((await greedy.response(65)).error).toMatchObject(BUSY);
    expect((await greedy.request("hub.status")).error).toMatchObject(BUSY);
    expect((await other.request("hub.status")).error).toBeUndefined();
    await hub.editor({ project: "nobody" });
    expect((await greedy.response(64)).error).toBeUndefined();
    expect((await greedy.request("hub.status")).error).toBeUndefined();
  });
});

async function pendingOf(client: ProtocolClient): Promise<number> {
  const { result } = await client.request("hub.status");
  return (result as { counters: { pending: number } }).counters.pending;
}

describe("events", () => {
  it("are subscribed to by 256 names of a session at most", async () => {
    const adapter = await hub.adapter();
    const subscribe = (count: number) =>
      adapter.request("hub.subscribe", { events: Array.from({ length: count }, (_, index) => `level.${index}`) });
    for (let count = 0; count < 4; count += 1) expect((await subscribe(64)).error).toBeUndefined();
    const { error } = await subscribe(1);
    expect(error).toMatchObject({ ...BUSY, data: { hint: expect.stringContaining("hub.unsubscribe") } });
  });

  it("that are kept have so much room together: who keeps most loses its oldest, and a guest no other's", () => {
    const lost: string[] = [];
    const room = new EventRoom(1_000);
    const keeper = (name: string, permission: Permission) =>
      new KeptEvents<{ frame: string }>({ count: 1_000, size: 1_000 }, room, permission, () => lost.push(name));
    const own = keeper("own", OWNER_PERMISSION);
    const [greedy, modest] = [keeper("greedy", GUEST), keeper("modest", GUEST)];
    for (let count = 0; count < 40; count += 1) own.push({ frame: "x".repeat(10) });
    for (let count = 0; count < 10; count += 1) modest.push({ frame: "x".repeat(10) });
    for (let count = 0; count < 200; count += 1) greedy.push({ frame: "x".repeat(10) });
    expect([own.size, modest.size, greedy.size]).toEqual([400, 100, 400]);
    expect(new Set(lost)).toEqual(new Set(["greedy"]));
    for (let count = 0; count < 60; count += 1) own.push({ frame: "x".repeat(10) });
    expect(own.size + modest.size + greedy.size).toBe(1_000);
    modest.clear();
    own.clear();
    expect(greedy.size).toBeGreaterThan(0);
    for (let count = 0; count < 200; count += 1) greedy.push({ frame: "x".repeat(10) });
    expect(greedy.size).toBe(500);
  });
});

describe("answers that instances vouch for", () => {
  it("are not kept where there is no room for them, and make room when they go", () => {
    const room = new Quota(10_000);
    const [first, second] = [GUEST, GUEST].map((permission) => new ResponseCache({ room, permission }));
    if (!first || !second) throw new Error("no answers");
    const request = { method: "classdb.get_class", shareable: true };
    const question = (name: string) => ({
      request,
      paramsText: Buffer.from(name.padEnd(900, "x")),
      attempt: 1,
      writeCount: 0,
    });
    const answer = readEnvelope(Buffer.from('{"jsonrpc":"2.0","id":"a","keep":true,"result":{}}'));
    for (let index = 0; index < 20; index += 1) first.store(question(`q${index}`), answer, 0);
    expect(room.taken).toBeLessThanOrEqual(5_000);
    expect(first.find(question("q0"))).toBeDefined();
    expect(first.find(question("q19"))).toBeUndefined();
    second.store(question("s"), answer, 0);
    expect(second.find(question("s"))).toBeUndefined();
    first.clear();
    expect(room.taken).toBe(0);
    second.store(question("s"), answer, 0);
    expect(second.find(question("s"))).toBeDefined();
  });
});

describe("messages that never come as a whole", () => {
  const send = async (token: string, bytes: number, frameBytes?: number) => {
    const port = Number(new URL(hub.url).port);
    const half = await HalfMessage.send({ port, token, bytes, ...(frameBytes !== undefined && { frameBytes }) });
    halves.push(half);
    return half;
  };

  it.each<[string, number | undefined]>([
    ["in one frame", undefined],
    ["in many frames with pings between them", 4 * MIB],
  ])("have so much room together: %s, the oldest of that token go, and no others", async (_what, frameBytes) => {
    const own = await send(hub.token, 16 * MIB, frameBytes);
    const token = guestToken("observer");
    const guests: HalfMessage[] = [];
    for (let count = 0; count < 9; count += 1) guests.push(await send(token, 24 * MIB, frameBytes));
    // A guest has 96 MiB.
    await until(() => guests.filter(({ isOpen }) => isOpen).length <= 4, { what: "the oldest to be closed" });
    expect(guests.map(({ isOpen }) => isOpen)).toEqual([false, false, false, false, false, ...Array(4).fill(true)]);
    expect(own.isOpen).toBe(true);
    const owner = await hub.adapter();
    expect((await owner.request("hub.status")).error).toBeUndefined();
    expect((await closedAs("TOO_MANY")) >= 5).toBe(true);
  });

  it("do not count when they are whole at last: large messages come one after another", async () => {
    await hub.editor({ handlers: { quick: () => ({}) } });
    const adapter = await agentWith(guestToken("agent"));
    const text = "x".repeat(16 * MIB);
    for (let count = 0; count < 7; count += 1) {
      expect((await adapter.request("quick", { text }, {}, { deadlineMs: 60_000 })).error).toBeUndefined();
    }
    expect(adapter.isOpen).toBe(true);
  });

  it("wait for each other while each is soon whole: of nine large ones at once, none is cut off", async () => {
    await hub.editor({ handlers: { quick: () => ({}) } });
    const text = "x".repeat(28 * MIB);
    const adapters = await Promise.all(Array.from({ length: 9 }, () => hub.adapter()));
    const answers = adapters.map((adapter) => answerOf(adapter, text));
    for (const error of await Promise.all(answers)) expect(error?.data?.kind ?? "BUSY").toBe("BUSY");
    for (const adapter of adapters) expect(adapter.isOpen).toBe(true);
  });

  it("that stay unfinished keep no other client's from coming in", async () => {
    await hub.editor({ handlers: { quick: () => ({}) } });
    const adapter = await hub.adapter();
    for (let count = 0; count < 7; count += 1) await send(hub.token, 30 * MIB);
    expect(await answerOf(adapter, "x".repeat(28 * MIB))).toBeUndefined();
  });
});

describe("the room for messages that are not whole", () => {
  const message = (permission: Permission) => ({ permission, hold: vi.fn(), goOn: vi.fn(), giveUp: vi.fn() });
  const ROOM = 100 * MIB;
  let room: UnfinishedMessages;

  beforeEach(() => {
    vi.useFakeTimers();
    room = new UnfinishedMessages(ROOM);
  });
  afterEach(() => vi.useRealTimers());

  it("lets the first go on and has later ones wait until there is some", () => {
    const [first, second, third] = [message(OWNER_PERMISSION), message(OWNER_PERMISSION), message(OWNER_PERMISSION)];
    room.set(first, 50 * MIB);
    room.set(second, 50 * MIB);
    room.set(third, MIB);
    room.set(first, 60 * MIB);
    expect([first, second, third].map(({ hold }) => hold.mock.calls.length)).toEqual([0, 0, 1]);
    room.set(first, 0);
    expect(third.goOn).toHaveBeenCalledOnce();
    vi.runAllTimers();
    for (const { giveUp } of [first, second, third]) expect(giveUp).not.toHaveBeenCalled();
  });

  it("gives up the first when it keeps others waiting, and no more than is needed", () => {
    const stays = [
      message(OWNER_PERMISSION),
      message(OWNER_PERMISSION),
      message(OWNER_PERMISSION),
      message(OWNER_PERMISSION),
    ];
    for (const each of stays) room.set(each, 25 * MIB);
    const waits = message(OWNER_PERMISSION);
    room.set(waits, MIB);
    vi.runAllTimers();
    expect(stays.map(({ giveUp }) => giveUp.mock.calls.length)).toEqual([1, 0, 0, 0]);
    expect(waits.goOn).toHaveBeenCalledOnce();
    expect(room.taken).toBe(76 * MIB);
  });

  it("is not kept from others by one that is whole again and again without being the first", () => {
    const [stays, waits, busy] = [message(OWNER_PERMISSION), message(OWNER_PERMISSION), message(OWNER_PERMISSION)];
    room.set(stays, ROOM);
    room.set(waits, MIB);
    for (let round = 0; round < 10 && stays.giveUp.mock.calls.length === 0; round += 1) {
      room.set(busy, MIB);
      room.set(busy, 0);
      vi.advanceTimersByTime(100);
    }
    expect(stays.giveUp).toHaveBeenCalledOnce();
    expect(waits.goOn).toHaveBeenCalledOnce();
  });

  it("of one token is taken from that token's, of many guests together at most the guests' share", () => {
    const own = message(OWNER_PERMISSION);
    room.set(own, 20 * MIB);
    const guests = ["a", "b", "c"].map((name) => message({ ...GUEST, name }));
    for (const guest of guests) room.set(guest, 30 * MIB);
    expect(guests.map(({ hold }) => hold.mock.calls.length)).toEqual([0, 0, 1]);
    vi.runAllTimers();
    expect(guests.map(({ giveUp }) => giveUp.mock.calls.length)).toEqual([0, 0, 1]);
    expect(own.giveUp).not.toHaveBeenCalled();
    for (const each of [own, ...guests]) room.set(each, 0);
    expect(room.taken).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

/** The error, if any, with which a large call of `adapter` is answered. */
async function answerOf(adapter: ProtocolClient, text: string) {
  return (await adapter.request("quick", { text }, {}, { deadlineMs: 60_000 })).error;
}

describe("answers without a reader", () => {
  it("have so much room together: who has read nothing for longest is cut off, and who reads is answered", async () => {
    const text = "x".repeat(16 * MIB);
    await hub.editor({ handlers: { large: () => ({ text }) } });
    const token = guestToken("agent");
    const reader = await hub.adapter();
    for (let count = 0; count < 12; count += 1) {
      const deaf = await agentWith(token);
      deaf.stopReading();
      deaf.sendMessage({ jsonrpc: "2.0", id: "a", method: "large", params: {} });
      if (count % 4 === 3) expect((await reader.request("large")).error).toBeUndefined();
    }
    // A guest has 128 MiB, and the system's buffers hold some of each answer.
    await until(async () => (await closedAs("SLOW_CONSUMER")) >= 2, { what: "the first to be cut off" });
    expect((await reader.request("large")).error).toBeUndefined();
    expect(reader.isOpen).toBe(true);
  });
});

describe("the room that many share", () => {
  it("is taken from who has given nothing back for longest, of the same token", () => {
    const gone: string[] = [];
    const holder = (name: string, permission: Permission) => ({ permission, giveUp: () => gone.push(name) });
    const room = new MemoryBudget(1_000);
    const [a, b, c, own] = [
      holder("a", GUEST),
      holder("b", GUEST),
      holder("c", GUEST),
      holder("own", OWNER_PERMISSION),
    ];
    room.set(own, 500);
    room.set(a, 200);
    room.set(b, 200);
    room.set(a, 150);
    room.set(c, 200);
    expect(gone).toEqual(["b"]);
    room.set(own, 700);
    expect(gone).toEqual(["b", "own"]);
    for (const each of [a, c, own]) room.set(each, 0);
    expect(room.taken).toBe(0);
  });
});

/** Connections that the hub has closed so. */
async function closedAs(reason: string): Promise<number> {
  const headers = { Authorization: `Bearer ${hub.token}` };
  const text = await (await fetch(`${hub.url.replace("ws:", "http:")}/metrics`, { headers })).text();
  return new Exposition(text).sum("godot_hub_connections_closed_total", { reason });
}

const GUEST: Permission = { name: "guest", role: "agent", rules: new CommandRules(NO_RULES) };
