/** What the owner may do to others: at the dashboard, or by the command line. */
import { WireError } from "../../protocol/errors.ts";
import type { HubParams, HubResult } from "../../protocol/hub-methods.ts";
import { CODE_LIFETIME_MS, type DashboardSessions } from "../access/dashboard-sessions.ts";
import type { Client } from "../clients/client.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { Instance } from "../clients/instance.ts";
import type { StatusFacts } from "../hub-options.ts";
import { requireOwner } from "../policy/policy.ts";
import type { TargetLookup } from "../routing/target-waits.ts";
import type { InstancePauses } from "../scheduling/instance-pauses.ts";
import type { MethodHandlers } from "./hub-calls.ts";

/** What the actions work on. */
interface OwnerActionsOptions {
  registry: ClientRegistry;
  pauses: InstancePauses;
  targets: TargetLookup;
  sessions: DashboardSessions;
  facts: StatusFacts;
}

/** The actions, each refused to everybody but the owner. */
export class OwnerActions {
  readonly #options: OwnerActionsOptions;

  constructor(options: OwnerActionsOptions) {
    this.#options = options;
  }

  /** Its methods by name. */
  get methods() {
    return {
      "hub.create_login_code": (client) => this.#createLoginCode(client),
      "hub.disconnect_client": (client, params) => this.#disconnect(client, params),
      "hub.pause_instance": async (client, params, request) => {
        this.#requireOwner(client, "pause an instance");
        return this.#pause(await this.#options.targets.find(client, params, request), params);
      },
    } satisfies Partial<MethodHandlers>;
  }

  /** A link that opens the dashboard, once. @throws {WireError} FORBIDDEN. */
  #createLoginCode(client: Client): HubResult<"hub.create_login_code"> {
    this.#requireOwner(client, "open the dashboard");
    const code = this.#options.sessions.createCode();
    const url = `${this.#options.facts.url.replace(/^ws/, "http")}/#code=${code}`;
    return { code, url, lifetimeMs: CODE_LIFETIME_MS };
  }

  /** Ends the session of a client. @throws {WireError} FORBIDDEN, NOT_FOUND, INVALID_PARAMS for oneself. */
  #disconnect(
    client: Client,
    { client: spec }: HubParams<"hub.disconnect_client">,
  ): HubResult<"hub.disconnect_client"> {
    this.#requireOwner(client, "disconnect a client");
    const other = this.#find(spec);
    if (other === client) throw new WireError("INVALID_PARAMS", "That is this client itself.");
    this.#options.registry.banish(other, "The owner of this hub has disconnected this client.");
    return { disconnected: other.name };
  }

  /** Holds commands back from `instance` and from the games that it plays, or lets them through. */
  #pause(instance: Instance, { paused, reason }: HubParams<"hub.pause_instance">): HubResult<"hub.pause_instance"> {
    this.#options.pauses.set(instance, paused, reason);
    return { instance: instance.name, paused };
  }

  /** Whose leases `client` means: its own, or those of the holder that the owner names. @throws {WireError} FORBIDDEN, NOT_FOUND. */
  holder(client: Client, spec: string | undefined): Client {
    if (spec === undefined) return client;
    this.#requireOwner(client, "release somebody else's lease");
    return this.#find(spec);
  }

  #requireOwner(client: Client, what: string): void {
    requireOwner(client, what, this.#options.sessions);
  }

  #find(spec: string): Client {
    const { registry } = this.#options;
    const all = [...registry.clients, ...registry.instances];
    const found = registry.get(spec) ?? all.find(({ name }) => name === spec);
    if (found) return found;
    throw new WireError("NOT_FOUND", `Unknown client '${spec}'.`, { candidates: all.map(({ name }) => name) });
  }
}
