/** The door of the hub, composed: who is let in, and who has to leave again. */

import { Access, type Rejection } from "../access/access.ts";
import { Credentials } from "../access/credentials.ts";
import type { DashboardSessions } from "../access/dashboard-sessions.ts";
import { TokenBook } from "../access/token-book.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { HubOptions } from "../hub-options.ts";
import { Revocation } from "./revocation.ts";

/** What the door needs of the rest of the hub. */
export interface GateOptions extends Pick<HubOptions, "config" | "token"> {
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
