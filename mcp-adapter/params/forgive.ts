/**
 * Reads params as they are meant: models and their hosts write lists as text, numbers as words, one value for a list and
 * null for nothing. What a schema declares decides; where it declares a text, a text stays as it is. What can't be meant
 * is left for the strict check.
 */
import { asJsonObject, isJsonObject } from "../../hub-client/json-object.ts";
import { FORMS } from "./batch-operations.ts";
import { plainName } from "./near-names.ts";
import type { JsonSchema } from "./schemas.ts";
import { isIgnored } from "./unknown-members.ts";

/** For whom params are read. */
export interface Reading {
  /** Whether something is changed with them: then less is passed over. */
  readonly changes: boolean;
  /** Takes the names that are passed over and have to be told. */
  readonly ignored: Set<string>;
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
const BOOLEANS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ["true", true],
  ["false", false],
  ["1", true],
  ["0", false],
  [1, true],
  [0, false],
]);

/** `given` in the form that `schema` declares, as far as that is plain. */
export function forgive(schema: JsonSchema, given: unknown, reading: Reading): unknown {
  if (Array.isArray(schema.anyOf)) return alternative(schema.anyOf.map(asJsonObject), given, reading);
  if (Array.isArray(schema.enum)) return word(schema.enum, given);
  switch (schema.type) {
    case "string":
      return text(given);
    case "number":
    case "integer":
      return number(lone(given));
    case "boolean":
      return boolean(lone(given));
    case "array":
      return list(schema, given, reading);
    case "object":
      return object(schema, given, reading);
    default:
      return given;
  }
}

function text(given: unknown): unknown {
  const value = lone(given);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

function number(given: unknown): unknown {
  return typeof given === "string" && NUMBER.test(given) ? Number(given) : given;
}

function boolean(given: unknown): unknown {
  const value = typeof given === "string" ? given.trim().toLowerCase() : given;
  return BOOLEANS.get(value) ?? given;
}

/** A word of a closed set, in whatever spelling. */
function word(words: readonly unknown[], given: unknown): unknown {
  const value = text(given);
  if (typeof value !== "string" || words.includes(value)) return value;
  return words.find((each) => plainName(String(each)) === plainName(value)) ?? value;
}

function list(schema: JsonSchema, given: unknown, reading: Reading): unknown {
  const items = asJsonObject(schema.items);
  const value = typeof given === "string" ? (listIn(given, items) ?? given) : given;
  const isNone = value === null || value === undefined || (typeof value === "string" && items.type === "object");
  return isNone ? value : (Array.isArray(value) ? value : [value]).map((each) => forgive(items, each, reading));
}

function object(schema: JsonSchema, given: unknown, reading: Reading): unknown {
  const read = lone(typeof given === "string" ? jsonIn(given) : given);
  const value = Array.isArray(read) ? numbersByName(read, schema) : read;
  if (!isJsonObject(value)) return value;
  const form = typeof schema.form === "string" ? FORMS.get(schema.form) : undefined;
  return form ? members(...form(value, schema), reading) : members(value, schema, reading);
}

/** The object that a list of numbers is where only numbers are declared: [3, 4] for a place with x and y. */
function numbersByName(given: readonly unknown[], schema: JsonSchema): unknown {
  const declared = Object.entries(asJsonObject(schema.properties));
  const least = Array.isArray(schema.required) ? schema.required.length : 0;
  const isRow = given.length >= Math.max(least, 2) && given.length <= declared.length;
  const areNumbers = declared.every(([, member]) => asJsonObject(member).type === "number");
  if (!isRow || !areNumbers || !given.every((each) => typeof each === "number")) return given;
  return Object.fromEntries(given.map((each, index) => [declared[index]?.[0], each]));
}

function members(value: Members, schema: JsonSchema, reading: Reading): Members {
  const declared = asJsonObject(schema.properties);
  const names = Object.keys(declared);
  const required = Array.isArray(schema.required) ? schema.required : [];
  const read = Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
    const name = key in declared ? key : nameMeant(key, each, value, declared);
    if (name === undefined) return unknownMember(key, each, { value, schema, names }, reading);
    const member = asJsonObject(declared[name]);
    const own = forgive(member, each, reading);
    const isAlone = typeof member.beside === "string" && isNothing(value[member.beside]);
    const isNone = saysNothing(member, each) || saysNothing(member, own) || (isAlone && isNothing(each));
    const isLeft = !required.includes(name) && isNone;
    return isLeft ? [] : [[name, own]];
  });
  return Object.fromEntries(read);
}

