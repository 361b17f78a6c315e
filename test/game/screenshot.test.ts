/** Pictures of a real editor and a real game, with pixels; and what is said where there are none. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Display } from "../support/display.ts";
import { openStage, type Params, type Stage } from "./stage.ts";

const SIGNATURES: Record<string, string> = { webp: "52494646", jpeg: "ffd8ff", png: "89504e47" };

interface Picture extends Params {
  data: string;
  mimeType: string;
  width: number;
  height: number;
}

/** The first bytes of a picture, as hexadecimal digits. */
function head({ data }: Picture): string {
  return Buffer.from(data, "base64").toString("hex", 0, 4);
}

describe("with a display", () => {
  let display: Display;
  let stage: Stage;
  beforeAll(async () => {
    display = await Display.start();
    stage = await openStage({}, { display: display.env });
  });
  afterAll(async () => {
    await stage.dispose();
    display.dispose();
  });
  const shoot = async (method: string, params: Params = {}) => (await stage.call(method, params)) as Picture;

  it("the editor is shown whole, or one of its views", async () => {
    const whole = await shoot("editor.screenshot");
    expect(whole).toMatchObject({ view: "window", mimeType: "image/webp" });
    expect(head(whole)).toBe(SIGNATURES.webp);
    const view = await shoot("editor.screenshot", { view: "2d", scene: "res://game/level.tscn" });
    expect(view.sourceWidth).toBeLessThan(Number(whole.sourceWidth));
    expect(await shoot("editor.screenshot", { view: "3d", maxSize: 64 })).toMatchObject({ view: "3d" });
  });

  it.each(["webp", "jpeg", "png"])("the game is shown as %s, no larger than asked for", async (format) => {
    if (!(await stage.call("run.status")).playing) await stage.play();
    const picture = await shoot("game.screenshot", { format, maxSize: 320 });
    expect(picture).toMatchObject({ mimeType: `image/${format}`, paused: false });
    expect(Math.max(picture.width, picture.height)).toBe(320);
    expect(head(picture).startsWith(SIGNATURES[format] ?? "?")).toBe(true);
  });

  it("a Control is cut out of the picture, and moments are put side by side", async () => {
    expect(await shoot("game.screenshot", { path: "Arena/Go" })).toMatchObject({ width: 100, height: 40 });
    const moments = await shoot("game.screenshot", { path: "Arena/Go", moments: 3, every: 2 });
    expect(moments).toMatchObject({ width: 200, height: 80 });
    expect(await stage.fails("game.screenshot", { path: "Arena/Nobody" })).toMatchObject({ kind: "NOT_FOUND" });
  });

  it("what the game shows is seen", async () => {
    const before = await shoot("game.screenshot", { format: "png", path: "Arena/Status" });
    await stage.call("game.set_properties", { path: "Arena/Status", properties: { modulate: "Color(1, 0, 0, 1)" } });
    const after = await shoot("game.screenshot", { format: "png", path: "Arena/Status" });
    expect(after.data).not.toBe(before.data);
    expect(after).toMatchObject({ width: before.width, height: before.height });
  });

  it("the game is clicked as it is without a window", async () => {
    await stage.call("game.send_input", { events: [{ type: "click", text: "Go!" }] });
    expect(await stage.properties("Arena", "presses")).toEqual({ presses: 1 });
  });
});

describe("without a display", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.dispose());

  it("editor and game say that they have no pixels and what to do", async () => {
    const failure = { kind: "CONFLICT", hint: expect.stringContaining("xvfb-run") };
    expect(await stage.fails("editor.screenshot")).toMatchObject(failure);
    await stage.play();
    expect(await stage.fails("game.screenshot")).toMatchObject(failure);
  });
});
