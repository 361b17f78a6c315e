/** What command_run reaches besides the commands of an editor: the hub's own methods that are of use to a model. */
import type { z } from "zod";
import type { Answer, Patience } from "../../hub-client/pending-request.ts";
import { HUB_METHODS, type HubMethod, hubMethod, isHubMethod } from "../../protocol/hub-methods.ts";
import type { ToolCall } from "./tool.ts";

type Params = Record<string, unknown>;

/** One method of the hub as a command. */
export interface HubCommand {
  readonly name: HubMethod;
  readonly description: string;
  readonly readOnly: boolean;
  readonly destructive: boolean;
  readonly undoable: false;
  readonly keywords: string;
  readonly params: z.ZodObject;
}

/** A hub that starts an editor answers before the call itself is given up. */
const LAUNCH_SLACK_MS = 1_000;

/** The commands by name, in the order in which the hub's methods are declared. */
export const HUB_COMMANDS: ReadonlyMap<string, HubCommand> = new Map(commands().map((each) => [each.name, each]));

/** The command of this name. @throws when the hub has none that is of use to a model. */
export function hubCommandNamed(name: HubMethod): HubCommand {
  const command = HUB_COMMANDS.get(name);
  if (!command) throw new Error(`The hub has no command '${name}'.`);
  return command;
}

/** Asks the hub; params are checked here, so that what is wrong with them is said in full. */
export async function runHubCommand(
  { name, params: schema, readOnly }: HubCommand,
  params: object,
  call: ToolCall,
): Promise<Answer> {
  const targeted = call.target !== undefined && "target" in schema.shape ? { target: call.target, ...params } : params;
  const given: Params = call.read(schema, targeted, { changes: !readOnly });
  if (name !== "instance.launch") return answered(name, given, call.patience, call);
  const patience = call.longPatience();
  const waitMs = Math.max(1, Math.floor(patience.deadlineAt - performance.now() - LAUNCH_SLACK_MS));
  return answered(name, { waitMs, ...given }, patience, call);
}

async function answered(name: HubMethod, params: Params, patience: Patience, { session }: ToolCall): Promise<Answer> {
  return { result: await session.askHub(name, params, patience), instance: undefined };
}

function commands(): HubCommand[] {
  return Object.keys(HUB_METHODS).flatMap((name) => {
    const { command, params } = hubMethod(name) ?? {};
    if (!command || !params || !isHubMethod(name)) return [];
    const { description, keywords, readOnly = false, destructive = false } = command;
    return [{ name, description, keywords, readOnly, destructive, undoable: false, params: ofAgents(params) }];
  });
}

/** Which program an editor is started with, agents have no say in. */
function ofAgents(params: z.ZodObject): z.ZodObject {
  return "godot" in params.shape ? params.omit({ godot: true }) : params;
}
