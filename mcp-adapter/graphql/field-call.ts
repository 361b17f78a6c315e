/** A GraphQL field as a call of its command, or as an operation of a batch. */
import { operationNamed } from "../params/batch-operations.ts";
import { readCommandParams } from "../params/param-check.ts";
import type { CommandField } from "../texts/field-names.ts";

/** What a field that stands for a command is asked for. */
export interface FieldCall {
  readonly params: Record<string, unknown>;
  readonly target: string | undefined;
}

/** The checked params of a field. @throws {WireError} INVALID_PARAMS. */
export function fieldCall({ command, fixed }: CommandField, args: Readonly<Record<string, unknown>>): FieldCall {
  const { target, ...given } = args;
  const params = Object.entries({ ...given, ...fixed }).filter(([, value]) => value !== undefined && value !== null);
  return {
    params: readCommandParams(command, Object.fromEntries(params), new Set()),
    target: typeof target === "string" ? target : undefined,
  };
}

/** The operation that a field is in a batch, whose scene and revision are those of the batch; undefined for what can't be part of one. */
export function operationOf({ command }: CommandField, { params }: FieldCall): object | undefined {
  const op = operationNamed(command.name);
  const { scene: _, ifRevision: __, ...own } = params;
  return op === undefined ? undefined : { op, ...own };
}
