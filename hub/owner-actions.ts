/** What the owner may do to others: at the dashboard, or by the command line. */
import { WireError } from "../protocol/errors.ts";
import type { HubParams, HubResult } from "../protocol/hub-methods.ts";
import { requireOwner } from "./access/ownership.ts";
import type { Client } from "./clients/client.ts";
import type { ClientRegistry } from "./clients/client-registry.ts";
import type { Instance } from "./clients/instance.ts";
import { CODE_LIFETIME_MS, type DashboardSessions } from "./dashboard/sessions.ts";
import type { InstancePauses } from "./instance-pauses.ts";
import { notAllowed } from "./scheduling/verdicts.ts";
import { ACTIVITY_INTERVAL_MS, type Activity } from "./watching/activity.ts";
import type { StatusFacts } from "./watching/status.ts";

/** What the actions work on. */
export interface OwnerActionsOptions {
  registry: ClientRegistry;
  pauses: InstancePauses;
  sessions: DashboardSessions;
  activity: Activity;
  facts: StatusFacts;
}

/** The actions, each refused to everybody but the owner. */
export class OwnerActions {
  readonly #options: OwnerActionsOptions;

  constructor(options: OwnerActionsOptions) {
    this.#options = options;
  }

  /** A link that opens the dashboard, once. @throws {WireError} FORBIDDEN. */
  createLoginCode(client: Client): HubResult<"hub.create_login_code"> {
    this.requireOwner(client, "open the dashboard");
    const code = this.#options.sessions.createCode();
    const url = `${this.#options.facts.url.replace(/^ws/, "http")}/#code=${code}`;
    return { code, url, lifetimeMs: CODE_LIFETIME_MS };
  }

  /** Begins or ends reports to `client`. @throws {WireError} FORBIDDEN. */
  watch(client: Client, { watch = true }: HubParams<"hub.watch_activity">): HubResult<"hub.watch_activity"> {
    this.requireOwner(client, "watch what others do");
    if (watch) this.#options.activity.watch(client);
    else this.#options.activity.unwatch(client);
    return { watching: watch, intervalMs: ACTIVITY_INTERVAL_MS };
  }

  /** Ends somebody's session. @throws {WireError} FORBIDDEN, NOT_FOUND, INVALID_PARAMS for oneself. */
  disconnect(client: Client, { client: spec }: HubParams<"hub.disconnect_client">): HubResult<"hub.disconnect_client"> {
    this.requireOwner(client, "disconnect a client");
    const other = this.#find(spec);
    if (other === client) throw new WireError("INVALID_PARAMS", "That is this client itself.");
    this.#options.registry.banish(other, "The owner of this hub has disconnected this client.");
    return { disconnected: other.name };
  }

  /** Keeps commands from `instance` and from the games that it plays, or lets them through. The caller has asked whether it may. */
  pause(instance: Instance, { paused, reason }: HubParams<"hub.pause_instance">): HubResult<"hub.pause_instance"> {
    this.#options.pauses.set(instance, paused, reason);
    return { instance: instance.name, paused };
  }

  /** Whose leases `client` means: its own, or those of the holder that the owner names. @throws {WireError} FORBIDDEN, NOT_FOUND. */
  holder(client: Client, spec: string | undefined): Client {
    if (spec === undefined) return client;
    this.requireOwner(client, "release somebody else's lease");
    return this.#find(spec);
  }

  /** @throws {WireError} FORBIDDEN for everybody but the owner, and where a page's session has ended since it connected. */
  requireOwner(client: Client, what: string): void {
    const session = client.connection?.origin.session;
    if (session !== undefined && !this.#options.sessions.isOpen(session)) throw notAllowed("This session has ended.");
    requireOwner(client, what);
  }

  #find(spec: string): Client {
    const { registry } = this.#options;
    const all = [...registry.clients, ...registry.instances];
    const found = registry.get(spec) ?? all.find(({ name }) => name === spec);
    if (found) return found;
    throw new WireError("NOT_FOUND", `Unknown client '${spec}'.`, { candidates: all.map(({ name }) => name) });
  }
}
