/** `godot-hub top`: what happens in the hub, on a terminal, until `q`; printed once where there is none. */
import { activityReportSchema } from "../../protocol/activity.ts";
import { ACTIVITY_EVENT } from "../../protocol/activity-event.ts";
import type { HubConfig } from "../config.ts";
import { Model } from "../dashboard/page/model.ts";
import { askHub, requireHub } from "./find-hub.ts";
import type { HubClient } from "./hub-client.ts";
import type { Terminal } from "./terminal.ts";
import { screenLines } from "./top-screen.ts";
import type { Tty } from "./tty.ts";

/** Keys that end it: q, Q, Ctrl+C, Ctrl+D, Escape. */
const QUIT_KEYS: ReadonlySet<string> = new Set(["q", "Q", "\u0003", "\u0004", "\u001b"]);
const FOOT = "q: quit";
/** Reports after which rates say something: the first only tells what there is. */
const REPORTS_TO_PRINT = 3;
const UNLIMITED = { columns: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY };

/**
 * @param tty Where to draw; undefined prints the state once.
 * @throws {CliError} when no hub runs, or it goes away.
 */
export async function top(config: HubConfig, tty: Tty | undefined, terminal: Terminal): Promise<void> {
  const hub = await requireHub(config.home);
  await askHub(config, hub, (client) => (tty ? show(client, tty) : print(client, terminal)));
}

async function show(client: HubClient, tty: Tty): Promise<void> {
  const model = new Model();
  const draw = () => tty.draw(screenLines(model, tty, FOOT));
  const end = () => void client.close();
  const onKey = (keys: string) => {
    if ([...keys].some((key) => QUIT_KEYS.has(key))) end();
  };
  tty.listen(onKey, draw);
  process.once("SIGTERM", end).once("SIGHUP", end);
  try {
    draw();
    await watch(client, model, draw);
  } finally {
    process.off("SIGTERM", end).off("SIGHUP", end);
    tty.restore();
  }
}

async function print(client: HubClient, terminal: Terminal): Promise<void> {
  const model = new Model();
  let reports = 0;
  await watch(client, model, () => {
    reports += 1;
    if (reports === REPORTS_TO_PRINT) void client.close();
  });
  for (const line of screenLines(model, UNLIMITED)) terminal.out(line);
}

/** Feeds the model until the connection closes. */
async function watch(client: HubClient, model: Model, onReport: () => void): Promise<void> {
  const closed = client.listen((event, data) => {
    if (event !== ACTIVITY_EVENT) return;
    model.apply(activityReportSchema.parse(data));
    onReport();
  });
  await Promise.all([client.request("hub.watch_activity", {}), closed]);
}
