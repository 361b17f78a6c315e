/** Numbers and keeps the events of instances and of the hub, and sends them to the sessions that have subscribed. */
import { v4 as uuid } from "uuid";
import { encodeNotification } from "../../protocol/codec.ts";
import { WireError } from "../../protocol/errors.ts";
import type { EventParams } from "../../protocol/rpc.ts";
import { nameMatcher, type Permission } from "../access/permission.ts";
import { isInstanceType } from "../access/roles.ts";
import { BOUNDS } from "../bounds.ts";
import type { Client } from "../clients/client.ts";
import type { Arrival } from "../clients/client-registry.ts";
import type { MethodHandlers } from "../methods/hub-calls.ts";
import type { TargetLookup } from "../routing/target-waits.ts";
import type { HubEvents } from "../scheduling/hub-events.ts";
import { EventRoom, KeptEvents, type KeptEventsLimits } from "./kept-events.ts";

/** What a session wants to hear. */
interface Subscription {
  readonly id: string;
  /** Names that it has, with `*` for any characters. */
  readonly names: number;
  readonly matches: (event: string) => boolean;
  /** Only events of this instance; undefined: of all, and the hub's own. */
  readonly instanceId: string | undefined;
}

/** One event, serialised once for all who hear it. */
interface Kept {
  readonly seq: number;
  readonly event: string;
  readonly frame: string;
}

/** The events of one instance. */
interface History {
  /** Number of the latest. */
  seq: number;
  readonly kept: KeptEvents<Kept>;
}

/** Key of the hub's own events among the histories. */
const HUB = "";

/** Histories by instance and subscriptions by session. */
export class EventFeed {
  readonly #limits: KeptEventsLimits;
  readonly #room = new EventRoom(BOUNDS.events.most);
  readonly #histories = new Map<string, History>();
  readonly #subscribers = new Map<Client, { subscriptions: Subscription[]; outbox: EventOutbox }>();
  #dropped = 0;

  /**
   * @param limits How much is kept per instance for clients that ask for what they have missed, and per session that is away.
   * @param events Of the hub, which become events of its subscribers.
   */
  constructor(limits: KeptEventsLimits, events: HubEvents) {
    this.#limits = limits;
    events
      .on("arrived", (client, how) => this.#onArrived(client, how))
      .on("away", (client) => this.#publishPresence("away", client))
      .on("lost", (instance) => this.#publishPresence("lost", instance))
      .on("gone", (client) => this.#onGone(client))
      .on("reported", (instance, event) => this.#publish({ ...event, instanceId: instance.id }, instance.permission));
  }

  /** Its methods of the hub. @param targets Finds the instance whose events are meant. */
  methods(targets: TargetLookup) {
    return {
      "hub.subscribe": async (client, { events, target, from }, request) => {
        const instance = target === undefined ? undefined : await targets.find(client, { target }, request);
        const subscription = this.#subscribe(client, { events, instanceId: instance?.id, from });
        return { ...subscription, instanceId: instance?.id ?? null };
      },
      "hub.unsubscribe": (client, { id }) => ({ unsubscribed: this.#unsubscribe(client, id) }),
    } satisfies Partial<MethodHandlers>;
  }

  /** Events that subscribers did not get, because they were away, or behind, for too long; of all subscribers together. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Publishes an event of an instance, which came with `permission`, or of the hub. An event without a number gets the next one. */
  #publish(event: EventParams, permission?: Permission): void {
    const history = this.#historyOf(event.instanceId, permission);
    const seq = event.seq ?? history.seq + 1;
    history.seq = Math.max(history.seq, seq);
    const frame = encodeNotification("event", { ...event, seq });
    history.kept.push({ seq, event: event.event, frame });
    for (const { subscriptions, outbox } of this.#subscribers.values()) {
      if (subscriptions.some((subscription) => hears(subscription, event.event, event.instanceId))) outbox.push(frame);
    }
  }

  /**
   * Subscribes a session to events by name; with `from`, to what it has missed since that number as well.
   * @returns the subscription's id and the number of the latest event.
   * @throws {WireError} BUSY past the limits of subscriptions.
   */
  #subscribe(
    client: Client,
    {
      events,
      instanceId,
      from,
    }: { events: readonly string[]; instanceId?: string | undefined; from?: number | undefined },
  ): { id: string; seq: number } {
    const subscriber = this.#subscriberOf(client);
    requireRoom(subscriber.subscriptions, events.length);
    const subscription = { id: uuid(), names: events.length, matches: nameMatcher(events), instanceId };
    subscriber.subscriptions.push(subscription);
    const history = this.#histories.get(instanceId ?? HUB);
    if (from !== undefined && history) this.#replay(history, subscription, from, subscriber.outbox);
    return { id: subscription.id, seq: history?.seq ?? 0 };
  }

  /** False when the session has no such subscription. */
  #unsubscribe(client: Client, id: string): boolean {
    const subscriber = this.#subscribers.get(client);
    const index = subscriber?.subscriptions.findIndex((subscription) => subscription.id === id) ?? -1;
    if (!subscriber || index < 0) return false;
    subscriber.subscriptions.splice(index, 1);
    if (subscriber.subscriptions.length === 0) this.#endSubscriber(client);
    return true;
  }

  /** A session is back on a connection and gets what was kept for it. An instance that has begun anew counts its events from the beginning. */
  #onArrived(client: Client, how: Arrival): void {
    if (how === "restarted") this.#endHistory(client);
    this.#publishPresence("connected", client);
    this.#subscribers.get(client)?.outbox.attach();
  }

  /** A client has left for good. */
  #onGone(client: Client): void {
    this.#endSubscriber(client);
    this.#endHistory(client);
    this.#publishPresence("gone", client);
  }

  /** Publishes `hub.client_connected`, `hub.instance_gone` and the like. */
  #publishPresence(what: "connected" | "away" | "lost" | "gone", { id, name, clientType }: Client): void {
    const event = `hub.${isInstanceType(clientType) ? "instance" : "client"}_${what}`;
    this.#publish({ event, data: { id, name, clientType } });
  }

  #endSubscriber(client: Client): void {
    this.#subscribers.get(client)?.outbox.dispose();
    this.#subscribers.delete(client);
  }

