import { afterAll, beforeAll, expect, it } from "vitest";
import { Browser } from "../support/browser.ts";
import type { GodotEditor } from "../support/godot-editor.ts";
import { kindOf, Studio, textOf } from "../support/studio.ts";
import { DashboardPage } from "./dashboard-page.ts";

let studio: Studio;
let browser: Browser;
let editor: GodotEditor | undefined;

beforeAll(async () => {
  studio = await Studio.open();
  [editor] = await studio.editors(["watched"]);
  browser = await Browser.start();
});
afterAll(async () => {
  await browser?.dispose();
  await studio?.dispose();
});

it("shows what an agent does in a real editor, and keeps it from going on while the owner pauses the editor", async () => {
  const dashboard = await DashboardPage.logIn(browser, studio.hub);
  const agent = await studio.agent("claude-code");
  await agent.run("scene.get_tree");
  await dashboard.row("instances", /^watched@\w{4} 4\.\d.*\tready\tclaude-code\t/);
  await dashboard.row("feed", /\tscene\.get_tree\tclaude-code\twatched@\w{4}\tok\t/);
  const name = (await dashboard.row("instances", /^watched@/)).split(" ", 1)[0] ?? "";
  await dashboard.button(`Pause ${name}`).click();
  await dashboard.row("instances", /^watched@.*\tpaused\t/);
  const refused = await agent.call("command_run", { command: "editor.get_selection", params: {} });
  expect(kindOf(refused)).toBe("BUSY");
  await dashboard.button(`Continue ${name}`).click();
  await dashboard.row("instances", /^watched@.*\tready\t/);
  await agent.run("editor.get_selection");
  await editor?.dispose();
  await dashboard.row("instances", /^watched@.*\taway\t/);
  expect(dashboard.complaints).toEqual([]);
});

it("sends an agent away whose next call says that a person has done so, and nothing reaches the editor", async () => {
  const dashboard = await DashboardPage.logIn(browser, studio.hub);
  const agent = await studio.agent("unwanted");
  await agent.call("hub_status");
  await dashboard.row("clients", /^unwanted /);
  await dashboard.button("Disconnect unwanted").click();
  await dashboard.page.waitForSelector("#question[open]");
  await dashboard.page.click("#question-yes");
  await dashboard.untilNoRow("clients", /^unwanted /);
  for (let call = 0; call < 2; call += 1) {
    const refused = await agent.call("hub_status");
    expect(refused.isError).toBe(true);
    expect(textOf(refused)).toContain("The owner of this hub has disconnected this client");
  }
  expect(await dashboard.rows("clients")).not.toContainEqual(expect.stringContaining("unwanted"));
});
