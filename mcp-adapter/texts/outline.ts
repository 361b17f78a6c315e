/** Any JSON value as indented text: what a model reads with fewer tokens than JSON, and as unambiguously. */
import { isJsonObject } from "../../hub-client/json-object.ts";
import type { Picture } from "./pictures.ts";
import { plainText } from "./plain-text.ts";
import { engineText } from "./value-text.ts";

/** The answer of a tool, as a model reads it. */
export interface ToolResult {
  readonly text: string;
  /** All of it as data, however long. */
  readonly value?: unknown;
  readonly isError?: boolean;
  /** Pictures beside the text. */
  readonly images?: readonly Picture[];
}

/** Longest value that stays on the line of its name. */
const INLINE_LIMIT = 100;

/** The members of `value`, one line each, deeper ones indented. */
export function outline(value: unknown): string {
  if (!isObject(value)) return inline(value);
  return lines(value, "").join("\n");
}

/** `value` on one line: scalars as JSON, engine values as their text, objects as `name=value` pairs. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value === "string") return JSON.stringify(plainText(value));
  if (!isObject(value)) return value === undefined ? "null" : JSON.stringify(value);
  return engineText(value) ?? `{${pairs(value)}}`;
}

/** The members of an object as `name=value` pairs on one line. */
export function pairs(value: object): string {
  return Object.entries(value)
    .map(([name, member]) => `${name || '""'}=${inline(member)}`)
    .join(" ");
}

/** `value` as an object; one that is none is its only member, `result`. */
export function asObject(value: unknown): Record<string, unknown> {
  return isJsonObject(value) ? value : { result: value };
}

function lines(value: object, indent: string): string[] {
  if (Array.isArray(value)) return value.map((each) => `${indent}- ${hasMembers(each) ? pairs(each) : inline(each)}`);
  return Object.entries(value).flatMap(([name, member]) => memberLines(name, member, indent));
}

function memberLines(name: string, member: unknown, indent: string): string[] {
  const head = `${indent}${name}:`;
  if (typeof member === "string" && member.includes("\n")) {
    return [`${head} |`, ...member.split("\n").map((line) => `${indent}  ${line}`)];
  }
  const oneLine = inline(member);
  if (!isObject(member) || engineText(member) || oneLine.length <= INLINE_LIMIT) return [`${head} ${oneLine}`];
  return [head, ...lines(member, `${indent}  `)];
}

/** True for an object that is neither a list nor a value of the engine. */
function hasMembers(value: unknown): value is object {
  return isObject(value) && !Array.isArray(value) && !engineText(value);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
