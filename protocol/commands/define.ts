/** How a command is declared. The table is the one source of validation, of the reference documents and of the tools. */
import { z } from "zod";

/** What a write touches, named from its params, so that the hub can lease it: see `resources` in PROTOCOL.md. */
export type Resource = "scene" | "script" | "file" | "run" | "settings";

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
  /** May take seconds: leaves the instance's window of commands in flight. */
  readonly long: boolean;
  /** What a write locks; empty for a read. */
  readonly locks: readonly Resource[];
  /** Also writes, or throws away, what its params do not name: its instance is told what other sessions hold. */
  readonly writesMore: boolean;
  /** Words that users have for it and that its name and description lack. */
  readonly keywords: string;
}

interface CommandSpec<P extends z.ZodRawShape, R extends z.ZodType> {
  description: string;
  params: P;
  result: R;
  destructive?: boolean;
  undoable?: boolean;
  long?: boolean;
  locks?: readonly Resource[];
  writesMore?: boolean;
  keywords?: string;
}

/** Declares a command that changes nothing. */
export function readCommand<P extends z.ZodRawShape, R extends z.ZodType>(name: string, spec: CommandSpec<P, R>) {
  return define(name, spec, true);
}

/** Declares a command that changes something. */
export function writeCommand<P extends z.ZodRawShape, R extends z.ZodType>(name: string, spec: CommandSpec<P, R>) {
  return define(name, spec, false);
}

function define<P extends z.ZodRawShape, R extends z.ZodType>(
  name: string,
  spec: CommandSpec<P, R>,
  readOnly: boolean,
) {
  return {
    name,
    description: spec.description,
    params: z.strictObject(spec.params),
    result: spec.result,
    readOnly,
    destructive: spec.destructive ?? false,
    undoable: spec.undoable ?? false,
    long: spec.long ?? false,
    locks: spec.locks ?? [],
    writesMore: spec.writesMore ?? false,
    keywords: spec.keywords ?? "",
  } satisfies CommandDefinition;
}
