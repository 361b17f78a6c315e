/** The body of a request over HTTP: one message of JSON-RPC. */
import type { IncomingMessage } from "node:http";
import { isJsonObject } from "../../hub-client/json-object.ts";
import { messageOf } from "../../hub-client/node-errors.ts";
import { MAX_FRAME_BYTES } from "../../protocol/timing.ts";
import { readToolCall } from "../process/json-rpc.ts";

/** Why a body is not looked at, as an HTTP status. */
export interface BodyError {
  readonly status: 400 | 413;
  readonly reason: string;
}

/**
 * Reads the whole body, and the arguments of a tool call in it as they are meant.
 * @returns the message; `undefined` members and other kinds of JSON are the business of whoever takes it.
 */
export async function readBody(request: IncomingMessage): Promise<{ message: unknown } | { error: BodyError }> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // What is left of it is not read, and the answer still arrives.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > MAX_FRAME_BYTES) {
        return { error: { status: 413, reason: `A message of more than ${MAX_FRAME_BYTES} bytes is not read.` } };
      }
      chunks.push(chunk);
    }
    return { message: readAsMeant(JSON.parse(Buffer.concat(chunks).toString())) };
  } catch (error) {
    return { error: { status: 400, reason: `Not JSON: ${messageOf(error)}` } };
  }
}

/** What can't be meant as arguments stays as it is: the server says what is wrong with it. */
function readAsMeant(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const read = readToolCall(value);
  return "message" in read ? read.message : value;
}
