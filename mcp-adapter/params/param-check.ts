/** Reads params as they are meant, holds them to their schema, and says what is wrong with them in the words of whoever has to correct them. */
import { z } from "zod";
import { OPERATIONS } from "../../protocol/commands/edit.ts";
import type { CommandDefinition } from "../../protocol/commands/index.ts";
import { WireError } from "../../protocol/errors.ts";
import type { CustomCommand } from "../../protocol/messages.ts";
import { asObject } from "../texts/outline.ts";
import { commandOf } from "./batch-operations.ts";
import { forgive, type Reading } from "./forgive.ts";
import { nearNames } from "./near-names.ts";
import { declaredSchemaOf } from "./schemas.ts";

/** How many faults are named at once. */
const FAULTS_SHOWN = 5;

/**
 * The value of `params` by `schema`, in whatever plain form they came.
 * @throws {WireError} INVALID_PARAMS that names each member and what was expected of it.
 */
export function readParams<S extends z.ZodObject>(schema: S, params: unknown, reading: Reading): z.output<S> {
  return checkParams(schema, forgive(declaredSchemaOf(schema), params, reading));
}

/** The same for a command, the operations of a batch included. */
export function readCommandParams(
  { name, params: schema, readOnly }: CommandDefinition,
  params: unknown,
  ignored: Set<string>,
): Record<string, unknown> {
  const read: Record<string, unknown> = readParams(schema, params, { changes: !readOnly, ignored });
  if (name.startsWith("edit.")) checkOperations(read.operations);
  return read;
}

/** Params of a command that a project has registered, in the form that it declares; nothing is held to more than that. */
export function readCustomParams(
  { paramsSchema, readOnly }: CustomCommand,
  params: Record<string, unknown>,
  ignored: Set<string>,
): Record<string, unknown> {
  const declared = z.record(z.string(), z.looseObject({})).safeParse(paramsSchema.properties).data ?? {};
  const properties = Object.fromEntries(
    Object.entries(declared).map(([name, member]) => [name, { minLength: 0, ...member }]),
  );
  const schema = { ...paramsSchema, type: "object", properties };
  return asObject(forgive(schema, params, { changes: !readOnly, ignored }));
}

const operationsSchema = z.array(z.looseObject({ op: z.enum(OPERATIONS) }));

/** Holds operations to the params of the commands that they stand for, so that their faults are named before anything runs. */
function checkOperations(operations: unknown): void {
  for (const [at, { op, as: _, ...members }] of operationsSchema.parse(operations).entries()) {
    const { scene: __, ifRevision: ___, ...shape } = commandOf(op).params.shape;
    checkParams(z.strictObject(shape), members, `operations[${at}].`);
  }
}

/** @param prefix Where the params stand, such as "operations[0].". */
function checkParams<S extends z.ZodObject>(schema: S, params: unknown, prefix = ""): z.output<S> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const names = Object.keys(schema.shape);
  const faults = parsed.error.issues.slice(0, FAULTS_SHOWN).map((issue) => describe(issue, prefix, params, names));
  throw new WireError("INVALID_PARAMS", faults.join(" "), { hint: `Params: ${signature(schema)}.` });
}

/** The params of a schema on one line, optional ones with a question mark. */
export function signature(schema: z.ZodObject): string {
  const members = Object.entries(schema.shape).map(([name, member]) => {
    const isOptional = member instanceof Object && "safeParse" in member && isOptionalSchema(member);
    return isOptional ? `${name}?` : name;
  });
  return members.length > 0 ? members.join(", ") : "none";
}

function isOptionalSchema(schema: object): boolean {
  return "isOptional" in schema && typeof schema.isOptional === "function" && schema.isOptional() === true;
}

function describe(issue: z.core.$ZodIssue, prefix: string, params: unknown, names: string[]): string {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownMember(prefix + pathOf([...issue.path, key]), key, names)).join(" ");
  }
  const name = `'${prefix}${pathOf(issue.path)}'`;
  const given = valueAt(params, issue.path);
  if (given === undefined && issue.code === "invalid_type") return `${name} is missing: expected ${issue.expected}.`;
  if (given === undefined && issue.code === "invalid_value") {
    return `${name} is missing: expected one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}.`;
  }
  return `${name}: ${issue.code === "invalid_union" ? alternatives(issue) : plain(issue)}${guess(issue, given)}.`;
}

/** What each form that a value may have lacks in the one that was given. */
function alternatives({ errors }: z.core.$ZodIssueInvalidUnion): string {
  const lacks = errors.flatMap(([first]) => {
    if (!first) return [];
    return first.path.length > 0 ? `'${pathOf(first.path)}' ${plain(first)}` : plain(first);
  });
  return [...new Set(lacks)].join(", or ");
}

/** Which of the words that are allowed was meant perhaps. */
function guess(issue: z.core.$ZodIssue, given: unknown): string {
  if (issue.code !== "invalid_value" || typeof given !== "string") return "";
  const [near] = nearNames(given, issue.values.map(String), 1);
  return near ? `; did you mean "${near}"` : "";
}

function plain(issue: z.core.$ZodIssue): string {
  return issue.message.replace(/^Invalid input: /, "");
}

/** Names that are unlike what they are meant to be. */
const MEANT: Readonly<Record<string, string>> = { dry_run: "preview", dryRun: "preview", simulate: "preview" };

function unknownMember(path: string, key: string, names: string[]): string {
  const meant = MEANT[key];
  const near = meant !== undefined && names.includes(meant) ? meant : nearNames(key, names, 1)[0];
  return near ? `'${path}' is unknown: did you mean '${near}'?` : `'${path}' is unknown.`;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((step, place) => (typeof step === "number" ? `[${step}]` : `${place > 0 ? "." : ""}${String(step)}`))
    .join("");
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === "object" && at !== null ? Reflect.get(at, step) : undefined),
    value,
  );
}
