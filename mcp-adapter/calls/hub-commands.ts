/** What command_run reaches besides the commands of an editor: the hub's own methods that are of use to a model. */
import type { z } from "zod";
import { CommandError } from "../../hub-client/client-errors.ts";
import type { Answer, Patience } from "../../hub-client/pending-request.ts";
import { HUB_METHODS, type HubMethod, type HubStatus, hubMethod, isHubMethod } from "../../protocol/hub-methods.ts";
import type { HubSession } from "../session/hub-session.ts";
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
  try {
    return await answered(name, { waitMs, ...given }, patience, call);
  } catch (error) {
    throw await withLaunchNotes(error, call);
  }
}

/** What is to be said of the program that the hub starts editors with, beside what came of a launch. */
export async function launchNotes({ session, patience }: ToolCall): Promise<string[]> {
  if (session.godot === undefined) return [];
  return session.hub("hub.status", {}, patience).then(
    (status) => godotLines(status, session),
    () => [],
  );
}

/** A person tells the hub which program is started: what this process was given is only a wish. */
export function godotLines({ godot }: HubStatus, { godot: wished }: HubSession): string[] {
  if (wished === undefined || wished === godot?.path) return [];
  const other = godot ? `${godot.path} (by ${godot.from})` : "none, since it has found none";
  return [
    `GODOT=${wished} of this session does not count: the hub starts ${other}. A person can change that: \`godot-hub stop\`, then \`godot-hub start --godot ${wished}\`.`,
  ];
}

async function withLaunchNotes(error: unknown, call: ToolCall): Promise<unknown> {
  if (!(error instanceof CommandError)) return error;
  const notes = await launchNotes(call);
  if (notes.length === 0) return error;
  const { data, ...object } = error.object;
  const hint = [data?.hint, ...notes].filter(Boolean).join(" ");
  return new CommandError({ ...object, data: { kind: error.kind, ...data, hint } });
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
