/** Tests a running game when the hub, the addon or its main loop fails. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { LocalHub } from "../support/local-hub.ts";
import { until } from "../support/wait.ts";
import { type Game, openStage, SCENE, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.dispose());

it("a caller that waits for a game learns at once that it hangs, and may stop it", async () => {
  const [game] = await stage.play();
  stage.agent.sendMessage({
    jsonrpc: "2.0",
    id: "hanging",
    method: "game.call_method",
    resources: [],
    params: { path: "Arena", method: "hang" },
  });
  const { message } = await stage.agent.next((received) => received.message.method === "progress", {
    what: "word of the hang",
  });
  expect(message.params).toMatchObject({
    id: "hanging",
    message: expect.stringContaining(`${game.name} does not answer`),
  });
  expect(((await stage.call("run.status")).games as Game[])[0]).toMatchObject({ state: "hung" });
  await stage.call("run.stop");
  expect(await stage.agent.response("hanging")).toMatchObject({ error: { data: { kind: "OUTCOME_UNKNOWN" } } });
});

it("a game goes on when the addon is switched off and on, and can still be stopped", async () => {
  await stage.play();
  const { ticks } = (await stage.properties("Arena", "ticks")) as { ticks: number };
  await stage.call("editor.reload_plugin");
  await until(async () => !((await stage.call("run.status")).games as Game[]).length, { what: "the addon's return" });
  await stage.call("game.wait_for", { path: "Arena", property: "ticks", is: "greater", value: ticks });
  expect(await stage.call("run.status")).toMatchObject({ playing: true, scene: SCENE });
  expect(await stage.call("run.stop")).toMatchObject({ playing: false });
});

it("a game goes on with the hub that comes after", async () => {
  const [game] = await stage.play();
  await stage.call("game.set_properties", { path: "Arena", properties: { presses: 5 } });
  const port = Number(new URL(stage.hub.url).port);
  await stage.hub.hub.stop();
  const next = await LocalHub.start({ port }, 30_000);
  const agent = await next.adapter();
  const answer = await agent.request(
    "game.get_properties",
    { path: "Arena", names: ["presses"] },
    {},
    { deadlineMs: 30_000 },
  );
  expect(answer).toMatchObject({ result: { properties: { presses: 5 } }, instance: { name: game.name } });
  await agent.request("run.stop", {}, { resources: [] });
  await next.dispose();
});
