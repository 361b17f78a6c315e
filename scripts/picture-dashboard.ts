/** Takes the picture of the dashboard that the documents show: `npm run picture:dashboard`. */
import { writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { loginLink } from "../test/dashboard/dashboard-page.ts";
import { Browser } from "../test/support/browser.ts";
import { BusyHub } from "../test/support/busy-hub.ts";

const PICTURE = fileURLToPath(new URL("../docs/images/dashboard.png", import.meta.url));
/** The lines of the last half minute are to be full. */
const WORK_MS = 31_000;

const browser = await Browser.start({ width: 1280, height: 760 });
const busy = await BusyHub.start({ instances: 5, agents: 8 });
try {
  const page = await browser.open(await loginLink(busy.hub));
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  busy.work(400);
  await busy.agents[0]?.request("hub.acquire_lease", {
    resources: ["scene:res://levels/boss.tscn"],
    durationMs: 300_000,
  });
  await pause(WORK_MS);
  writeFileSync(PICTURE, await page.screenshot({ optimizeForSpeed: false }));
} finally {
  await busy.dispose();
  await browser.dispose();
}
