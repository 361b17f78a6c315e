import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { Browser } from "../support/browser.ts";
import { BusyHub } from "../support/busy-hub.ts";
import { pageWork } from "../support/page-work.ts";
import { DashboardPage } from "./dashboard-page.ts";

const INSTANCES = 50;
const AGENTS = 200;
/** Reports that are looked at: two a second are sent. */
const REPORTS = 8;
/** Under the browser's trace, on a machine with more to do. */
const DEADLINE_MS = 180_000;
/** What browsers call a long task, ms: from here on a person notices that the page does not answer. */
const LONG_TASK_MS = 50;

let browser: Browser;
let busy: BusyHub;
let dashboard: DashboardPage;

beforeAll(async () => {
  browser = await Browser.start();
  busy = await BusyHub.start({ instances: INSTANCES, agents: AGENTS });
});
afterAll(async () => {
  await busy?.dispose();
  await browser?.dispose();
});
beforeEach(async () => {
  dashboard = await DashboardPage.logIn(browser, busy.hub);
  await dashboard.until(`${count("clients")} === ${AGENTS + 1} && ${count("instances")} === ${INSTANCES}`);
  busy.work(400);
  onTestFinished(async () => {
    await busy.stop();
    await dashboard.page.close();
  });
});

/** How many rows a table has, whether or not they are in sight. */
const count = (table: string) => `Number(document.getElementById("${table}").ariaRowCount) - 1`;

/** Counts what the page's scripts change, and the reports after which they do: the tiles change with each. */
const OBSERVE = `
  globalThis.changes = 0;
  globalThis.reports = 0;
  new MutationObserver((records) => { changes += records.length; })
    .observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  new MutationObserver(() => { reports += 1; })
    .observe(document.querySelector("#tiles .tile:nth-child(3) .spark .line"), { attributes: true });
`;

it(
  "shows 50 instances and 200 agents at work without stutter",
  async () => {
    const { page } = dashboard;
    await dashboard.row("feed", /\tok\t/);
    await page.evaluate(OBSERVE);
    const work = await pageWork(page, () => dashboard.until(`reports >= ${REPORTS}`));
    const longest = work.tasks[0] ?? Number.NaN;
    expect(work.tasks.length).toBeGreaterThan(REPORTS);
    // By the processor's clock, so that a machine with more to do does not make it longer.
    expect(longest).toBeLessThan(LONG_TASK_MS);
    expect(work.forcedLayouts).toBe(0);
    expect(await page.evaluate("changes / reports")).toBeLessThan(1_500);
    expect(await page.evaluate("document.querySelectorAll('*').length")).toBeLessThan(2_000);
    expect(dashboard.complaints).toEqual([]);
  },
  DEADLINE_MS,
);

it(
  "shows the rows that one scrolls to, and keeps them in place while others come and go",
  async () => {
    const { page } = dashboard;
    await dashboard.until(`${count("feed")} > 100`);
    const scroll = (table: string, rows: string) =>
      page.evaluate(`document.getElementById("${table}").parentElement.scrollTop = ${rows}`);
    await scroll("clients", "1e6");
    await dashboard.row("clients", /^gemini-cli-50 /);
    await dashboard.untilNoRow("clients", /^claude-code /);
    await page.evaluate("document.querySelector('.panel.feed').scrollIntoView()");
    await scroll("feed", "27 * 60");
    const first = `(() => {
    const { top, left } = document.querySelector("#feed").parentElement.getBoundingClientRect();
    return document.elementFromPoint(left + 200, top + 60)?.closest("tr")?.innerText;
  })()`;
    await dashboard.until(`${first} !== undefined`);
    const read = await page.evaluate(first);
    await page.evaluate(OBSERVE);
    await dashboard.until("reports >= 3");
    expect(await page.evaluate(first)).toBe(read);
  },
  DEADLINE_MS,
);

it(
  "keeps the focus in a row that is out of sight, and leads the keyboard through all of them",
  async () => {
    const { page } = dashboard;
    const names = await page.evaluate(
      `[...document.querySelectorAll("#clients tbody button")].map((each) => each.getAttribute("aria-label"))`,
    );
    const [firstName = ""] = names as string[];
    await page.evaluate(`document.querySelector("#clients tbody button").focus()`);
    expect(await dashboard.focused()).toBe(firstName);
    for (let step = 0; step < 30; step += 1) await page.keyboard.press("Tab");
    const reached = await dashboard.focused();
    expect(reached).toMatch(/^Disconnect /);
    expect(names).not.toContain(reached);
    await page.evaluate(`document.getElementById("clients").parentElement.scrollTop = 0`);
    await dashboard.row("clients", /^claude-code /);
    await pause(1_000);
    expect(await dashboard.focused()).toBe(reached);
  },
  DEADLINE_MS,
);
