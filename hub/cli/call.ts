/** `godot-hub call`: runs one command in an editor, for people and scripts. */
import { readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { createFile, replaceFile } from "../../hub-client/atomic-file.ts";
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
import type { CliContext } from "./context.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import { askHub, requireHub } from "./find-hub.ts";
import type { HubClient } from "./hub-client.ts";
import { configOf } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub call`. */
export function addCall(program: Command, context: CliContext): void {
  program
    .command("call")
    .description("run one command in an editor, such as: godot-hub call scene.get_tree '{\"depth\":2}'")
    .argument("<command>", "name of the command")
    .argument("[params]", "its params as a JSON object")
    .option("--target <name>", "instance or project; default: the only one there is")
    .option("--json", "print the whole response on one line, errors too")
    .option("--deadline-ms <ms>", "how long it may take", "25000")
    .action(async (name: string, params: string | undefined, options: CallFlags, command: Command) => {
      const { target, json = false } = options;
      const deadlineMs = Number(options.deadlineMs);
      context.exitCode = await call(configOf(command), name, { params, target, json, deadlineMs }, context.terminal);
    });
}

interface CallFlags {
  target?: string;
  json?: boolean;
  deadlineMs: string;
}

/** What goes with a command. */
interface CallOptions {
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

/** The identity while a call has it: nobody else can take it meanwhile. */
class CallSession {
  readonly #path: string;
  readonly #isOwner: boolean;
  /** Proves the identity to the hub; undefined when there is none yet, or another call has it. */
  readonly resumeToken: string | undefined;

  private constructor(path: string, resumeToken: string | undefined) {
    this.#path = path;
    this.#isOwner = resumeToken !== undefined;
    this.resumeToken = resumeToken;
  }

  /** Takes the identity of the calls in `home`. Two at the same time are two: only one of them can remove the file. */
  static take(home: string): CallSession {
    const path = join(home, "call-session");
    try {
      const resumeToken = readFileSync(path, "utf8");
      unlinkSync(path);
      return new CallSession(path, resumeToken);
    } catch {
      return new CallSession(path, undefined);
    }
  }

  /** Leaves an identity to the next call; a call that had to make its own leaves that only where there is no other. */
  leave(resumeToken: string): void {
    try {
      if (this.#isOwner) replaceFile(this.#path, resumeToken);
      else createFile(this.#path, resumeToken);
    } catch {
      // Another call has left its own, or nothing can be written here: the next one may be somebody new, which is all that is lost.
    }
  }
}
