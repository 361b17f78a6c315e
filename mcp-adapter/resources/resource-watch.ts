/** Subscriptions of the AI client to resources, fed by the events of instances and of the hub. */
import { z } from "zod";
import type { EventParams } from "../../protocol/rpc.ts";
import type { HubSession } from "../link/hub-session.ts";
import type { Patience } from "../link/pending-request.ts";
import { parseResourceUri, type ResourceAddress } from "./resource-uri.ts";

/** Events after which a resource may read differently; `*` stands for any characters, as in `hub.subscribe`. */
const EVENTS: Readonly<Record<ResourceAddress["kind"], readonly string[]>> = {
  instances: ["hub.instance_*", "instance.state"],
  project: ["filesystem.changed", "project.*"],
  scene: ["scene.*"],
  script: ["filesystem.changed", "script.*"],
  log: ["log.*", "editor.log*"],
};

/** One resource that is watched. */
interface Watch {
  readonly address: ResourceAddress;
  readonly patterns: readonly RegExp[];
  /** The hub's subscription, once it is there. */
  subscription: { id: string; instanceId: string | null } | undefined;
}

const fileEvent = z.looseObject({ scene: z.string().optional(), path: z.string().optional() });

export class ResourceWatch {
  readonly #session: HubSession;
  readonly #notify: (uri: string) => void;
  readonly #watches = new Map<string, Watch>();

  /** @param notify Called with the address of a resource that may have changed. */
  constructor(session: HubSession, notify: (uri: string) => void) {
    this.#session = session;
    this.#notify = notify;
  }

  /** @throws {RequestError} for an address that names nothing, and what the hub answers. */
  async add(uri: string, patience: Patience): Promise<void> {
    if (this.#watches.has(uri)) return;
    const address = parseResourceUri(uri);
    const watch: Watch = { address, patterns: EVENTS[address.kind].map(expression), subscription: undefined };
    this.#watches.set(uri, watch);
    try {
      await this.#subscribe(watch, patience);
    } catch (error) {
      this.#watches.delete(uri);
      throw error;
    }
  }

  async remove(uri: string, patience: Patience): Promise<void> {
    const id = this.#watches.get(uri)?.subscription?.id;
    this.#watches.delete(uri);
    if (id !== undefined) await this.#session.hub("hub.unsubscribe", { id }, patience);
  }

  /** Takes an event that came from the hub. */
  receive(event: EventParams): void {
    for (const [uri, watch] of this.#watches) if (concerns(event, watch)) this.#notify(uri);
  }

  /** Subscribes again at a hub that knows nothing of this session: what happened meanwhile is anybody's guess. */
  async restore(patience: Patience): Promise<void> {
    for (const [uri, watch] of this.#watches) {
      // One that is being made is asked for again by itself.
      if (!watch.subscription) continue;
      watch.subscription = undefined;
      await this.#subscribe(watch, patience).then(
        () => this.#notify(uri),
        // An instance that is not back cannot be watched; reading it says so.
        () => {},
      );
    }
  }

  async #subscribe(watch: Watch, patience: Patience): Promise<void> {
    const { address } = watch;
    const isOfHub = address.kind === "instances";
    const named = isOfHub ? undefined : address.instance;
    const target = isOfHub ? undefined : (named ?? (await this.#session.instance(patience)).id);
    const params = { events: [...EVENTS[address.kind]], ...(target !== undefined && { target }) };
    watch.subscription = await this.#session.hub("hub.subscribe", params, patience);
  }
}

function concerns({ event, instanceId, data }: EventParams, { address, patterns, subscription }: Watch): boolean {
  if (!subscription || !patterns.some((pattern) => pattern.test(event))) return false;
  if (subscription.instanceId !== null && subscription.instanceId !== instanceId) return false;
  if (address.kind === "instances" || address.path === undefined) return true;
  const about = fileEvent.safeParse(data).data;
  const file = about?.scene ?? about?.path;
  return file === undefined || file === address.path;
}

function expression(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`);
}
