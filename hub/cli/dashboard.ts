/** `godot-hub dashboard`: opens the page of the hub that runs, logged in; starts a hub where none runs. */
import { spawn } from "node:child_process";
import type { Command } from "commander";
import type { HubFile } from "../../hub-client/state-dir.ts";
import type { HubConfig } from "../config.ts";
import type { CliContext } from "./context.ts";
import { CliError } from "./exit-codes.ts";
import { askHub, findHub } from "./find-hub.ts";
import { configOf } from "./options.ts";
import { runArguments, start } from "./start.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub dashboard`. */
export function addDashboard(program: Command, { terminal, self }: CliContext): void {
  program
    .command("dashboard")
    .description("open the hub's page in a browser, logged in; starts a hub when none runs")
    .option("--no-open", "only print the link: good once, for a minute")
    .action(({ open }: { open: boolean }, command: Command) => {
      const config = configOf(command);
      return dashboard(config, { browser: open, program: runArguments(self, config, command) }, terminal);
    });
}

/** How the dashboard is opened. */
interface DashboardOptions {
  /** Opens a browser; otherwise the link is printed and nothing else. */
  browser: boolean;
  /** Arguments of node that run a hub in the background, for when there is none. */
  program: readonly string[];
}

/** @throws {CliError} when no hub can be started, or it refuses. */
export async function dashboard(
  config: HubConfig,
  { browser, program }: DashboardOptions,
  terminal: Terminal,
): Promise<void> {
  const hub = await runningHub(config, program, terminal);
  const { url, lifetimeMs } = await askHub(config, hub, (client) => client.request("hub.create_login_code", {}));
  const validity = `good once, within ${Math.round(lifetimeMs / 1_000)} s`;
  if (!browser) terminal.out(url);
  else if (await openBrowser(url)) terminal.out(`The dashboard opens in your browser: ${new URL(url).origin}`);
  else terminal.out(`No browser could be opened here. This link logs you in, ${validity}:\n${url}`);
}

async function runningHub(config: HubConfig, program: readonly string[], terminal: Terminal): Promise<HubFile> {
  const { running } = await findHub(config.home);
  if (running) return running;
  // Only the link may stand on stdout, where somebody reads it from there.
  await start(config, program, { ...terminal, out: (line) => terminal.err(line) });
  const { running: started } = await findHub(config.home);
  if (!started) throw new CliError("The hub that was started has gone: see `godot-hub logs`.");
  return started;
}

/** An opener that has not failed by then has handed the link over, ms. */
const OPENER_MS = 3_000;

/** The program that opens links, with its arguments; undefined where there is no screen to open one on. */
export function openerOf(
  url: string,
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): readonly [string, ...string[]] | undefined {
  if (platform === "darwin") return ["open", url];
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", url];
  // Without one, xdg-open takes over the terminal with a browser made of text.
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open", url] : undefined;
}

/** False when it can't be opened. */
function openBrowser(url: string): Promise<boolean> {
  const [program, ...args] = openerOf(url, process.platform, process.env) ?? [];
  if (program === undefined) return Promise.resolve(false);
  const child = spawn(program, args, { detached: true, stdio: "ignore", windowsHide: true });
  child.unref();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), OPENER_MS);
    const end = (isOpen: boolean) => {
      clearTimeout(timer);
      resolve(isOpen);
    };
    child.once("error", () => end(false));
    child.once("exit", (code) => end(code === 0));
  });
}
