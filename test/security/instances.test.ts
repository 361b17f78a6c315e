/** Attacks by editors and games that came with a further token: on what others hear, and on where others' commands go. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createToken } from "../../hub/access/token-book.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import { type InstanceOptions, StubInstance } from "../support/stub-instance.ts";

let hub: LocalHub;
const clients: ProtocolClient[] = [];
beforeEach(async () => {
  hub = await LocalHub.start();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await hub.dispose();
});

const tokenOf = (name: string, role: "agent" | "instance") =>
  createToken(hub.home, { name, role, readOnly: false, allow: [], deny: [] });

/** An editor or game that came with that token. */
async function instanceWith(token: string, options: InstanceOptions = {}): Promise<StubInstance> {
  const instance = new StubInstance(options);
  await instance.connect(hub.url, token);
  clients.push(instance.client);
  return instance;
}

describe("events", () => {
  const heard = ({ queued }: ProtocolClient) =>
    queued.filter(({ message }) => message.method === "event").map(({ message }) => message.params?.event);

  /** Has `instance` send events, then one that anybody may send. @returns the kinds of the refusals. */
  async function tell(instance: StubInstance, events: readonly string[]): Promise<(string | undefined)[]> {
    const kinds: (string | undefined)[] = [];
    for (const event of events) {
      instance.emit(event, { id: "x", name: "x", clientType: "godot" });
      kinds.push((await instance.client.response(null)).error?.data?.kind?.toString());
    }
    instance.emit("level.won", {});
    return kinds;
  }

  async function listener(): Promise<ProtocolClient> {
    const adapter = await hub.adapter();
    expect((await adapter.request("hub.subscribe", { events: ["*"] })).error).toBeUndefined();
    return adapter;
  }

  const untilLast = (adapter: ProtocolClient) =>
    adapter.next(({ message }) => message.params?.event === "level.won", { what: "the last event" });

  it("of the hub, and such as there are none, come from no instance, whichever its token and spelling", async () => {
    const adapter = await listener();
    const forged = ["hub.instance_gone", "hub.activity", "hub.x", "hub", "HUB.client_away", " hub.x", "instance.gone"];
    for (const token of [hub.token, tokenOf("lab", "instance")]) {
      for (const clientType of ["godot", "game"]) {
        const instance = await instanceWith(token, { project: clientType, identify: { clientType } });
        expect(await tell(instance, forged)).toEqual(forged.map(() => "FORBIDDEN"));
        await untilLast(adapter);
      }
    }
    expect(new Set(heard(adapter))).toEqual(new Set(["hub.instance_connected"]));
  });

  it("of an editor come from no game", async () => {
    const adapter = await listener();
    const game = await instanceWith(hub.token, { identify: { clientType: "game" } });
    const forged = ["scene.saved", "run.game_hung", "log.error", "filesystem.changed", "instance.pause", "Script.x"];
    expect(await tell(game, forged)).toEqual(forged.map(() => "FORBIDDEN"));
    await untilLast(adapter);
    expect(new Set(heard(adapter))).toEqual(new Set(["hub.instance_connected"]));
  });

  it("of an editor and of its project are heard as before", async () => {
    const adapter = await listener();
    const editor = await hub.editor();
    const events = ["scene.saved", "log.warning", "instance.state", "hubs.opened", "my_hub.x"];
    for (const event of events) editor.emit(event, { state: "playing" });
    editor.emit("level.won");
    await untilLast(adapter);
    expect(heard(adapter).filter((event) => event !== "hub.instance_connected")).toEqual(events);
  });
});

