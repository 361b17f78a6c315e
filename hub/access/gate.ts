/** The door of the hub, composed: who is let in, and who has to leave again. */

import type { ClientRegistry } from "../clients/client-registry.ts";
import type { DashboardSessions } from "../dashboard/sessions.ts";
import type { HubEvents } from "../hub-events.ts";
import type { HubOptions } from "../hub-options.ts";
import type { StatusFacts } from "../watching/status.ts";
import { Access } from "./access.ts";
import { Credentials } from "./credentials.ts";
import { Revocation } from "./revocation.ts";
import { TokenBook } from "./token-book.ts";

/** What the door needs of the rest of the hub. */
export interface GateOptions extends Pick<HubOptions, "config" | "token"> {
  registry: ClientRegistry;
  facts: StatusFacts;
  sessions: DashboardSessions;
  events: HubEvents;
}

/** One hub's door. */
export class Gate {
  readonly access: Access;
  readonly #revocation: Revocation;

  constructor({ config, token, registry, facts, sessions, events }: GateOptions) {
    const book = new TokenBook(config.home);
    const birth = () => ({ startedAt: facts.startedAt.toISOString() });
    this.access = new Access({
      ...config,
      credentials: new Credentials({ token, book, birth }),
      allowHosts: [config.host, ...config.allowHosts],
      sessions,
      isSecure: config.tlsCert !== undefined,
      onRejected: (rejection) => events.emit("rejected", rejection),
    });
    this.#revocation = new Revocation(registry, book);
  }

  /** Ends every timer. */
  dispose(): void {
    this.#revocation.dispose();
  }
}
