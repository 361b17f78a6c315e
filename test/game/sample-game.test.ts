/** The sample game is a whole one: it can be lost, won, and played again, and its tests pass. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { openStage, type Stage } from "./stage.ts";

const [PLAYING, WON, LOST] = [0, 1, 2];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.dispose());

const until = (params: object) => stage.call("game.wait_for", { path: "Level", timeoutMs: 30_000, ...params });
const hold = (action: string, pressed: boolean) =>
  stage.call("game.send_input", { events: [{ type: "action", action, pressed }] });
/** In frames of the game, so that a slow machine walks no further. */
const walk = (action: string, frames: number) =>
  stage.call("game.send_input", { events: [{ type: "action", action, frames }] });

it("has its tests, and no others", async () => {
  const { tests, ...outcome } = await stage.call("test.run");
  expect(outcome).toMatchObject({ passed: true, end: "finished", totals: { total: 4, passed: 4 } });
  const suites = z.array(z.object({ suite: z.string() })).parse(tests);
  expect(suites.filter(({ suite }) => !suite.startsWith("res://game/"))).toEqual([]);
});

describe("when it is played, it", () => {
  beforeEach(async () => {
    await stage.play({ which: "main" });
    return async () => {
      await stage.call("run.stop");
    };
  });

  it("is lost to the enemy, and begins anew", async () => {
    expect(await stage.properties("Level", "state")).toEqual({ state: PLAYING });
    await hold("ui_right", true);
    await until({ property: "state", value: LOST });
    await hold("ui_right", false);
    await until({ path: "Level/Message", property: "text", is: "contains", value: "Caught!" });
    await stage.call("game.send_input", { events: [{ type: "action", action: "ui_accept" }] });
    await until({ path: "Level", property: "state", value: PLAYING });
    expect(await stage.properties("Level/Score", "text")).toEqual({ text: "Coins: 0" });
  });

  it("is lost by a fall", async () => {
    await hold("ui_left", true);
    await until({ property: "state", value: LOST });
    expect(await stage.properties("Level/Message", "text")).toEqual({ text: "You fell. Enter: try again" });
  });

  it("is won at the flag, with every coin", async () => {
    await stage.call("game.set_properties", { path: "Level/Enemy", properties: { position: "Vector2(700, -5000)" } });
    await stage.call("game.set_properties", { path: "Level/Player", properties: { position: "Vector2(1000, 550)" } });
    await walk("ui_right", 15);
    await until({ path: "Level/Player", property: "position:x", is: "greater", value: 1_040 });
    expect(await stage.properties("Level", "state")).toEqual({ state: PLAYING });
    await walk("ui_left", 195);
    await until({ path: "Level/Player", property: "coins", value: 3 });
    await hold("ui_right", true);
    await until({ property: "state", value: WON });
    expect(await stage.properties("Level/Message", "text")).toEqual({ text: "You win! Enter: play again" });
  });
});
