/** How a tool is declared, and what it is given when it is called. */
import { z } from "zod";
import type { Answer, Patience } from "../../hub-client/pending-request.ts";
import { COMMANDS, type CommandDefinition } from "../../protocol/commands/index.ts";
import type { CustomCommand } from "../../protocol/messages.ts";
import type { TraceContext } from "../../protocol/trace-context.ts";
import { readCommandParams, readCustomParams, readParams } from "../params/param-check.ts";
import { type JsonSchema, listedSchemaOf } from "../params/schemas.ts";
import type { HubSession } from "../session/hub-session.ts";
import type { AskUser } from "../session/which-editor.ts";
import { apartFromEngineErrors, type Reported } from "../texts/engine-errors.ts";
import type { ToolResult } from "../texts/outline.ts";
import type { ProgressUpdate } from "./progress-reporter.ts";
import { FORMATS, type Format } from "./shown-result.ts";

/** Entries that a list has at most: what a caller is given that asks for data and names no limit. */
const ALL_ENTRIES = 5_000;

/** Params that mean the same for every tool. */
const common = z.looseObject({ target: z.string().optional(), format: z.enum(FORMATS).optional() });
type Common = z.infer<typeof common>;

/** One call of one tool: its way to the hub, within its budget. */
export class ToolCall {
  readonly session: HubSession;
  readonly patience: Patience;
  /** The instance or project that the caller named. */
  readonly target: string | undefined;
  readonly format: Format;

  /** Params that the call passes over. */
  readonly #ignored: Set<string>;

  constructor(
    session: HubSession,
    patience: Patience,
    { target, format = "text" }: Common = {},
    ignored = new Set<string>(),
  ) {
    this.session = session;
    this.patience = patience;
    this.target = target;
    this.format = format;
    this.#ignored = ignored;
  }

  /** The params of a command as they are meant. @throws {WireError} INVALID_PARAMS naming the member. */
  paramsOf(command: CommandDefinition, given: unknown): Record<string, unknown> {
    return readCommandParams(command, given, this.#ignored);
  }

  /** The same of a command that the project has registered: whether they are right, that says itself. */
  customParams(command: CustomCommand, given: Record<string, unknown>): Record<string, unknown> {
    return readCustomParams(command, given, this.#ignored);
  }

  /** The same of what is not in the command table. */
  read<S extends z.ZodObject>(schema: S, given: unknown, { changes }: { changes: boolean }): z.output<S> {
    return readParams(schema, given, { changes, ignored: this.#ignored });
  }

  /** How many entries to tell of where the caller has not said. @param usual As many as a model reads well. */
  limitOr(usual: number): number {
    return this.format === "json" ? ALL_ENTRIES : usual;
  }

  /** Runs a command; members that are undefined are left out. */
  async command(method: string, params: Record<string, unknown>): Promise<Reported<Answer>> {
    const known = COMMANDS.get(method);
    const hasNoLimit = this.format === "json" && known !== undefined && "limit" in known.params.shape;
    const asked = { ...(hasNoLimit && { limit: ALL_ENTRIES }), ...params };
    const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
    // Of one that the project has registered nobody knows how long it takes.
    const patience = (known?.long ?? true) ? this.longPatience() : this.patience;
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
  /** Verb and object, then what else it is good for, and one example: under 300 characters. */
  readonly description: string;
  /** Words by which hosts find it that hide tools until they are searched for: as users say it. */
  readonly search: string;
  /** Whether work on a project begins with it: hosts that hide tools may show it from the start. */
  readonly isFirst?: boolean;
  readonly effects: Effects;
  readonly params: S;
  /** Whether all of the answer can be had as data. Default: of a tool that only reads. */
  readonly hasData?: boolean;
  /** Puts params where they belong, before they are read. */
  readonly restate?: (args: Record<string, unknown>) => Record<string, unknown>;
  readonly run: (params: z.output<z.ZodObject<S>>, call: ToolCall) => Promise<ToolResult>;
}

/** An entry of `tools/list`. */
export interface ToolListing {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly annotations: {
    readonly title: string;
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: false;
  };
  /** What one host or another asks of a tool, and no model is shown. */
  readonly _meta: { readonly "anthropic/searchHint": string; readonly "anthropic/alwaysLoad"?: true };
}

/** A call whose params are right. */
export interface PreparedCall {
  /** In which form its answer is wanted. */
  readonly format: Format;
  /** Params that it passes over: the answer names them. */
  readonly ignored: ReadonlySet<string>;
  /** What else the answer has to say of the call itself. */
  readonly note?: string;
  /** @throws whatever its commands end with. */
  run(session: HubSession, patience: Patience): Promise<ToolResult>;
}

/** A tool, whatever its params are. */
export interface Tool {
  readonly name: string;
  /** Its entry. @param isAtProject Whether the session is about a Godot project. */
  listing(isAtProject?: boolean): ToolListing;
  /** @throws {WireError} INVALID_PARAMS naming the member. */
  prepare(args: Record<string, unknown>): PreparedCall;
}

const target = z.string().min(1).optional().describe("Editor or project.");
const format = z.enum(FORMATS).optional();

/** Declares a tool; `target` is a param of every one. */
export function defineTool<S extends z.ZodRawShape>(spec: ToolSpec<S>): Tool {
  const { hasData = spec.effects.readOnly ?? false } = spec;
  const params = z.strictObject({ ...spec.params, ...(hasData && { format }), target: spec.params.target ?? target });
  let listed: ToolListing | undefined;
  return {
    name: spec.name,
    listing: (isAtProject = false) => {
      listed ??= listingOf(spec, params);
      if (!isAtProject || !spec.isFirst) return listed;
      return { ...listed, _meta: { ...listed._meta, "anthropic/alwaysLoad": true } };
    },
    prepare: (args) => {
      const ignored = new Set<string>();
      const reading = { changes: !spec.effects.readOnly, ignored };
      const given: Record<string, unknown> = readParams(params, spec.restate?.(args) ?? args, reading);
      const asked = common.parse({ target: given.target, ...(hasData && { format: given.format }) });
      const own = Object.fromEntries(Object.entries(given).filter(([name]) => name in spec.params));
      return {
        format: asked.format ?? "text",
        ignored,
        run: (session, patience) =>
          spec.run(own as z.output<z.ZodObject<S>>, new ToolCall(session, patience, asked, ignored)),
      };
    },
  };
}

function listingOf(spec: Omit<ToolSpec<z.ZodRawShape>, "run">, params: z.ZodObject): ToolListing {
  const { name, title, description, effects, search } = spec;
  return {
    name,
    title,
    description,
    inputSchema: listedSchemaOf(params),
    annotations: {
      title,
      readOnlyHint: effects.readOnly ?? false,
      destructiveHint: effects.destructive ?? false,
      idempotentHint: effects.idempotent ?? effects.readOnly ?? false,
      openWorldHint: false,
    },
    _meta: { "anthropic/searchHint": search },
  };
}

/** One `tools/call`. */
export interface ToolRequest {
  readonly name: string;
  readonly args: Record<string, unknown>;
  /** Aborted when the AI client cancels the call. */
  readonly signal: AbortSignal;
  /** Present when the AI client asked to hear of progress. */
  readonly report: ((update: ProgressUpdate) => void) | undefined;
  /** Present when the AI client can ask its user. */
  readonly askUser?: AskUser | undefined;
  /** Of which trace the AI client says that the call is a part. */
  readonly trace?: TraceContext | undefined;
}
