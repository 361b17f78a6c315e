/** Holds every adapter that a test starts to its word: each line of its stdout is one JSON-RPC message. */
import type { Readable } from "node:stream";
import { JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";

/** An error about what has no id that could be read has null in its place (JSON-RPC 2.0, section 5), which the SDK's schema lacks. */
const MESSAGE = JSONRPCMessageSchema.or(
  z.strictObject({
    jsonrpc: z.literal("2.0"),
    id: z.null(),
    error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }),
  }),
);

/** How much of a stray line an error quotes. */
const QUOTED = 200;

/** Fails the test run when a line is anything else. @param skip Lines at the beginning that another program writes. */
export function requireJsonRpcLines(stdout: Readable, { skip = 0 } = {}): void {
  const parts: string[] = [];
  let left = skip;
  stdout.on("data", (chunk: Buffer | string) => {
    const lines = chunk.toString().split("\n");
    while (lines.length > 1) {
      const line = parts.splice(0).join("") + lines.shift();
      if (left > 0) left -= 1;
      else requireJsonRpc(line);
    }
    parts.push(...lines);
  });
}

/** Fails the test run: a reader of the adapter's stdout may silently ignore an unreadable line. */
export function failOnStrayLine(error: Error): void {
  setImmediate(() => {
    throw new Error(`An adapter wrote to stdout a line that is no JSON-RPC message: ${error.message.slice(0, QUOTED)}`);
  });
}

function requireJsonRpc(line: string): void {
  try {
    MESSAGE.parse(JSON.parse(line));
  } catch {
    failOnStrayLine(new Error(line));
  }
}
