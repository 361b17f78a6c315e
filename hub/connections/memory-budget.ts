/** Memory that many hold for a while, in bytes. Where it is short, who has given nothing back for longest loses what it holds, of those with the same token. */
import type { Permit } from "../access/permit.ts";
import { isSameToken, Quota } from "../access/quota.ts";

/** One of those that hold. */
export interface Holder {
  /** What it has proved. */
  readonly permit: Permit | undefined;
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
    this.#quota.add(holder.permit, bytes - held);
    if (bytes > held) this.#settle(holder);
  }

  #settle({ permit }: Holder): void {
    while (this.#quota.shortage(permit, 0)) {
      const first = this.#first(permit);
      if (!first) return;
      this.set(first, 0);
      first.giveUp();
    }
  }

  #first(permit: Permit | undefined): Holder | undefined {
    for (const holder of this.#held.keys()) if (isSameToken(holder.permit, permit)) return holder;
    return undefined;
  }
}
