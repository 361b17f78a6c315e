/**
 * Whose requests a minute are counted together: those of all clients with one further token; and of the owner's, those of
 * one session. A session that begins takes over what one that has left had spent, so that coming again refills nothing.
 */

import { isGuest } from "../access/quota.ts";
import { RateBudget } from "../access/rate-budget.ts";
import type { Client } from "../clients/client.ts";

/** How many requests there may be in a minute; 0: no limit. */
export interface RateLimits {
  readonly readsPerMinute: number;
  readonly writesPerMinute: number;
}

/** What may still be asked. */
export class Budgets {
  readonly reads: RateBudget;
  readonly writes: RateBudget;

  constructor({ readsPerMinute, writesPerMinute }: RateLimits) {
    this.reads = new RateBudget(readsPerMinute);
    this.writes = new RateBudget(writesPerMinute);
  }

  /** From 0, when nothing is left, to 2, when all is. */
  get left(): number {
    return this.reads.share + this.writes.share;
  }

  /** True when nothing is spent: one that is made anew is as good. */
  get isFull(): boolean {
    return this.left === 2;
  }
}

/** The budgets of all clients. */
export class ClientBudgets {
  readonly #limits: RateLimits;
  readonly #byClient = new WeakMap<Client, Budgets>();
  readonly #byToken = new Map<string, Budgets>();
  /** Of the owner's sessions, with the latest that has it. */
  readonly #bySession = new Map<Budgets, Client>();

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** Those of `client`. */
  of(client: Client): Budgets {
    const known = this.#byClient.get(client);
    if (known) return known;
    const budgets = isGuest(client.permit) ? this.#ofToken(client.permit.name) : this.#ofSession(client);
    this.#byClient.set(client, budgets);
    return budgets;
  }

  #ofToken(name: string): Budgets {
    const known = this.#byToken.get(name) ?? new Budgets(this.#limits);
    this.#byToken.set(name, known);
    return known;
  }

  #ofSession(client: Client): Budgets {
    let spent: Budgets | undefined;
    for (const [budgets, { connection }] of this.#bySession) {
      if (connection?.isOpen) continue;
      if (budgets.isFull) this.#bySession.delete(budgets);
      else if (!spent || budgets.left < spent.left) spent = budgets;
    }
    const budgets = spent ?? new Budgets(this.#limits);
    this.#bySession.set(budgets, client);
    return budgets;
  }
}
