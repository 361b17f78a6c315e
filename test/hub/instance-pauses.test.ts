import { afterEach, beforeEach, expect, it } from "vitest";
import { LocalHub } from "../support/local-hub.ts";
import type { ProtocolClient } from "../support/protocol-client.ts";
import type { StubInstance } from "../support/stub-instance.ts";

const handlers = { "a.b": () => ({}) };

let hub: LocalHub;
let owner: ProtocolClient;
let editor: StubInstance;
let agent: ProtocolClient;

beforeEach(async () => {
  hub = await LocalHub.start();
  owner = await hub.adapter({ identify: { clientType: "cli" } });
  editor = await hub.editor({ handlers });
  agent = await hub.adapter();
});
afterEach(() => hub.dispose());

/** What the hub tells the editor next of its pause. */
async function seen({ client }: StubInstance): Promise<unknown> {
  const { message } = await client.next(({ message }) => message.params?.event === "hub.instance_paused", {
    what: "word of a pause",
  });
  return message.params?.data;
}

const asked = async (target: string) => (await agent.request("a.b", {}, { target })).error;

it("an editor pauses itself, and lets agents go on", async () => {
  const { name } = editor.identified;
  editor.emit("instance.pause", { paused: true, reason: "I am editing." });
  expect(await seen(editor)).toEqual({ paused: true, reason: "I am editing." });
  expect(await asked(name)).toMatchObject({
    message: expect.stringContaining("I am editing."),
    data: { kind: "BUSY", dispatched: false },
  });
  expect((await owner.request("hub.list_instances")).result).toMatchObject({ instances: [{ state: "paused" }] });
  editor.emit("instance.pause", { paused: false });
  expect(await seen(editor)).toEqual({ paused: false, reason: "" });
  expect(await asked(name)).toBeUndefined();
});

it("what was paused at one place is continued at the other, either way", async () => {
  const { name: target } = editor.identified;
  await owner.request("hub.pause_instance", { target, paused: true });
  expect(await seen(editor)).toEqual({ paused: true, reason: expect.stringContaining("A person") });
  editor.emit("instance.pause", { paused: false });
  await seen(editor);
  expect(await asked(target)).toBeUndefined();
  editor.emit("instance.pause", { paused: true });
  await seen(editor);
  await owner.request("hub.pause_instance", { target, paused: false });
  expect(await seen(editor)).toMatchObject({ paused: false });
  expect(await asked(target)).toBeUndefined();
});

it("a game that begins while its editor is paused is paused with it, and goes on with it", async () => {
  editor.emit("instance.pause", { paused: true });
  await seen(editor);
  const identify = { clientType: "game", parent: editor.identified.clientId };
  const game = await hub.editor({ project: "running", handlers, identify });
  expect(await asked(game.identified.name)).toMatchObject({ data: { kind: "BUSY" } });
  editor.emit("instance.pause", { paused: false });
  await seen(editor);
  expect(await asked(game.identified.name)).toBeUndefined();
});

it("an editor that comes back while it is paused gets the event", async () => {
  const { name: target } = editor.identified;
  await owner.request("hub.pause_instance", { target, paused: true, reason: "Lunch." });
  await seen(editor);
  editor.client.terminate();
  await editor.connect(hub.url, hub.token);
  expect(await seen(editor)).toEqual({ paused: true, reason: "Lunch." });
});

it.each([
  ["a game", { clientType: "game" }, { paused: true }],
  ["an editor with data that does not fit", {}, { paused: "yes" }],
])("%s pauses nothing by that event", async (_, identify, data) => {
  const other = await hub.editor({ project: "other", handlers, identify });
  other.emit("instance.pause", data);
  expect(await asked(other.identified.name)).toBeUndefined();
});
