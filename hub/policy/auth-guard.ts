/** Composes the checks of a connection: tokens, logins, and the end of clients whose token is revoked. */
import { Access, type Rejection } from "../access/access.ts";
import { Credentials } from "../access/credentials.ts";
import type { DashboardSessions } from "../access/dashboard-sessions.ts";
import { DASHBOARD_PERMIT, OWNER_PERMIT, type Permit } from "../access/permission.ts";
import { TokenBook } from "../access/token-book.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { HubOptions } from "../hub-options.ts";

/** What the door needs of the rest of the hub. */
interface GateOptions extends Pick<HubOptions, "config" | "token"> {
  registry: ClientRegistry;
  sessions: DashboardSessions;
  /** Hears of each connection and request that is rejected. */
  onRejected: (rejection: Rejection) => void;
}

/** One hub's door. */
export class Gate {
  readonly access: Access;
  readonly #revocation: Revocation;

  constructor({ config, token, registry, sessions, onRejected }: GateOptions) {
    const book = new TokenBook(config.home);
    this.access = new Access({
      ...config,
      credentials: new Credentials({ token, book }),
      allowHosts: [config.host, ...config.allowHosts],
      sessions,
      isSecure: config.tlsCert !== undefined,
      onRejected,
    });
    this.#revocation = new Revocation(registry, book);
  }

  /** Ends every timer. */
  dispose(): void {
    this.#revocation.dispose();
  }
}

/** How long a revoked token may still be of use. */
const LOOK_INTERVAL_MS = 1_000;

/** Permits that stand in no book. */
const OWN_PERMITS: ReadonlySet<Permit> = new Set([OWNER_PERMIT, DASHBOARD_PERMIT]);

/** Looks again and again. */
class Revocation {
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
