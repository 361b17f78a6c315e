/** Subscriptions of the AI client to resources, fed by the events of instances and of the hub. */
import { z } from "zod";
import type { Patience } from "../../hub-client/pending-request.ts";
import type { EventParams } from "../../protocol/rpc.ts";
import type { HubSession } from "../session/hub-session.ts";
import { resourceError } from "./resource-error.ts";
import { parseResourceUri, type ResourceAddress } from "./resource-uri.ts";

/** Events after which a resource may read differently; `*` stands for any characters, as in `hub.subscribe`. */
const EVENTS: Readonly<Record<ResourceAddress["kind"], readonly string[]>> = {
  instances: ["hub.instance_*", "instance.state"],
  project: ["filesystem.changed", "project.*"],
  scene: ["scene.*"],
  script: ["filesystem.changed", "script.*"],
  log: ["log.*", "editor.log*"],
  custom: ["custom.resource_changed"],
};

/** What the hub says of instances that come, and that have left for good. */
const ARRIVED = "hub.instance_connected";
const GONE = "hub.instance_gone";

/** One resource that is watched. */
interface Watch {
  readonly uri: string;
  readonly address: ResourceAddress;
  readonly patterns: readonly RegExp[];
  /** The hub's subscription, while there is one: without its instance there is none. */
  subscription: { id: string; instanceId: string | null } | undefined;
  /** A subscription is being asked for. */
  isAsking: boolean;
  /** Something has happened since it was asked for, after which it may succeed. */
  isWorthAnother: boolean;
}

const goneEvent = z.looseObject({ id: z.string() });
const fileEvent = z.looseObject({
  scene: z.string().optional(),
  path: z.string().optional(),
  uri: z.string().optional(),
});

export class ResourceWatch {
  readonly #session: HubSession;
  readonly #notify: (uri: string) => void;
  readonly #patience: () => Patience;
  readonly #watches = new Map<string, Watch>();
  /** Fulfilled when the present hub will tell of instances that come and go. */
  #attention: Promise<unknown> | undefined;

  /**
   * @param notify Called with the address of a resource that may have changed.
   * @param patience How long to wait for what nobody has asked for just now.
   */
  constructor(session: HubSession, notify: (uri: string) => void, patience: () => Patience) {
    this.#session = session;
    this.#notify = notify;
    this.#patience = patience;
  }

  /** @throws {RequestError} for an address that names nothing, also to the hub. */
  async add(uri: string, patience: Patience): Promise<void> {
    if (this.#watches.has(uri)) return;
    const address = parseResourceUri(uri);
    const patterns = EVENTS[address.kind].map(expression);
    const watch: Watch = {
      uri,
      address,
      patterns,
      subscription: undefined,
      isAsking: true,
      isWorthAnother: false,
    };
    this.#watches.set(uri, watch);
    try {
      await this.#subscribe(watch, patience);
    } catch (error) {
      if (this.#isWatched(watch)) this.#watches.delete(uri);
      throw resourceError(uri, error);
    } finally {
      watch.isAsking = false;
    }
  }

  async remove(uri: string, patience: Patience): Promise<void> {
    const id = this.#watches.get(uri)?.subscription?.id;
    this.#watches.delete(uri);
    if (id !== undefined) await this.#session.hub("hub.unsubscribe", { id }, patience);
  }

  /** Takes an event that came from the hub. */
  receive(event: EventParams): void {
    for (const watch of this.#watches.values()) if (concerns(event, watch)) this.#notify(watch.uri);
    if (event.event === GONE) this.#forget(goneEvent.safeParse(event.data).data?.id);
    if (event.event === ARRIVED)
      for (const watch of this.#watches.values()) if (!watch.subscription) this.#renew(watch);
  }

  /** Subscribes again at a hub that knows nothing of this session: what happened meanwhile is anybody's guess. */
  restore(): void {
    if (this.#attention) {
      this.#attention = undefined;
      this.#attend(this.#patience()).catch(() => {});
    }
    for (const watch of this.#watches.values()) {
      // One that is being made is asked for again by itself.
      if (watch.subscription) this.#renew(watch);
    }
  }

  /** The session works on another instance: what is watched as its own is now that one's. */
  follow(): void {
    for (const watch of this.#watches.values()) {
      const { address, subscription } = watch;
      if (address.kind === "instances" || address.instance !== undefined || !subscription) continue;
      this.#unsubscribe(subscription.id);
      this.#renew(watch);
    }
  }

  /** An instance has left for good: whoever watches it watches the one that comes in its place. */
  #forget(instanceId: string | undefined): void {
    for (const watch of this.#watches.values()) {
      const { subscription } = watch;
      if (subscription === undefined || subscription.instanceId !== instanceId) continue;
      watch.subscription = undefined;
      this.#unsubscribe(subscription.id);
    }
  }

  /** Subscribes once more. Where the instance is not back yet, its arrival is the time to try again. */
  #renew(watch: Watch): void {
    watch.subscription = undefined;
    watch.isWorthAnother = true;
    if (!watch.isAsking) void this.#ask(watch);
  }

  async #ask(watch: Watch): Promise<void> {
    watch.isAsking = true;
    while (watch.isWorthAnother && this.#isWatched(watch) && !watch.subscription) {
      watch.isWorthAnother = false;
      await this.#subscribe(watch, this.#patience()).then(
        () => this.#notify(watch.uri),
        () => {},
      );
    }
    watch.isAsking = false;
  }

  async #subscribe(watch: Watch, patience: Patience): Promise<void> {
    const { address } = watch;
    if (address.kind !== "instances") await this.#attend(patience);
    const events = [...EVENTS[address.kind]];
    const target = await this.#targetOf(address, patience);
    const made = await this.#session.hub(
      "hub.subscribe",
      { events, ...(target !== undefined && { target }) },
      patience,
    );
    if (this.#isWatched(watch)) watch.subscription = made;
    else this.#unsubscribe(made.id);
  }

  /** Has the hub tell of instances that come and go, before any of them is asked for: so that none comes unnoticed. */
  #attend(patience: Patience): Promise<unknown> {
    if (this.#attention) return this.#attention;
    const attention = this.#session.hub("hub.subscribe", { events: [ARRIVED, GONE] }, patience);
    this.#attention = attention;
    attention.catch(() => {
      if (this.#attention === attention) this.#attention = undefined;
    });
    return attention;
  }

  async #targetOf(address: ResourceAddress, patience: Patience): Promise<string | undefined> {
    if (address.kind === "instances") return undefined;
    return address.instance ?? (await this.#session.instance(patience)).id;
  }

  #unsubscribe(id: string): void {
    this.#session.hub("hub.unsubscribe", { id }, this.#patience()).catch(() => {});
  }

  #isWatched(watch: Watch): boolean {
    return this.#watches.get(watch.uri) === watch;
  }
}

function concerns({ event, instanceId, data }: EventParams, { address, patterns, subscription }: Watch): boolean {
  if (!subscription || !patterns.some((pattern) => pattern.test(event))) return false;
  if (subscription.instanceId !== null && subscription.instanceId !== instanceId) return false;
  if (address.kind === "instances" || address.path === undefined) return true;
  const about = fileEvent.safeParse(data).data;
  const file = about?.scene ?? about?.path ?? about?.uri;
  return file === undefined || file === address.path || ("spelled" in address && file === address.spelled);
}

function expression(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`);
}
