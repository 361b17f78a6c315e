/** How a tool is declared, and what it is given when it is called. */
import { z } from "zod";
import { COMMANDS } from "../../protocol/commands/index.ts";
import type { HubSession } from "../link/hub-session.ts";
import type { Answer, Patience } from "../link/pending-request.ts";
import { apartFromEngineErrors, type Reported } from "../texts/engine-errors.ts";
import { parseParams } from "./param-check.ts";
import type { ToolResult } from "./tool-result.ts";
import { inputSchemaOf, type JsonSchema, outputSchemaOf } from "./tool-schema.ts";

/** One call of one tool: its way to the hub, within its budget. */
export class ToolCall {
  readonly session: HubSession;
  readonly patience: Patience;
  /** The instance or project that the caller named. */
  readonly target: string | undefined;

  constructor(session: HubSession, patience: Patience, target: string | undefined) {
    this.session = session;
    this.patience = patience;
    this.target = target;
  }

  /** Runs a command; members that are undefined are left out. */
  async command(method: string, params: Record<string, unknown>): Promise<Reported<Answer>> {
    const given = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
    // Of one that the project has registered nobody knows how long it takes.
    const isLong = COMMANDS.get(method)?.long ?? true;
    const patience = isLong ? this.longPatience() : this.patience;
    return apartFromEngineErrors(await this.session.command(method, given, patience, this.target));
  }

  /** For work that may outlast what the AI client waits for: the call then goes on as a job. */
  longPatience(): Patience {
    const { extend } = this.patience;
    return extend ? { ...this.patience, deadlineAt: extend() } : this.patience;
  }
}

/** What a tool does to the world, for clients that ask before they call. */
export interface Effects {
  readonly readOnly?: boolean;
  /** Can lose work that undo does not bring back. */
  readonly destructive?: boolean;
  /** Calling it twice is the same as calling it once. */
  readonly idempotent?: boolean;
}

interface ToolSpec<S extends z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  /** Under 300 characters, with one example. */
  readonly description: string;
  readonly effects: Effects;
  readonly params: S;
  readonly output?: z.ZodObject;
  readonly run: (params: z.output<z.ZodObject<S>>, call: ToolCall) => Promise<ToolResult>;
}

/** An entry of `tools/list`. */
export interface ToolListing {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
  readonly annotations: {
    readonly title: string;
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: false;
  };
}

/** A tool, whatever its params are. */
export interface Tool {
  readonly name: string;
  /** Its entry, made when it is first asked for. */
  listing(): ToolListing;
  /** @throws {WireError} INVALID_PARAMS naming the member, and whatever its commands end with. */
  run(args: Record<string, unknown>, session: HubSession, patience: Patience): Promise<ToolResult>;
}

const target = z.string().min(1).optional().describe("Instance or project. Default: your session's.");

/** Declares a tool; `target` is a param of every one. */
export function defineTool<S extends z.ZodRawShape>(spec: ToolSpec<S>): Tool {
  const params = z.strictObject({ ...spec.params, target: spec.params.target ?? target });
  let listed: ToolListing | undefined;
  return {
    name: spec.name,
    listing: () => {
      listed ??= listingOf(spec, params);
      return listed;
    },
    run: async (args, session, patience) => {
      const given: Record<string, unknown> = parseParams(params, args);
      const named = typeof given.target === "string" ? given.target : undefined;
      return spec.run(given as z.output<z.ZodObject<S>>, new ToolCall(session, patience, named));
    },
  };
}

function listingOf(spec: Omit<ToolSpec<z.ZodRawShape>, "run">, params: z.ZodObject): ToolListing {
  const { name, title, description, effects, output } = spec;
  return {
    name,
    title,
    description,
    inputSchema: inputSchemaOf(params),
    ...(output && { outputSchema: outputSchemaOf(output) }),
    annotations: {
      title,
      readOnlyHint: effects.readOnly ?? false,
      destructiveHint: effects.destructive ?? false,
      idempotentHint: effects.idempotent ?? effects.readOnly ?? false,
      openWorldHint: false,
    },
  };
}
