/** Attacks by editors and games that came with a further token: on what others hear. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createToken } from "../../hub/access/token-book.ts";
import { LocalHub } from "../support/local-hub.ts";
import type { ProtocolClient } from "../support/protocol-client.ts";
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