describe("another token's editor", () => {
  const folder = "/projects/arcade";

  it.each<[string, InstanceOptions]>([
    ["of the same path", {}],
    ["of the same path in another spelling", { projectPath: `${folder}/` }],
    ["of the same name of project", { projectPath: "/elsewhere" }],
    ["with a chosen name", { identify: { name: "arcade" } }],
  ])("%s takes no command of the owner's, whichever came first", async (_what, options) => {
    const token = tokenOf("lab", "instance");
    const early = await instanceWith(token, { project: "arcade", ...options });
    const own = await hub.editor({ project: "arcade" });
    const late = await instanceWith(token, { project: "arcade", ...options });
    const bound = await hub.adapter({ identify: { project: { name: "arcade", path: folder } } });
    const free = await hub.adapter();
    const answers = [
      await bound.request("node.add"),
      await free.request("node.add"),
      await free.request("node.add", {}, { target: folder }),
      await free.request("node.add", {}, { target: "arcade" }),
    ];
    expect(answers.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
    expect((await free.request("hub.bind_target", { target: folder })).error).toBeUndefined();
    expect((await free.request("node.add")).error).toBeUndefined();
    expect([early, late].flatMap(({ executed }) => executed)).toEqual([]);
    expect(own.executed).toHaveLength(5);
  });

  it("is reached by its id and its name, which begins with its token's, and where there is no other", async () => {
    const guest = await instanceWith(tokenOf("lab", "instance"), { project: "arcade" });
    const adapter = await hub.adapter();
    expect(guest.identified.name).toMatch(/^lab\.arcade@/);
    expect((await adapter.request("node.add")).error).toBeUndefined();
    await hub.editor({ project: "arcade" });
    for (const target of [guest.identified.clientId, guest.identified.name]) {
      expect((await adapter.request("node.add", {}, { target })).error).toBeUndefined();
    }
    expect(guest.executed).toHaveLength(3);
  });

  it("keeps agents of a third token from nothing either: the owner's is meant, before two of guests", async () => {
    const guests = [
      await instanceWith(tokenOf("lab", "instance"), { project: "arcade" }),
      await instanceWith(tokenOf("attic", "instance"), { project: "arcade" }),
    ];
    const agent = (await openAdapter(hub.url, tokenOf("ci", "agent"))).client;
    clients.push(agent);
    expect((await agent.request("node.add")).error?.data?.kind).toBe("TARGET_AMBIGUOUS");
    const own = await hub.editor({ project: "arcade" });
    expect((await agent.request("node.add", {}, { target: folder })).error).toBeUndefined();
    expect(own.executed).toHaveLength(1);
    expect(guests.flatMap(({ executed }) => executed)).toEqual([]);
  });

  it("does not hide that the owner has two of his own", async () => {
    await hub.editor({ project: "arcade" });
    await hub.editor({ project: "arcade" });
    const { error } = await (await hub.adapter()).request("node.add", {}, { target: folder });
    expect(error?.data?.kind).toBe("TARGET_AMBIGUOUS");
  });

  it("does not get the id of the owner's by coming with its epoch first", async () => {
    const epoch = "e".repeat(16);
    const guest = await instanceWith(tokenOf("lab", "instance"), { project: "arcade", epoch });
    const own = await hub.editor({ project: "arcade", epoch });
    const { clientId } = own.identified;
    expect(clientId).not.toBe(guest.identified.clientId);
    // The id is the same wherever that process meets a hub: what had been sent to it before finds it.
    await hub.dispose();
    hub = await LocalHub.start();
    expect((await hub.editor({ project: "arcade", epoch })).identified.clientId).toBe(clientId);
  });

  it("does not have its games taken for those of the owner's editor", async () => {
    const own = await hub.editor({ project: "arcade" });
    const parent = own.identified.clientId;
    const game = { identify: { clientType: "game", parent } };
    const forged = await instanceWith(tokenOf("lab", "instance"), game);
    const adapter = await hub.adapter();
    expect((await adapter.request("game.get_state")).error?.data?.kind).toBe("NO_INSTANCE");
    const genuine = await instanceWith(hub.token, game);
    expect((await adapter.request("game.get_state")).error).toBeUndefined();
    expect(genuine.executed).toHaveLength(1);
    expect(forged.executed).toEqual([]);
    own.emit("run.game_hung", { name: forged.identified.name });
    expect((await adapter.request("game.get_state", {}, { target: forged.identified.name })).error).toBeUndefined();
  });
});
