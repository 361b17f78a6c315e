/** An amount that all clients share, in connections or bytes or whatever is kept for them: guests never use up all of it. */
import { OWN_TOKENS, type Permission } from "./permission.ts";

/** What a further token may have of anything, and all of them together: the rest is always left for the owner. */
const GUEST_SHARE = 1 / 2;
const GUESTS_SHARE = 3 / 4;

/** Whose share is used up, and how much it is. */
export interface Shortage {
  readonly most: number;
  /** "in all", or with which token. */
  readonly of: string;
}

/** A shortage of a quota: of all, of everybody with a further token, or of one of these. */
interface QuotaShortage extends Shortage {
  readonly scope: "all" | "guests" | "token";
}

/** One amount, and what each has of it. */
export class Quota {
  readonly #most: number;
  readonly #byGuest = new Map<string, number>();
  #all = 0;
  #ofGuests = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** The amount that is taken, by all together. */
  get taken(): number {
    return this.#all;
  }

  /** What the bearer of `permission` has taken, with everybody else who came with the same token. */
  takenBy(permission: Permission | undefined): number {
    return isGuest(permission) ? (this.#byGuest.get(permission.name) ?? 0) : this.#all - this.#ofGuests;
  }

  /** Why the bearer of `permission` can't have so much more; undefined when it can. */
  shortage(permission: Permission | undefined, amount: number): QuotaShortage | undefined {
    if (this.#all + amount > this.#most) return { most: this.#most, of: "in all", scope: "all" };
    if (!isGuest(permission)) return undefined;
    const one = Math.ceil(GUEST_SHARE * this.#most);
    if (this.takenBy(permission) + amount > one)
      return { most: one, of: `with the token '${permission.name}'`, scope: "token" };
    const together = Math.ceil(GUESTS_SHARE * this.#most);
    if (this.#ofGuests + amount <= together) return undefined;
    return { most: together, of: "with further tokens", scope: "guests" };
  }

  /** Takes it if it is there. @returns why not. */
  take(permission: Permission | undefined, amount: number): QuotaShortage | undefined {
    const shortage = this.shortage(permission, amount);
    if (!shortage) this.add(permission, amount);
    return shortage;
  }

  /** Gives back what was taken. */
  give(permission: Permission | undefined, amount: number): void {
    this.add(permission, -amount);
  }

  /** Counts an amount that is there already, whether there is room for it or not. */
  add(permission: Permission | undefined, amount: number): void {
    this.#all += amount;
    if (!isGuest(permission)) return;
    this.#ofGuests += amount;
    const left = this.takenBy(permission) + amount;
    if (left > 0) this.#byGuest.set(permission.name, left);
    else this.#byGuest.delete(permission.name);
  }
}

/** True for who came with a further token. */
export function isGuest(permission: Permission | undefined): permission is Permission {
  return permission !== undefined && !OWN_TOKENS.has(permission.name);
}

/** True when both came with the same token; the owner has one, however it was shown. */
export function isSameToken(one: Permission | undefined, other: Permission | undefined): boolean {
  return isGuest(one) || isGuest(other) ? one?.name === other?.name : true;
}
