/** MCP messages over stdin and stdout, a line each. Messages that are sent together leave together. */

import { OneWritePerTurn } from "../../hub-client/one-write-per-turn.ts";
import { wellFormed } from "../texts/well-formed.ts";
import type { ErrorAnswer, ReadLine } from "./json-rpc.ts";
import { readLine, tooLong } from "./json-rpc.ts";
import { LineStream } from "./line-stream.ts";

export class StdioTransport<Message extends object> {
  onmessage?: (message: Message) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #lines: LineStream;
  readonly #stdout = new OneWritePerTurn(process.stdout);

  /** @param maxBytes Longest line that is read. */
  constructor(maxBytes: number) {
    this.#lines = new LineStream(maxBytes, () => this.#answer([tooLong(maxBytes)]));
  }

  /** Starts reading. */
  async start(): Promise<void> {
    this.#lines.on("data", (chunk: Buffer) => this.#receive(chunk));
    process.stdin.pipe(this.#lines);
  }

  /** Writes a message; fulfilled when there is room for the next. */
  send(message: object): Promise<void> {
    this.#stdout.hold();
    return new Promise((resolve) => {
      if (process.stdout.write(`${JSON.stringify(wellFormed(message))}\n`)) resolve();
      else process.stdout.once("drain", resolve);
    });
  }

  async close(): Promise<void> {
    process.stdin.unpipe(this.#lines);
    this.onclose?.();
  }

  /** @param chunk Whole lines. */
  #receive(chunk: Buffer): void {
    for (const line of chunk.toString().split("\n")) this.#take(readLine(line));
  }

  #take(read: ReadLine): void {
    if ("answers" in read) this.#answer(read.answers);
    // The members that make it a message of JSON-RPC are checked.
    else this.onmessage?.(read.message as Message);
  }

  #answer(errors: readonly ErrorAnswer[]): void {
    for (const error of errors) {
      this.onerror?.(new Error(error.error.message));
      this.send(error).catch((failure: Error) => this.onerror?.(failure));
    }
  }
}
