/** Playing the player: keys, mouse, touch, joypad, actions and text, as the game sees them. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openStage, type Params, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.play();
});
afterAll(() => stage.dispose());

beforeEach(() => stage.call("game.set_properties", { path: "Arena", properties: { presses: 0, jumps: 0, seen: [] } }));

const send = (...events: Params[]) => stage.call("game.send_input", { events });

it("presses an action, once per step, for as long as it is said", async () => {
  await send({ type: "action", action: "ui_accept" }, { type: "action", action: "ui_accept" });
  expect(await stage.properties("Arena", "jumps")).toEqual({ jumps: 2 });
  await stage.call("game.set_properties", { path: "Arena/Hero", properties: { position: "Vector2(0, 0)" } });
  await send({ type: "action", action: "ui_right", frames: 10 });
  const { position } = (await stage.properties("Arena/Hero", "position")) as { position: { x: number } };
  expect(position.x).toBeGreaterThanOrEqual(9);
  expect(position.x).toBeLessThanOrEqual(12);
});

it("presses keys, which also are the actions that they are bound to", async () => {
  await send({ type: "key", key: "Enter" }, { type: "key", key: "Ctrl+K" });
  expect(await stage.properties("Arena", "jumps", "seen")).toEqual({ jumps: 1, seen: ["key Enter", "key Ctrl+K"] });
});

it("holds a pressed key until the event that releases it", async () => {
  await send({ type: "key", key: "Left", pressed: true });
  const moved = stage.call("game.wait_for", { path: "Arena/Hero", property: "position:x", is: "less", value: -5 });
  expect(await moved).toMatchObject({ exists: true });
  await send({ type: "key", key: "Left", pressed: false });
  const still = await stage.properties("Arena/Hero", "position");
  await stage.call("game.wait_for", { frames: 10 });
  expect(await stage.properties("Arena/Hero", "position")).toEqual(still);
});

it.each([
  ["text", { text: "Go!" }],
  ["path", { path: "Arena/Go" }],
])("clicks a Control by its %s", async (_, which) => {
  expect(await send({ type: "click", ...which })).toMatchObject({ clicked: ["Arena/Go"] });
  expect(await stage.properties("Arena", "presses")).toEqual({ presses: 1 });
});

it("clicks a place, with any button", async () => {
  await send({ type: "click", position: { x: 250, y: 120 } });
  expect(await stage.properties("Arena", "presses")).toEqual({ presses: 1 });
  await send({ type: "mouse_button", button: "right", position: { x: 500, y: 300 } });
  expect(await stage.properties("Arena", "seen")).toEqual({ seen: ["mouse 2 at (500.0, 300.0)"] });
});

it("drags with the mouse, and moves a joypad's stick and lets it go", async () => {
  await send(
    { type: "mouse_button", position: { x: 500, y: 300 }, pressed: true },
    { type: "mouse_motion", position: { x: 520, y: 310 } },
    { type: "wait", ms: 30 },
    { type: "mouse_button", position: { x: 520, y: 310 }, pressed: false },
    { type: "joypad_motion", axis: 1, value: -0.5 },
  );
  expect(await stage.properties("Arena", "seen")).toEqual({
    seen: ["mouse 1 at (500.0, 300.0)", "drag by (20.0, 10.0)", "axis 1 at -0.5", "axis 1 at 0.0"],
  });
});

it("types text into the field that has the focus", async () => {
  await send({ type: "click", path: "Arena/Name" }, { type: "text", text: "Ada Lovelace, née Byron" });
  expect(await stage.properties("Arena/Name", "text")).toEqual({ text: "Ada Lovelace, née Byron" });
  await stage.call("game.call_method", { path: "Arena/Name", method: "release_focus" });
});

it("touches and presses joypad buttons", async () => {
  await send({ type: "touch", position: { x: 600, y: 400 }, index: 1 }, { type: "joypad_button", button: 3 });
  const { seen } = (await stage.properties("Arena", "seen")) as { seen: string[] };
  expect(seen).toEqual(expect.arrayContaining(["touch 1", "joypad 3"]));
});

it.each([
  ["an unknown type", { type: "shout" }, "INVALID_PARAMS"],
  ["an unknown key", { type: "key", key: "Anykey" }, "INVALID_PARAMS"],
  ["an unknown action", { type: "action", action: "fly" }, "INVALID_PARAMS"],
  ["a click on nothing", { type: "click" }, "INVALID_PARAMS"],
  ["a Control that is not there", { type: "click", text: "Stop!" }, "NOT_FOUND"],
  ["a wait for nothing", { type: "wait" }, "INVALID_PARAMS"],
])("refuses %s and says which step it is", async (_, step, kind) => {
  const events = [{ type: "wait", frames: 1 }, step];
  expect(await stage.fails("game.send_input", { events })).toMatchObject({ kind, step: 1 });
});

it("names the known actions if the project has none", async () => {
  const { message } = await stage.fails("game.send_input", { events: [{ type: "action", action: "fly" }] });
  expect(message).toContain('must be "action", one of the engine\'s own, such as "ui_accept"; given was');
  const mistyped = await stage.fails("game.send_input", { events: [{ type: "action", action: "ui_rigth" }] });
  expect(mistyped.message).toContain('such as "ui_right";');
});

it("releases held keys when no caller waits for the answer any more", async () => {
  const id = "held";
  stage.agent.sendMessage({
    jsonrpc: "2.0",
    id,
    method: "game.send_input",
    resources: [],
    params: { events: [{ type: "action", action: "ui_right", frames: 30_000 }] },
  });
  await stage.call("game.wait_for", { path: "Arena/Hero", property: "position:x", is: "greater", value: 5 });
  stage.agent.sendMessage({ jsonrpc: "2.0", method: "cancel", params: { id } });
  expect(await stage.agent.response(id)).toMatchObject({ error: { data: { kind: "CANCELLED" } } });
  const still = await stage.properties("Arena/Hero", "position");
  await stage.call("game.wait_for", { frames: 10 });
  expect(await stage.properties("Arena/Hero", "position")).toEqual(still);
});
