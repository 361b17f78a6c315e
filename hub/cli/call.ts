/** `godot-hub call`: runs one command in an editor, for people and scripts. */
import { isJsonObject } from "../../hub-client/json-object.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { resourcesOf } from "../../protocol/resources.ts";
import { COMMAND_DEADLINE_MAX_MS } from "../../protocol/timing.ts";
import type { HubConfig } from "../config.ts";
import { CallSession } from "./call-session.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import { connectTo, findHub } from "./find-hub.ts";
import type { Terminal } from "./terminal.ts";

/** What goes with a command. */
export interface CallOptions {
  /** Params as JSON text. */
  params: string | undefined;
  target: string | undefined;
  json: boolean;
  deadlineMs: number;
}

/**
 * Prints what the command answers: its result indented, or with `json` the whole response on one line, errors too.
 * @returns the exit code. @throws {CliError} for params that do not fit, and when no hub runs.
 */
export async function call(
  config: HubConfig,
  command: string,
  { params, target, json, deadlineMs }: CallOptions,
  terminal: Terminal,
): Promise<number> {
  const given = paramsOf(command, params);
  if (!(deadlineMs >= 1 && deadlineMs <= COMMAND_DEADLINE_MAX_MS)) {
    throw new CliError(`--deadline-ms must be from 1 to ${COMMAND_DEADLINE_MAX_MS}.`, EXIT_CODES.USAGE);
  }
  const { running } = await findHub(config.home);
  if (!running) throw new CliError("No hub runs: `godot-hub start` starts one.");
  const session = CallSession.take(config.home);
  const { resumeToken } = session;
  const deadlines = { deadlineMs: deadlineMs + ANSWER_SLACK_MS };
  const client = await connectTo(config, running, { ...deadlines, clientType: "mcp", resumeToken });
  try {
    const known = COMMANDS.get(command);
    const resources = known && !known.readOnly ? resourcesOf(known, given) : undefined;
    const routing = { deadlineMs, ...(target !== undefined && { target }), ...(resources && { resources }) };
    const { result, error, instance } = await client.ask(command, given, routing);
    if (json) terminal.out(JSON.stringify({ ...(error ? { error } : { result }), ...(instance && { instance }) }));
    else if (!error) terminal.out(JSON.stringify(result, null, 2));
    if (!error) return EXIT_CODES.OK;
    if (!json) terminal.err(["godot-hub:", error.message, error.data?.hint].filter(Boolean).join(" "));
    return EXIT_CODES.FAILED;
  } finally {
    await client.close();
    session.leave(client.resumeToken);
  }
}

/** What an answer may take beyond the budget of its command. */
const ANSWER_SLACK_MS = 5_000;

function paramsOf(command: string, text: string | undefined): Record<string, unknown> {
  const params = text === undefined ? {} : parsed(text);
  const checked = COMMANDS.get(command)?.params.safeParse(params);
  if (!checked || checked.success) return params;
  const [issue] = checked.error.issues;
  const member = issue?.path.length ? `'${issue.path.join(".")}': ` : "";
  throw new CliError(`The params of ${command} are wrong: ${member}${issue?.message}.`, EXIT_CODES.USAGE);
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Said below, with what else is no object.
  }
  throw new CliError(`The params must be a JSON object, such as '{"depth":2}'.`, EXIT_CODES.USAGE);
}
