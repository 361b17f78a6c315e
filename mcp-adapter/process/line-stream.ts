/** Puts the chunks of a pipe together to whole lines, each byte copied once: a line of 30 MB comes in 500 chunks. */
import { Transform, type TransformCallback } from "node:stream";

const NEWLINE = 0x0a;

export class LineStream extends Transform {
  #parts: Buffer[] = [];

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      this.push(Buffer.concat([...this.#parts, chunk.subarray(0, end)]));
      this.#parts = [];
    }
    if (end < chunk.length) this.#parts.push(chunk.subarray(end));
    done();
  }
}
