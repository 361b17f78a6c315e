/** Declares a command. The table is the one source of validation, of the reference documents and of the tools. */
import { z } from "zod";

/** What a write touches, named from its params, so that the hub can lease it: see `resources` in PROTOCOL.md. */
export type Resource = "scene" | "script" | "file" | "run" | "settings";

/** In which of the adapter's forms a result is shown as text; without one it is an outline. */
export type ResultForm =
  | "content"
  | "diagnostics"
  | "editor_log"
  | "files"
  | "found_nodes"
  | "game"
  | "game_output"
  | "game_tree"
  | "games"
  | "matches"
  | "picture"
  | "source"
  | "tree";

/** A tool of the compact set, and the arguments with which it stands for a command. */
export interface ToolUse {
  readonly name: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** GraphQL fields by name, each with the params that it sets. */
export type FieldNames = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Everything that is known of one command without its implementation. */
export interface CommandDefinition<P extends z.ZodObject = z.ZodObject, R extends z.ZodType = z.ZodType> {
  /** `group.verb_object`. */
  readonly name: string;
  /** One or two sentences for a person or a model that chooses a command. */
  readonly description: string;
  readonly params: P;
  readonly result: R;
  /** Changes nothing, in the editor or on disk. */
  readonly readOnly: boolean;
  /** Can lose work that undo does not bring back. */
  readonly destructive: boolean;
  /** Is one step in the editor's undo history. */
  readonly undoable: boolean;
  /** Changes nothing more when it is repeated. */
  readonly idempotent: boolean;
  /** May take seconds: leaves the instance's window of commands in flight. */
  readonly long: boolean;
  /** What a write locks; empty for a read. */
  readonly locks: readonly Resource[];
  /** Also writes, or throws away, resources that its params do not name: its instance gets the leases of other sessions. */
  readonly writesMore: boolean;
  /** What an answer depends on: its params alone, or also the session that asks and its current scene. */
  readonly scope: "params" | "session";
  /** Makes the scene that its `path` names the session's current one. */
  readonly setsCurrentScene: boolean;
  /** Params of other commands can have its effect, such as a property `script`: a rule against it holds for them, too. */
  readonly isImplicit: boolean;
  /** Its `op` as a step of edit.batch; absent for a command that can't be one. */
  readonly operation?: string;
  /** Its params hold operations: a rule against any of them holds for it. */
  readonly carriesOperations: boolean;
  /** GraphQL fields that stand for it. */
  readonly fields: FieldNames;
  /** Fields of GraphQL's `gatherContext` that it answers, each with its params. */
  readonly contextFields: FieldNames;
  /** The compact tool that stands for it; absent where only command_read and command_run reach it. */
  readonly tool?: ToolUse;
  readonly shownAs?: ResultForm;
  /** Params that show how it is called, where those that it requires say too little. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** Words that users have for it and that its name and description lack. */
  readonly keywords: string;
}

interface CommandSpec<P extends z.ZodRawShape, R extends z.ZodType>
  extends Partial<Omit<CommandDefinition, "name" | "readOnly" | "params" | "result">> {
  description: string;
  params: P;
  result: R;
}

/** Verbs that name a state, not an action. */
const IDEMPOTENT_VERB = /\.(set|save|stop|open|select)(_|$)/;

/** Declares a command that changes nothing. */
export function readCommand<P extends z.ZodRawShape, R extends z.ZodType>(name: string, spec: CommandSpec<P, R>) {
  return define(name, spec, true);
}

/** Declares a command that changes something. */
export function writeCommand<P extends z.ZodRawShape, R extends z.ZodType>(name: string, spec: CommandSpec<P, R>) {
  return define(name, spec, false);
}

/** The group of a command or an event: what stands before the dot. */
export function groupOf(name: string): string {
  return name.split(".", 1)[0] ?? name;
}

function define<P extends z.ZodRawShape, R extends z.ZodType>(
  name: string,
  spec: CommandSpec<P, R>,
  readOnly: boolean,
) {
  return {
    destructive: false,
    undoable: false,
    idempotent: readOnly || IDEMPOTENT_VERB.test(name),
    long: false,
    locks: [],
    writesMore: false,
    scope: "params" as const,
    setsCurrentScene: false,
    isImplicit: false,
    carriesOperations: false,
    contextFields: {},
    fields: { [camelCase(name)]: {} },
    keywords: "",
    ...spec,
    name,
    readOnly,
    params: z.strictObject(spec.params),
  } satisfies CommandDefinition;
}

/** `scene.list_open` becomes `sceneListOpen`. */
function camelCase(name: string): string {
  return name.replace(/[._]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
