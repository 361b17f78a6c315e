/** Composes the checks of a connection: tokens, logins, and the end of clients whose token is revoked. */
import { Access, type Rejection } from "../access/access.ts";
import { Credentials } from "../access/credentials.ts";
import type { DashboardSessions } from "../access/dashboard-sessions.ts";
import { DASHBOARD_PERMISSION, OWNER_PERMISSION, type Permission } from "../access/permission.ts";
import { TokenBook } from "../access/token-book.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { HubOptions } from "../hub-options.ts";

/** What the door needs of the rest of the hub. */
interface AuthGuardOptions extends Pick<HubOptions, "config" | "token"> {
  registry: ClientRegistry;
  sessions: DashboardSessions;
  /** Hears of each connection and request that is rejected. */
  onRejected: (rejection: Rejection) => void;
}

/** One hub's door. */
export class AuthGuard {
  readonly access: Access;
  readonly #revocation: Revocation;

  constructor({ config, token, registry, sessions, onRejected }: AuthGuardOptions) {
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

/** Permissions of the owner, which are in no book. */
const OWN_PERMISSIONS: ReadonlySet<Permission> = new Set([OWNER_PERMISSION, DASHBOARD_PERMISSION]);

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
      const { permission } = client;
      if (!permission || OWN_PERMISSIONS.has(permission) || this.#book.isValid(permission)) continue;
      this.#registry.expel(client, `The token '${permission.name}' is revoked or has been changed.`);
    }
  }
}
