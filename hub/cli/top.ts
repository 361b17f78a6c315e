/** `godot-hub top`: what happens in the hub, on a terminal, until `q`; printed once where there is none. */
import type { Command } from "commander";
import { activityReportSchema } from "../../protocol/activity.ts";
import { ACTIVITY_EVENT } from "../../protocol/activity-event.ts";
import type { HubConfig } from "../config.ts";
import { Model } from "../dashboard/page/model.ts";
import type { CliContext } from "./context.ts";
import { askHub, requireHub } from "./find-hub.ts";
import type { HubClient } from "./hub-client.ts";
import { configOf } from "./options.ts";
import type { Terminal } from "./terminal.ts";
import { screenLines } from "./top-screen.ts";

/** Adds `godot-hub top`. */
export function addTop(program: Command, { terminal }: CliContext): void {
  program
    .command("top")
    .description("show what happens in the hub, on this terminal; q ends it")
    .option("--once", "print it once, as it does where there is no terminal")
    .action(({ once = false }: { once?: boolean }, command: Command) =>
      top(configOf(command), once ? undefined : processTty(), terminal),
    );
}

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

/** What a full-screen command needs of a terminal. */
interface Tty {
  readonly columns: number;
  readonly rows: number;
  /** Draws `lines` from the top; what stood there before is gone. */
  draw(lines: readonly string[]): void;
  /** Calls back for each key, and when the size has changed. */
  listen(onKey: (key: string) => void, onResize: () => void): void;
  /** Leaves the terminal as it was found. */
  restore(): void;
}

const ESC = "\u001b[";
/** The alternate screen keeps what the person had on theirs. */
const ENTER = `${ESC}?1049h${ESC}?25l`;
const LEAVE = `${ESC}?25h${ESC}?1049l`;
const HOME = `${ESC}H`;
const CLEAR_LINE = `${ESC}K`;
const CLEAR_BELOW = `${ESC}J`;

/** Standard sizes, for a terminal that does not know its own. */
const COLUMNS = 80;
const ROWS = 24;

/** This process's terminal; undefined when a file or a program stands at either end. */
function processTty(): Tty | undefined {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  let hasBegun = false;
  return {
    get columns() {
      return stdout.columns || COLUMNS;
    },
    get rows() {
      return stdout.rows || ROWS;
    },
    draw(lines) {
      stdout.write(`${hasBegun ? "" : ENTER}${HOME}${lines.join(`${CLEAR_LINE}\r\n`)}${CLEAR_LINE}${CLEAR_BELOW}`);
      hasBegun = true;
    },
    listen(onKey, onResize) {
      stdin.setRawMode(true).setEncoding("utf8").on("data", onKey);
      stdout.on("resize", onResize);
    },
    restore() {
      stdin.setRawMode(false).pause();
      stdout.removeAllListeners("resize");
      if (hasBegun) stdout.write(LEAVE);
    },
  };
}
