/** What command_run reaches besides the commands of an editor: the hub's own methods that are of use to a model. */
import type { z } from "zod";
import { HUB_METHODS, type HubMethod } from "../../protocol/hub-methods.ts";
import type { Answer, Patience } from "../link/pending-request.ts";
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

/** Starts a headless editor; which program that is, agents have no say in. */
export const LAUNCH: HubCommand = {
  ...command(
    "instance.launch",
    "Starts a headless editor on the project in a folder (absolute path) and waits for it.",
    { keywords: "open launch godot headless without a window" },
  ),
  params: HUB_METHODS["instance.launch"].params.omit({ godot: true }),
};

/** The commands by name, in this order. */
export const HUB_COMMANDS: ReadonlyMap<string, HubCommand> = new Map(
  [
    LAUNCH,
    command(
      "instance.stop",
      "Ends an editor that instance.launch has started. What this session has not saved is lost; unsaved work of others only with discard:true.",
      {
        destructive: true,
        keywords: "close quit headless",
      },
    ),
    command(
      "hub.acquire_lease",
      'Keeps other agents from writing to scenes or scripts for a while (60 s by default), such as ["scene:res://main.tscn"]. Writes take short leases by themselves.',
      { keywords: "lock reserve exclusive nobody else edits" },
    ),
    command("hub.release_lease", "Gives leases back, all that this session holds when none is named.", {
      keywords: "unlock free",
    }),
    command("hub.list_leases", "Who may write to what, and until when.", { readOnly: true, keywords: "locks" }),
  ].map((each) => [each.name, each]),
);

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

function command(
  name: HubMethod,
  description: string,
  about: { readOnly?: boolean; destructive?: boolean; keywords?: string } = {},
): HubCommand {
  const { readOnly = false, destructive = false, keywords = "" } = about;
  return { name, description, readOnly, destructive, undoable: false, keywords, params: HUB_METHODS[name].params };
}