/** The declared name that `key` means: in another style, or, for a file, by another word for the same. */
function nameMeant(key: string, given: unknown, value: Members, declared: JsonSchema): string | undefined {
  const isKey = (word: unknown) => typeof word === "string" && plainName(word) === plainName(key);
  const names = Object.keys(declared);
  const absent = names.filter((name) => !(name in value));
  if (names.some(isKey)) return absent.find(isKey);
  const isFile = typeof given === "string" && /^(res|uid):\/\//.test(given);
  return isFile ? absent.find((name) => isKey(asJsonObject(declared[name]).alias)) : undefined;
}

function unknownMember(
  key: string,
  each: unknown,
  { value, schema, names }: { value: Members; schema: JsonSchema; names: readonly string[] },
  reading: Reading,
): [string, unknown][] {
  const open = schema.additionalProperties;
  if (open !== false) return [[key, isJsonObject(open) ? forgive(open, each, reading) : each]];
  const verdict = isIgnored(key, each, { known: names, given: Object.keys(value), changes: reading.changes });
  if (verdict === "told") reading.ignored.add(key);
  return verdict === "no" ? [[key, each]] : [];
}

/** Null or nothing at all, in place of leaving an optional param out; not where it is a value. */
function saysNothing(schema: JsonSchema, value: unknown): boolean {
  if (schema.type === undefined && !schema.anyOf && !schema.enum) return false;
  if (value === "") return !(schema.type === "string" && schema.minLength === 0);
  return value === null || (Array.isArray(value) && value.length === 0 && Number(schema.minItems) > 0);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}

/** The first alternative that fits as it is, or else in its plain form. JSON in a text is what it says it is, if one of them is that. */
function alternative(options: readonly JsonSchema[], given: unknown, reading: Reading): unknown {
  const readings = options.map((option) => {
    const own = { changes: reading.changes, ignored: new Set<string>() };
    const value = forgive(option, given, own);
    return { value, own, isAsGiven: fits(option, given), fits: fits(option, value), isParsed: isJson(given, value) };
  });
  const fitting = readings.filter((each) => each.fits);
  const chosen = fitting.find((each) => each.isParsed) ?? fitting.find((each) => each.isAsGiven) ?? fitting[0];
  for (const name of chosen?.own.ignored ?? []) reading.ignored.add(name);
  return chosen ? chosen.value : given;
}

function isJson(given: unknown, value: unknown): boolean {
  return typeof given === "string" && isJsonObject(value);
}

/** Whether a value is of the kind that a schema declares; not whether it is right in every part. */
function fits(schema: JsonSchema, value: unknown): boolean {
  if ("const" in schema) return value === schema.const;
  if (Array.isArray(schema.enum)) return schema.enum.includes(value);
  if (schema.type === "integer") return Number.isInteger(value);
  if (schema.type === "array") return Array.isArray(value);
  if (schema.type !== "object") return schema.type === undefined || typeof value === schema.type;
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  if (!isJsonObject(value) || required.some((name) => !(name in value))) return false;
  return Object.entries(asJsonObject(schema.properties)).every(
    ([name, member]) => !("const" in asJsonObject(member)) || value[name] === asJsonObject(member).const,
  );
}

type Members = Record<string, unknown>;

/** A list of one, where no list is meant, is what it holds. */
function lone(given: unknown): unknown {
  return Array.isArray(given) && given.length === 1 ? given[0] : given;
}

/** The list that a text is as JSON; undefined when it is none, or has something else in it where texts are meant. */
function listIn(text: string, items: JsonSchema): unknown[] | undefined {
  const value = jsonIn(text);
  const list = Array.isArray(value) ? value : isJsonObject(value) ? [value] : undefined;
  return items.type === "string" && !list?.every((each) => typeof each === "string") ? undefined : list;
}

/** The list or object that a text is as JSON; the text itself when it is neither. */
function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
