/** Bounds the bytes that connections hold: messages that have come in part, and what waits for clients to read it. */
import type { Permission } from "../access/permission.ts";
import { isGuest, isSameToken, Quota } from "../access/quota.ts";

/** So long may the first keep others waiting, ms: on this machine a message of the largest size is read several times over. */
const PATIENCE_MS = 250;
/** Room that is made at a time, in bytes. Memory that is given up is garbage at first: no faster than the engine collects it. */
const ROOM_BYTES = 8 * 1024 * 1024;

/** A message of which a part has come. */
interface UnfinishedMessage {
  /** What its sender has proved. */
  readonly permission: Permission | undefined;
  /** No more of it is read until `goOn`. */
  hold(): void;
  goOn(): void;
  /** Lets go of it, with its connection. */
  giveUp(): void;
}

/** All of them. */
export class UnfinishedMessages {
  readonly #quota: Quota;
  /** Bytes of each; the one that began first comes first. */
  readonly #bytes = new Map<UnfinishedMessage, number>();
  readonly #waiting = new Set<UnfinishedMessage>();
  #timer: NodeJS.Timeout | undefined;

  /** @param most Bytes in all. */
  constructor(most: number) {
    this.#quota = new Quota(most);
  }

  /** Bytes that are held. */
  get taken(): number {
    return this.#quota.taken;
  }

  /** So many bytes of `message` have come; 0 when it is whole, or its connection has ended. */
  set(message: UnfinishedMessage, bytes: number): void {
    if (bytes === 0) {
      const wasFirst = this.#first(message.permission) === message;
      this.#forget(message);
      // The next one has its own time.
      if (wasFirst) this.#stopTimer();
      this.#letGoOn();
      return;
    }
    this.#quota.add(message.permission, bytes - (this.#bytes.get(message) ?? 0));
    this.#bytes.set(message, bytes);
    if (this.#mayGoOn(message)) return;
    this.#waiting.add(message);
    message.hold();
    this.#startTimer();
  }

  #forget(message: UnfinishedMessage): void {
    this.#quota.give(message.permission, this.#bytes.get(message) ?? 0);
    this.#bytes.delete(message);
    this.#waiting.delete(message);
  }

  /** The first may always, or they would wait for each other; of guests with several tokens that would be one too many. */
  #mayGoOn(message: UnfinishedMessage): boolean {
    const { permission } = message;
    const shortage = this.#quota.shortage(permission, 0);
    if (!shortage) return true;
    return (!isGuest(permission) || shortage.scope === "token") && this.#first(permission) === message;
  }

  #letGoOn(): void {
    for (const message of this.#waiting) {
      if (!this.#mayGoOn(message)) continue;
      this.#waiting.delete(message);
      message.goOn();
    }
    if (this.#waiting.size > 0) this.#startTimer();
    else this.#stopTimer();
  }

  /** Gives up the first of those with the same token as one that waits. */
  readonly #makeRoom = (): void => {
    this.#timer = undefined;
    for (const message of this.#waiting) {
      while (this.#waiting.has(message) && this.#quota.shortage(message.permission, ROOM_BYTES)) {
        const first = this.#first(message.permission) ?? message;
        this.#forget(first);
        first.giveUp();
      }
    }
    this.#letGoOn();
  };

  #first(permission: Permission | undefined): UnfinishedMessage | undefined {
    for (const message of this.#bytes.keys()) if (isSameToken(message.permission, permission)) return message;
    return undefined;
  }

  #startTimer(): void {
    this.#timer ??= setTimeout(this.#makeRoom, PATIENCE_MS);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** One of those that hold. */
export interface Holder {
  /** What it has proved. */
  readonly permission: Permission | undefined;
  /** Lets go of what it holds. */
  giveUp(): void;
}

/** What all of them hold. */
export class MemoryBudget {
  readonly #quota: Quota;
  /** Who gave something back last comes last. */
  readonly #held = new Map<Holder, number>();

  /** @param most Bytes in all. */
  constructor(most: number) {
    this.#quota = new Quota(most);
  }

  /** Bytes that are held. */
  get taken(): number {
    return this.#quota.taken;
  }

  /** `holder` has so many bytes now. Where that is too much in all, it or others have to give up. */
  set(holder: Holder, bytes: number): void {
    const held = this.#held.get(holder) ?? 0;
    if (bytes < held) this.#held.delete(holder);
    if (bytes > 0) this.#held.set(holder, bytes);
    this.#quota.add(holder.permission, bytes - held);
    if (bytes > held) this.#settle(holder);
  }

  #settle({ permission }: Holder): void {
    while (this.#quota.shortage(permission, 0)) {
      const first = this.#first(permission);
      if (!first) return;
      this.set(first, 0);
      first.giveUp();
    }
  }

  #first(permission: Permission | undefined): Holder | undefined {
    for (const holder of this.#held.keys()) if (isSameToken(holder.permission, permission)) return holder;
    return undefined;
  }
}
