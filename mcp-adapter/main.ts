/** The adapter's process: arguments, stdio, signals and exit codes, nothing else. */

// Before the others: what they take to load is time in which the parent may die unseen.
import "./process/parent-process.ts";

import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { PRODUCT_VERSION } from "../protocol/version.ts";
import { Adapter } from "./adapter.ts";
import type { McpServerOptions } from "./mcp/mcp-handlers.ts";
import { McpServer } from "./mcp/mcp-server.ts";
import { Log } from "./process/log.ts";
import { type AdapterOptions, type HttpOptions, OptionsError, readOptions, USAGE } from "./process/options.ts";
import { watchParent, watchSignals } from "./process/parent-watcher.ts";

/** How long tool calls that are nearly answered are waited for once the AI client has closed stdin. */
const LAST_ANSWERS_MS = 80;
const BAD_OPTION = 2;
const FRONT = { serve: (server: McpServerOptions) => new McpServer(server) };

const options = optionsOrExit();
const log = new Log(options.logLevel);
process.on("uncaughtException", (error) => log.error("uncaught exception", { error: error.stack }));
process.on("unhandledRejection", (reason) => log.error("unhandled rejection", { error: String(reason) }));

const hubProgram = fileURLToPath(new URL("./godot-hub.js", import.meta.url));
const surroundings = { env: process.env, cwd: workingDirectory(), hubProgram };

try {
  if (options.http) await serveHttp(options.http);
  else await serveStdio();
} catch (error) {
  exitWith(error);
}

async function serveStdio(): Promise<void> {
  const adapter = new Adapter(options, surroundings, log, FRONT);
  watchParent(({ reason, graceful, exitCode }) => {
    log.info("ending", { reason });
    const leave = () => {
      adapter.dispose();
      process.exit(exitCode);
    };
    if (graceful) adapter.server.settled(LAST_ANSWERS_MS).then(leave);
    else leave();
  });
  await adapter.checkOptions();
  await adapter.server.start();
}

async function serveHttp(http: HttpOptions): Promise<void> {
  await new Adapter(options, surroundings, log, FRONT).checkOptions();
  const { runHttp } = await import("./http/run-http.ts");
  const { url, stop } = await runHttp(options, http, surroundings, log).catch((error: Error) => {
    throw new OptionsError(`--http can't be served: ${error.message}.`);
  });
  watchSignals((reason, exitCode) => {
    log.info("ending", { reason });
    stop();
    process.exit(exitCode);
  });
  process.stderr.write(`godot-mcp-adapter: serving ${url}; clients send the token that \`godot-hub token\` shows.\n`);
}

/** The working directory; of one that is gone, such as a removed worktree, the path that it had. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return process.env.PWD ?? homedir();
  }
}

function optionsOrExit(): AdapterOptions {
  try {
    const read = readOptions(process.argv.slice(2), process.env);
    if (typeof read === "object") return read;
    process.stdout.write(read === "help" ? USAGE : `${PRODUCT_VERSION}\n`);
    return process.exit(0);
  } catch (error) {
    return exitWith(error);
  }
}

function exitWith(error: unknown): never {
  if (!(error instanceof OptionsError)) throw error;
  process.stderr.write(`godot-mcp-adapter: ${error.message} See --help.\n`);
  return process.exit(BAD_OPTION);
}
