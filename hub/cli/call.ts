/** `godot-hub call`: runs one command in an editor, for people and scripts. */
import { CommandError } from "../../hub-client/client-errors.ts";
import { errorText } from "../../hub-client/conversation.ts";
import { isJsonObject } from "../../hub-client/json-object.ts";
import type { RequestContent } from "../../hub-client/pending-request.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import type { ErrorObject } from "../../protocol/errors.ts";
import { resourcesOf } from "../../protocol/resources.ts";
import type { Respondent } from "../../protocol/rpc.ts";
import { COMMAND_DEADLINE_MAX_MS } from "../../protocol/timing.ts";
import type { HubConfig } from "../config.ts";
import { CallSession } from "./call-session.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import { askHub, requireHub } from "./find-hub.ts";
import type { HubClient } from "./hub-client.ts";
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
  const file = await requireHub(config.home);
  const known = COMMANDS.get(command);
  const resources = known && !known.readOnly ? resourcesOf(known, given) : undefined;
  const content = {
    method: command,
    params: given,
    ...(target !== undefined && { target }),
    ...(resources && { resources }),
  };
  const session = CallSession.take(config.home);
  const { resumeToken } = session;
  let identity = resumeToken;
  try {
    return await askHub(
      config,
      file,
      async (client) => {
        identity = client.resumeToken;
        return print(await responseOf(client, content), json, terminal);
      },
      { deadlineMs, clientType: "mcp", resumeToken },
    );
  } finally {
    if (identity !== undefined) session.leave(identity);
  }
}

/** What was answered: a result or an error, and by which instance. */
type Answered =
  | { result: unknown; instance: Respondent | undefined }
  | { error: ErrorObject; instance: Respondent | undefined };

async function responseOf(client: HubClient, content: RequestContent): Promise<Answered> {
  try {
    const { result, instance } = await client.ask(content);
    return { result, instance };
  } catch (error) {
    if (error instanceof CommandError) return { error: error.object, instance: error.instance };
    throw error;
  }
}

/** @returns the exit code. */
function print({ instance, ...answer }: Answered, json: boolean, terminal: Terminal): number {
  if (json) terminal.out(JSON.stringify({ ...answer, ...(instance && { instance }) }));
  else if ("result" in answer) terminal.out(JSON.stringify(answer.result, null, 2));
  else terminal.err(`godot-hub: ${errorText(answer.error)}`);
  return "result" in answer ? EXIT_CODES.OK : EXIT_CODES.FAILED;
}

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
