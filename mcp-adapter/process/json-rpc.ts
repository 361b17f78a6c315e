/**
 * Reads lines of JSON-RPC: what a client plainly means is passed on in the form that the specification has, anything else is
 * answered. A client whose message gets no answer at all waits for ever.
 */
import { isJsonObject } from "../../hub-client/json-object.ts";
import { messageOf } from "../../hub-client/node-errors.ts";

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const INVALID_PARAMS = -32_602;
const BYTE_ORDER_MARK = "\uFEFF";

export type Members = Record<string, unknown>;
type Id = string | number;

/** An error that answers a message. */
export interface ErrorAnswer {
  readonly jsonrpc: "2.0";
  /** Null: what was asked can't be told. */
  readonly id: Id | null;
  readonly error: { readonly code: number; readonly message: string };
}

/** What a line comes to: a message, or errors that answer it. */
export type ReadLine = { readonly message: Members } | { readonly answers: readonly ErrorAnswer[] };

/** Reads one line. */
export function readLine(line: string): ReadLine {
  const text = line.startsWith(BYTE_ORDER_MARK) ? line.slice(1).trim() : line.trim();
  if (text === "") return { answers: [] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(null, PARSE_ERROR, `Not JSON: ${messageOf(error)}`);
  }
  if (Array.isArray(value)) return refusedBatch(value);
  return isJsonObject(value) ? readMessage(value) : refused(null, INVALID_REQUEST, "A message is a JSON object.");
}

/** The answer to a line of more bytes than are read. */
export function tooLong(maxBytes: number): ErrorAnswer {
  return errorAnswer(null, INVALID_REQUEST, `A message of more than ${maxBytes} bytes is not read.`);
}

/** The call of a tool with its arguments as an object: hosts send null or JSON text for them. */
export function readToolCall(message: Members): ReadLine {
  const { method, params, id } = message;
  if (method !== "tools/call" || !isJsonObject(params) || !("arguments" in params)) return { message };
  const { arguments: given, ...rest } = params;
  const args = objectOf(given);
  if (args) return { message: { ...message, params: { ...rest, arguments: args } } };
  const kind = Array.isArray(given) ? "a list" : `a ${typeof given}`;
  return refused(idOf(id), INVALID_PARAMS, `'arguments' must be an object, not ${kind}.`);
}

function readMessage(given: Members): ReadLine {
  const { jsonrpc, id, method, params, result, error } = given;
  const own = idOf(id);
  if (jsonrpc !== "2.0") return refused(own, INVALID_REQUEST, `'jsonrpc' must be "2.0".`);
  if ("id" in given && own === null && !("error" in given)) {
    return refused(null, INVALID_REQUEST, "'id' must be a string or a number.");
  }
  const head = { jsonrpc, ...("id" in given && { id }) };
  if ("result" in given) return { message: { ...head, result } };
  if ("error" in given) return { message: { ...head, error } };
  if (typeof method !== "string") return refused(own, INVALID_REQUEST, "'method' must be a string.");
  if (params === null || params === undefined) return { message: { ...head, method } };
  if (!isJsonObject(params)) return refused(own, INVALID_PARAMS, "'params' must be an object.");
  return readToolCall({ ...head, method, params });
}

/** MCP has no batches: each request of one is told so, since its sender waits for each. */
function refusedBatch(batch: readonly unknown[]): ReadLine {
  const message = "Batches are not supported: send each message in a line of its own.";
  const ids = batch.flatMap((each) => (isJsonObject(each) && "method" in each ? (idOf(each.id) ?? []) : []));
  return { answers: (ids.length > 0 ? ids : [null]).map((id) => errorAnswer(id, INVALID_REQUEST, message)) };
}

function refused(id: Id | null, code: number, message: string): ReadLine {
  return { answers: [errorAnswer(id, code, message)] };
}

function errorAnswer(id: Id | null, code: number, message: string): ErrorAnswer {
  return { jsonrpc: "2.0", id, error: { code, message } };
}

function idOf(id: unknown): Id | null {
  return typeof id === "string" || typeof id === "number" ? id : null;
}

/** Arguments as an object; undefined for what can't be meant as one. */
function objectOf(given: unknown): Members | undefined {
  if (given === null || given === "" || (Array.isArray(given) && given.length === 0)) return {};
  if (isJsonObject(given)) return given;
  if (Array.isArray(given)) return given.length === 1 && isJsonObject(given[0]) ? given[0] : undefined;
  if (typeof given !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(given);
    return typeof value === "string" ? undefined : objectOf(value);
  } catch {
    return undefined;
  }
}
