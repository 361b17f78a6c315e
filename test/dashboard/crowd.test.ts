import type { CDPSession } from "puppeteer-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Browser } from "../support/browser.ts";
import { BusyHub } from "../support/busy-hub.ts";
import { until } from "../support/wait.ts";
import { DashboardPage } from "./dashboard-page.ts";

const INSTANCES = 50;
const AGENTS = 200;
const LOAD_MS = 10_000;

let browser: Browser;
let busy: BusyHub;

beforeAll(async () => {
  browser = await Browser.start();
  busy = await BusyHub.start({ instances: INSTANCES, agents: AGENTS });
});
afterAll(async () => {
  await busy?.dispose();
  await browser?.dispose();
});

/** Notes in the page what keeps it from answering, ms. */
const OBSERVE = `
  globalThis.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => Math.round(duration))))
    .observe({ type: "longtask" });
`;

/** What the page's main thread has cost so far, s of a processor: what else the machine does is not in it. */
async function processorTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
}

it("shows 50 instances and 200 agents at work without stutter", async () => {
  const dashboard = await DashboardPage.logIn(browser, busy.hub);
  await dashboard.until(`document.querySelectorAll("#clients tbody tr").length > ${AGENTS}`);
  expect(await dashboard.rows("instances")).toHaveLength(INSTANCES);
  const session = await dashboard.page.createCDPSession();
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  busy.work(400);
  await dashboard.page.evaluate(OBSERVE);
  const before = await processorTime(session);
  const startedAt = performance.now();
  await until(() => performance.now() - startedAt > LOAD_MS, { what: "the load", deadlineMs: 2 * LOAD_MS });
  const elapsed = (performance.now() - startedAt) / 1_000;
  const share = ((await processorTime(session)) - before) / elapsed;
  const longTasks = await dashboard.page.evaluate("longTasks");
  console.info(`dashboard under load: ${(share * 100).toFixed(1)} % of a processor, long tasks (ms): ${longTasks}`);
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThan(0.25);
  expect(await dashboard.page.evaluate("document.querySelectorAll('tr').length")).toBeLessThan(600);
  expect(dashboard.complaints).toEqual([]);
});
