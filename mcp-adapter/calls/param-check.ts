/** Checks params against a schema, and says what is wrong with them in the words of whoever has to correct them. */
import type { z } from "zod";
import { WireError } from "../../protocol/errors.ts";
import { nearNames } from "./near-names.ts";

/** How many faults are named at once. */
const FAULTS_SHOWN = 5;

/**
 * The value of `params` by `schema`.
 * @param prefix Where the params stand, such as "operations[0].".
 * @throws {WireError} INVALID_PARAMS that names each member and what was expected of it.
 */
export function parseParams<S extends z.ZodObject>(schema: S, params: unknown, prefix = ""): z.output<S> {
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

function unknownMember(path: string, key: string, names: string[]): string {
  const [near] = nearNames(key, names, 1);
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
