/** Puts the chunks of a pipe together to whole lines, each byte copied once: a line of 30 MB comes in 500 chunks. */
import { Transform, type TransformCallback } from "node:stream";

const NEWLINE = 0x0a;

export class LineStream extends Transform {
  readonly #maxBytes: number;
  readonly #onTooLong: () => void;
  #parts: Buffer[] = [];
  #length = 0;
  /** The rest of a line that is too long is passed over. */
  #isPassingOver = false;

  /** @param onTooLong Called instead of reading on, once for each line of more than `maxBytes`. */
  constructor(maxBytes = Number.POSITIVE_INFINITY, onTooLong: () => void = () => {}) {
    super();
    this.#maxBytes = maxBytes;
    this.#onTooLong = onTooLong;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const begin = this.#isPassingOver ? chunk.indexOf(NEWLINE) + 1 : 0;
    if (!this.#isPassingOver || begin > 0) this.#take(chunk.subarray(begin));
    done();
  }

  #take(chunk: Buffer): void {
    this.#isPassingOver = false;
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      this.push(Buffer.concat([...this.#parts, chunk.subarray(0, end)]));
      this.#parts = [];
      this.#length = 0;
    }
    if (end < chunk.length) this.#keep(chunk.subarray(end));
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length <= this.#maxBytes) {
      this.#parts.push(part);
      return;
    }
    this.#parts = [];
    this.#length = 0;
    this.#isPassingOver = true;
    this.#onTooLong();
  }
}
