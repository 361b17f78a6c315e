/** Cuts off whoever came with a token that has been revoked since, or whose rules have been changed. */

import { DASHBOARD_PERMIT, OWNER_PERMIT, type Permit } from "../access/permit.ts";
import type { TokenBook } from "../access/token-book.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";

/** How long a revoked token may still be of use. */
const LOOK_INTERVAL_MS = 1_000;

/** Permits that stand in no book. */
const OWN_PERMITS: ReadonlySet<Permit> = new Set([OWNER_PERMIT, DASHBOARD_PERMIT]);

/** Looks again and again. */
export class Revocation {
  readonly #registry: ClientRegistry;
  readonly #book: TokenBook;
  readonly #timer: NodeJS.Timeout;

  constructor(registry: ClientRegistry, book: TokenBook) {
    this.#registry = registry;
    this.#book = book;
    this.#timer = setInterval(() => this.#look(), LOOK_INTERVAL_MS).unref();
  }

  /** Ends the looking. */
  dispose(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { clients, instances } = this.#registry;
    for (const client of [...clients, ...instances]) {
      const { permit } = client;
      if (!permit || OWN_PERMITS.has(permit) || this.#book.isValid(permit)) continue;
      this.#registry.expel(client, `The token '${permit.name}' is revoked or has been changed.`);
    }
  }
}
