/** Caches answers that an instance vouches for, until it takes that back or a client writes to it. */
import { LRUCache } from "lru-cache";
import { type Envelope, readEnvelope } from "../../protocol/envelope.ts";
import type { RequestEnvelope } from "../../protocol/rpc.ts";
import type { Permission } from "../access/permission.ts";
import type { Quota } from "../access/quota.ts";

/** Most that is kept of one instance, with the params that were asked for; the least recently used goes first. */
const KEPT_BYTES = 4 * 1024 * 1024;
/** Larger answers are not kept: they would push out all others. */
const MAX_ANSWER_BYTES = KEPT_BYTES / 4;

/** What stands before a result that is kept: the members that it had are of the request that it answered first. */
const HEAD = Buffer.from('{"jsonrpc":"2.0","id":0,"result":');

/** A read, as far as the cache knows it. */
interface Read {
  readonly request: Pick<RequestEnvelope, "method" | "shareable">;
  readonly paramsText: Buffer;
  /** How often it has been sent; an answer to a resend may have been on its way while the instance could say nothing. */
  readonly attempt: number;
  /** The instance's count of writes when it was accepted. */
  readonly writeCount: number;
}

/** Where answers of one instance are kept. */
export interface CacheRoom {
  /** Bytes of the caches of all instances. */
  readonly room: Quota;
  /** What the instance has proved. */
  readonly permission: Permission | undefined;
}

/** The response cache of one instance. */
export class ResponseCache {
  readonly #room: CacheRoom;
  readonly #answers = new LRUCache<string, Envelope>({
    maxSize: KEPT_BYTES,
    maxEntrySize: MAX_ANSWER_BYTES,
    sizeCalculation: sizeOf,
    dispose: (answer, key) => this.#give(sizeOf(answer, key)),
  });
  /** The count of writes at which all of them were asked for. */
  #writeCount = 0;

  constructor(room: CacheRoom) {
    this.#room = room;
  }

  /** The answer to an equal read, if no write has been accepted or has ended since that one was asked. */
  find(read: Read): Envelope | undefined {
    if (!read.request.shareable || read.writeCount !== this.#writeCount) return undefined;
    return this.#answers.get(keyOf(read));
  }

  /** Keeps an answer if the instance vouches for it. @param writeCount The instance's count of writes now. */
  store(read: Read, answer: Envelope, writeCount: number): void {
    if (answer.members.get("keep") !== true || answer.outcome !== "result") return;
    if (!read.request.shareable || read.attempt > 1 || read.writeCount !== writeCount) return;
    if (writeCount !== this.#writeCount) this.clear();
    this.#writeCount = writeCount;
    const key = keyOf(read);
    if (answer.frame.length > MAX_ANSWER_BYTES) return;
    // Copied: the frame may be a slice of something larger, which would stay in memory with it.
    const kept = readEnvelope(Buffer.concat([HEAD, answer.frame.subarray(answer.outcomeStart)]));
    const size = sizeOf(kept, key);
    if (size > MAX_ANSWER_BYTES || this.#room.room.take(this.#room.permission, size)) return;
    this.#answers.set(key, kept);
  }

  /** The instance takes back what it has vouched for, or can say nothing for a while. */
  clear(): void {
    this.#answers.clear();
  }

  #give(size: number): void {
    this.#room.room.give(this.#room.permission, size);
  }
}

function sizeOf({ frame }: Envelope, key: string): number {
  return frame.length + key.length;
}

function keyOf({ request, paramsText }: Read): string {
  return `${request.method} ${paramsText.toString("latin1")}`;
}
