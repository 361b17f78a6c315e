/** `godot-hub connect`: writes the adapter into an AI client's own configuration, or takes it out again. */
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "../../hub-client/atomic-file.ts";
import { hasCode, messageOf } from "../../hub-client/node-errors.ts";
import { CLIENT_CONFIGS } from "./client-configs.ts";
import { adapterCommand } from "./connect-help.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

/** Name of the server in the client's list. */
const SERVER_NAME = "godot";

/** Which client, and what to do with its file. */
export interface ConnectOptions {
  /** A word of CLIENT_CONFIGS; undefined: it was forgotten. */
  client: string | undefined;
  remove: boolean;
  dryRun: boolean;
}

/** @throws {CliError} for a client that is not known, or a file that can't be read or written. */
export function connect(home: string, { client, remove, dryRun }: ConnectOptions, terminal: Terminal): void {
  const config = CLIENT_CONFIGS[client ?? ""];
  if (!config) throw unknownClient(client);
  const path = config.path(process.env, process.platform);
  const before = read(path);
  const after = edited(path, () => config.edit(before, SERVER_NAME, remove ? undefined : adapterCommand(home)));
  if (after === before) {
    terminal.out(`${config.title}: nothing to change in ${path}.`);
    return;
  }
  if (dryRun) {
    terminal.out(`${path} would be:\n${after.trimEnd()}`);
    return;
  }
  write(path, after);
  const what = remove ? "is disconnected" : "is connected; start it anew to see the tools";
  terminal.out(`${config.title} ${what} (${path}).`);
  if (config.remark && !remove) terminal.out(config.remark);
}

function unknownClient(client: string | undefined): CliError {
  const known = Object.keys(CLIENT_CONFIGS);
  const here = known.filter((each) => existsSync(CLIENT_CONFIGS[each]?.path(process.env, process.platform) ?? ""));
  const cause = client === undefined ? "Which client?" : `There is no client '${client}'.`;
  const present = here.length > 0 ? ` A configuration is here of ${here.join(", ")}.` : "";
  return new CliError(`${cause} --client takes ${known.join(", ")}.${present}`, EXIT_CODES.USAGE);
}

function read(path: string): string {
  try {
    // Some editors of Windows begin a file with a byte order mark, which JSON does not have.
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "";
    throw new CliError(`${path} can't be read: ${messageOf(error)}.`);
  }
}

function edited(path: string, edit: () => string): string {
  try {
    return edit();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(`${path}: ${error.message} Nothing was changed.`);
  }
}

/** Through a link, to the file behind it. A new file is private: configurations hold keys of other servers. */
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const known = statSync(path, { throwIfNoEntry: false });
  const file = known ? realpathSync(path) : path;
  try {
    replaceFile(file, text, known ? { mode: known.mode & 0o777 } : {});
  } catch (error) {
    throw new CliError(`${path} can't be written: ${messageOf(error)}.`);
  }
}