  #endHistory({ id }: Client): void {
    this.#histories.get(id)?.kept.clear();
    this.#histories.delete(id);
  }

  #replay({ seq: latest, kept }: History, subscription: Subscription, asked: number, outbox: EventOutbox): void {
    // A number that was never reached is one of an earlier process: then everything is news.
    const from = asked > latest + 1 ? 0 : asked;
    const oldest = kept.first?.seq;
    if (asked === from && oldest !== undefined && oldest > from) outbox.noteDropped(oldest - from);
    for (const { seq, event, frame } of kept) if (seq >= from && subscription.matches(event)) outbox.push(frame);
  }

  #historyOf(instanceId: string = HUB, permission?: Permission): History {
    const known = this.#histories.get(instanceId);
    if (known) return known;
    const history: History = { seq: 0, kept: new KeptEvents(this.#limits, this.#room, permission) };
    this.#histories.set(instanceId, history);
    return history;
  }

  #subscriberOf(client: Client): { subscriptions: Subscription[]; outbox: EventOutbox } {
    const known = this.#subscribers.get(client);
    if (known) return known;
    const onDropped = (count: number): void => {
      this.#dropped += count;
    };
    const subscriber = { subscriptions: [], outbox: new EventOutbox(client, this.#limits, this.#room, onDropped) };
    subscriber.outbox.attach();
    this.#subscribers.set(client, subscriber);
    return subscriber;
  }
}

/** @throws {WireError} BUSY. */
function requireRoom(subscriptions: readonly Subscription[], names: number): void {
  const [most, mostNames] = [BOUNDS.subscriptions.most, BOUNDS.subscribedNames.most];
  const taken = subscriptions.reduce((sum, each) => sum + each.names, 0);
  if (subscriptions.length < most && taken + names <= mostNames) return;
  throw new WireError("BUSY", `A session may have ${most} subscriptions with ${mostNames} names in all.`, {
    hint: "End one with hub.unsubscribe, or name several events with one '*'.",
  });
}

function hears(subscription: Subscription, event: string, instanceId: string | undefined): boolean {
  return (
    (subscription.instanceId === undefined || subscription.instanceId === instanceId) && subscription.matches(event)
  );
}

/** What one session is still to hear, in order, bounded. */
class EventOutbox {
  readonly #client: Client;
  readonly #onDropped: (count: number) => void;
  readonly #kept: KeptEvents<{ frame: string }>;
  #dropped = 0;

  /**
   * @param limits How much is kept while the session is away or does not keep up.
   * @param room Room that is shared with others.
   * @param onDropped Hears how many events the session will not see.
   */
  constructor(client: Client, limits: KeptEventsLimits, room: EventRoom, onDropped: (count: number) => void) {
    this.#client = client;
    this.#onDropped = onDropped;
    this.#kept = new KeptEvents(limits, room, client.permission, (count) => this.#drop(count));
  }

  /** Takes the session's present connection and sends what was kept. */
  attach(): void {
    const { connection } = this.#client;
    if (!connection) return;
    connection.onDrain = () => this.#flush();
    this.#flush();
  }

  /** Sends an event, or keeps it for when the session reads again. */
  push(frame: string): void {
    if (!this.#kept.first && this.#canSend()) this.#client.send(frame);
    else this.#kept.push({ frame });
  }

  /** Drops the kept events. */
  dispose(): void {
    this.#kept.clear();
  }

  /** Tells the session, before its next event, that `count` more are lost. */
  noteDropped(count: number): void {
    this.#drop(count);
    this.#flush();
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#dropped += count;
    this.#onDropped(count);
  }

  #canSend(): boolean {
    const { connection } = this.#client;
    return connection?.isOpen === true && !connection.isBacklogged;
  }

  #flush(): void {
    if (this.#dropped > 0 && this.#canSend()) {
      this.#client.send(encodeNotification("event", { event: "hub.events_dropped", data: { count: this.#dropped } }));
      this.#dropped = 0;
    }
    for (let next = this.#kept.first; next && this.#canSend(); next = this.#kept.first) {
      this.#kept.shift();
      this.#client.send(next.frame);
    }
  }
}
