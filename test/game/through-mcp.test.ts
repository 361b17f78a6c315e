/** An AI client plays what it has built, with nothing but its tools. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Agent, kindOf, Studio, textOf } from "../support/studio.ts";
import { ARENA, SCENE } from "./stage.ts";

let studio: Studio;
let agent: Agent;
beforeAll(async () => {
  studio = await Studio.open({ args: ["--implicit-lease-ms", "500"] });
  const [editor] = await studio.editors(["Arcade"], { files: ARENA });
  agent = await studio.agent("player");
  await agent.call("hub_use", { target: editor?.project });
});
afterAll(() => studio.dispose());

it("plays, presses, reads what has become of it, and stops", async () => {
  expect(await agent.run("run.play", { scene: SCENE })).toMatchObject({ playing: true, startedBy: "player" });
  await agent.run("game.send_input", { events: [{ type: "click", text: "Go!" }] });
  await agent.run("game.wait_for", { text: "pressed 1" });
  expect(await agent.run("game.get_properties", { path: "Arena", names: ["presses"] })).toMatchObject({
    properties: { presses: 1 },
  });
  expect(await agent.run("editor.get_state")).toMatchObject({ state: "playing" });
  expect(await agent.run("run.get_output", { level: "info" })).toMatchObject({ game: 1 });
  expect(await agent.run("run.stop")).toMatchObject({ playing: false });
  // The hub may not have missed it yet.
  const gone = kindOf(await agent.call("command_run", { command: "game.get_tree" }));
  expect(["NO_INSTANCE", "INSTANCE_DISCONNECTED"]).toContain(gone);
});

it("plays again: the next game is another one, under the same target", async () => {
  for (const presses of [0, 0]) {
    await agent.run("run.play", { scene: SCENE });
    expect(await agent.run("game.get_properties", { path: "Arena", names: ["presses"] })).toMatchObject({
      properties: { presses },
    });
    await agent.run("game.set_properties", { path: "Arena", properties: { presses: 9 } });
    await agent.run("run.stop");
  }
});

it("steps, records, measures, and learns who may let it run code", async () => {
  const played = await agent.run("run.play", { scene: SCENE, paused: true, fixedFps: 60 });
  expect(played).toMatchObject({ games: [{ state: "running" }] });
  const events = [{ type: "action", action: "ui_right", frames: 4 }];
  expect(await agent.run("game.step", { frames: 6, events })).toMatchObject({ frames: 6, paused: true });
  const table = await agent.run("game.record", {
    columns: ["Arena/Hero:position:x", "Arena:ticks"],
    frames: 2,
    step: true,
  });
  expect(table.rows).toEqual([
    [0, 104, 6],
    [1, 104, 7],
    [2, 104, 8],
  ]);
  const snapshot = await agent.run("profiler.snapshot", { ms: 100 });
  expect(snapshot).toMatchObject({
    snapshot: "s1",
    of: "game",
    frames: 0,
    monitors: { nodes: { min: expect.any(Number) } },
  });
  expect(snapshot.monitors).not.toHaveProperty("frameMs");
  const refused = await agent.call("command_run", { command: "game.eval", params: { code: "scene.ticks" } });
  expect(kindOf(refused)).toBe("FORBIDDEN");
  expect(textOf(refused)).toContain("Allow code execution");
  await agent.run("run.stop");
});

it("gets an error when another session plays already", async () => {
  const other = await studio.agent("rival");
  await agent.run("run.play", { scene: SCENE });
  const [editor] = (await studio.instances()).filter(({ name }) => !name.endsWith(".game"));
  const refused = await other.call("command_run", { command: "run.play", params: {}, target: editor?.id });
  expect(["CONFLICT", "LEASE_HELD"]).toContain(kindOf(refused));
  await agent.run("run.stop");
});
