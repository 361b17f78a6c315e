import { source as axe } from "axe-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ERROR_CODES } from "../../protocol/errors.ts";
import { Browser } from "../support/browser.ts";
import { BusyHub } from "../support/busy-hub.ts";
import { DashboardPage } from "./dashboard-page.ts";

let browser: Browser;
let busy: BusyHub;
let dashboard: DashboardPage;

beforeAll(async () => {
  browser = await Browser.start();
  busy = await BusyHub.start({ instances: 4, agents: 5 });
  dashboard = await DashboardPage.logIn(browser, busy.hub);
  busy.work(100);
  const [agent] = busy.agents;
  await agent?.request("hub.acquire_lease", { resources: ["scene:res://main.tscn"] });
  await agent?.request("script.validate");
  await dashboard.row("errors", /NOT_FOUND/);
  await dashboard.row("leases", /main\.tscn/);
  await busy.stop();
});
afterAll(async () => {
  await busy?.dispose();
  await browser?.dispose();
});

const LOOKS = [
  { scheme: "light", width: 1440 },
  { scheme: "dark", width: 1440 },
  { scheme: "light", width: 360 },
  { scheme: "dark", width: 360 },
] as const;

it.each(LOOKS)("the dashboard has no fault of accessibility, in $scheme and $width pixels wide", async (look) => {
  const { page } = dashboard;
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: look.scheme }]);
  await page.setViewport({ width: look.width, height: 900 });
  await page.evaluate(axe);
  const faults = await page.evaluate(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 120))]))",
  );
  expect(faults).toEqual([]);
});

it.each(LOOKS)("the dashboard needs no sideways scrolling, in $scheme and $width pixels wide", async ({ width }) => {
  const { page } = dashboard;
  await page.setViewport({ width, height: 900 });
  const overflowing = await page.evaluate(
    "[document.documentElement, ...document.querySelectorAll('.scroll')].filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.className || each.tagName)",
  );
  expect(overflowing).toEqual([]);
});

it.each([1440, 1280, 800, 360])("the longest outcome has room in its column, %i pixels wide", async (width) => {
  const { page } = dashboard;
  await page.setViewport({ width, height: 900 });
  const [longest = ""] = Object.keys(ERROR_CODES).toSorted((a, b) => b.length - a.length);
  const room = await page.evaluate(`(() => {
    const shown = document.querySelector("#feed .outcome");
    const before = [shown.textContent, shown.className];
    [shown.textContent, shown.className] = [${JSON.stringify(longest)}, "outcome failed"];
    const room = shown.closest("td").getBoundingClientRect().right - shown.getBoundingClientRect().right;
    [shown.textContent, shown.className] = before;
    return room;
  })()`);
  expect(room).toBeGreaterThanOrEqual(0);
});

it("the dashboard follows the system's light and dark", async () => {
  const { page } = dashboard;
  const grounds = [];
  for (const value of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
    grounds.push(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
  }
  expect(grounds).toEqual(["rgb(242, 244, 247)", "rgb(16, 19, 23)"]);
});

it("the first thing that the keyboard reaches leads past the header, and every control shows the focus", async () => {
  const { page } = dashboard;
  await page.setViewport({ width: 1440, height: 900 });
  await page.reload();
  await dashboard.untilState("live");
  await dashboard.row("clients", /Disconnect/);
  await page.keyboard.press("Tab");
  expect(await dashboard.focused()).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.activeElement.id")).toBe("content");
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press("Tab");
    const outline =
      "[document.activeElement.outerHTML.slice(0, 60), getComputedStyle(document.activeElement).outlineStyle]";
    expect(await page.evaluate(outline)).toEqual([expect.any(String), "solid"]);
  }
});
