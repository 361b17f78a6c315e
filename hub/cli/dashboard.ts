/** `godot-hub dashboard`: opens the page of the hub that runs, logged in; starts a hub where none runs. */
import type { HubFile } from "../../hub-client/state-dir.ts";
import type { HubConfig } from "../config.ts";
import { CliError } from "./exit-codes.ts";
import { askHub, findHub } from "./find-hub.ts";
import { openBrowser } from "./open-browser.ts";
import { start } from "./start.ts";
import type { Terminal } from "./terminal.ts";

/** How the dashboard is opened. */
export interface DashboardOptions {
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
