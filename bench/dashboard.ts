/** Measures the dashboard's cost for the browser: with 50 instances and 200 busy agents, and with fewer. */
import { setTimeout as pause } from "node:timers/promises";
import { DashboardPage } from "../test/dashboard/dashboard-page.ts";
import { Browser } from "../test/support/browser.ts";
import { BusyHub, type Crowd } from "../test/support/busy-hub.ts";
import { type PageWork, pageWork } from "../test/support/page-work.ts";

const CROWDS: readonly Crowd[] = [
  { instances: 3, agents: 6 },
  { instances: 50, agents: 200 },
];
const WORK_MS = 15_000;
/** Between two commands of one agent, ms. */
const EVERY_MS = 400;
const LONG_TASK_MS = 50;

/** Runs the benchmark and prints its figures. */
export async function dashboard(): Promise<void> {
  console.log("\nThe page's main thread (goal: no task of 50 ms). Processor time is what the page needs; by the clock");
  console.log("a task is longer where the browser, the hub and the agents share the processors.");
  const browser = await Browser.start();
  try {
    for (const crowd of CROWDS) await measure(browser, crowd);
  } finally {
    await browser.dispose();
  }
}

async function measure(browser: Browser, crowd: Crowd): Promise<void> {
  const busy = await BusyHub.start(crowd);
  try {
    const { page } = await DashboardPage.logIn(browser, busy.hub);
    busy.work(EVERY_MS);
    await pause(2_000);
    const work = await pageWork(page, () => pause(WORK_MS));
    const elements = await page.evaluate("document.querySelectorAll('*').length");
    console.log(`${crowd.instances} instances, ${crowd.agents} agents: ${elements} elements`);
    for (const line of linesOf(work)) console.log(`  ${line}`);
    await page.close();
  } finally {
    await busy.dispose();
  }
}

function linesOf({ tasks, taskSpans, frames, forcedLayouts }: PageWork): string[] {
  const at = (values: readonly number[], share: number) => (values[Math.floor(values.length * share)] ?? 0).toFixed(1);
  const total = tasks.reduce((sum, each) => sum + each, 0);
  const long = taskSpans.filter((each) => each >= LONG_TASK_MS).map(Math.round);
  return [
    `${((total / WORK_MS) * 100).toFixed(1)} % of a processor, ${forcedLayouts} layouts forced by scripts`,
    `${frames.length} frames: median ${at(frames, 0.5)} ms of a processor, p95 ${at(frames, 0.05)}, worst ${at(frames, 0)}`,
    `longest task ${at(tasks, 0)} ms of a processor, ${at(taskSpans, 0)} ms by the clock; 50 ms and more by the clock: ${long.length === 0 ? "none" : long.join(", ")}`,
  ];
}
