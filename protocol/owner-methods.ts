/** Declares the methods for the machine's owner: people at the dashboard and the command line, never an agent. */
import { z } from "zod";
import type { ToolUse } from "./commands/define.ts";

/**
 * The kind of a method: looks at the hub, changes the caller's own session, acts on state that others see (`control`),
 * or is for the owner of the machine.
 */
export type MethodKind = "look" | "session" | "control" | "owner";

/** Everything that is known of one method of the hub without its implementation. */
export interface HubMethodDefinition {
  readonly kind: MethodKind;
  readonly params: z.ZodObject;
  readonly result: z.ZodObject;
  /** False for one of the owner's that only looks. The audit log has every call of kind `control` and `owner` otherwise. */
  readonly isAudited?: false;
  /** Stands in the activity also when it succeeds: it changes something for others. */
  readonly isShown?: true;
  /** An agent may call it only with these params. */
  readonly agentsMust?: Readonly<Record<string, unknown>>;
  /** The compact tool that stands for it. */
  readonly tool?: ToolUse;
  /** How command_run offers it to a model; absent where it does not. */
  readonly command?: MethodAsCommand;
}

/** A method of the hub as a command. */
export interface MethodAsCommand {
  readonly description: string;
  readonly keywords: string;
  readonly readOnly?: true;
  readonly destructive?: true;
}

/** Longest reason that is given for a pause, in characters. */
const MAX_REASON = 200;

/** Methods that only the owner may call: see 'The owner' in PROTOCOL.md. */
export const OWNER_METHODS = {
  /** A code that opens the dashboard once, and how long it is good for, ms. */
  "hub.create_login_code": {
    kind: "owner",
    params: z.object({}),
    result: z.object({ code: z.string(), url: z.string(), lifetimeMs: z.number().int() }),
  },
  /** Starts or ends reports of what happens in the hub: events `hub.activity`, at most one an interval, ms. */
  "hub.watch_activity": {
    kind: "owner",
    isAudited: false,
    params: z.object({ watch: z.boolean().optional() }),
    result: z.object({ watching: z.boolean(), intervalMs: z.number().int() }),
  },
  /** Ends a client's session: what it has waiting is cancelled, its leases are given back, and it does not come back by itself. */
  "hub.disconnect_client": {
    kind: "owner",
    isShown: true,
    params: z.object({ client: z.string().min(1).max(200) }),
    result: z.object({ disconnected: z.string() }),
  },
  /** Keeps commands from an instance, which are refused with BUSY and the reason, or lets them through again. */
  "hub.pause_instance": {
    kind: "owner",
    isShown: true,
    params: z.object({
      target: z.string().min(1).max(4_096),
      paused: z.boolean(),
      reason: z.string().max(MAX_REASON).optional(),
    }),
    result: z.object({ instance: z.string(), paused: z.boolean() }),
  },
} as const satisfies Record<string, HubMethodDefinition>;
