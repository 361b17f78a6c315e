/** Events on their way from instances, and from the hub itself, to the sessions that have subscribed. */
import { v4 as uuid } from "uuid";
import { encodeNotification } from "../../protocol/codec.ts";
import { WireError } from "../../protocol/errors.ts";
import type { EventParams } from "../../protocol/rpc.ts";
import { nameMatcher } from "../access/name-pattern.ts";
import type { Client } from "../clients/client.ts";
import { EventOutbox } from "./event-outbox.ts";
import { KeptEvents, type KeptEventsLimits } from "./kept-events.ts";

/** Subscriptions that one session may have. */
const MAX_SUBSCRIPTIONS = 64;

/** What a session wants to hear. */
export interface Subscription {
  readonly id: string;
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

/** What is known of one instance's events. */
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
  readonly #histories = new Map<string, History>();
  readonly #subscribers = new Map<Client, { subscriptions: Subscription[]; outbox: EventOutbox }>();
  #dropped = 0;

  /** @param limits What is kept per instance for those who ask for what they have missed, and per session that is away. */
  constructor(limits: KeptEventsLimits) {
    this.#limits = limits;
  }

  /** Events that subscribers did not get, because they were away, or behind, for too long; of all subscribers together. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Publishes an event of an instance, or of the hub. An event without a number gets the next one. */
  publish(event: EventParams): void {
    const history = this.#historyOf(event.instanceId);
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
   * @throws {WireError} BUSY past the limit of subscriptions.
   */
  subscribe(
    client: Client,
    {
      events,
      instanceId,
      from,
    }: { events: readonly string[]; instanceId?: string | undefined; from?: number | undefined },
  ): { id: string; seq: number } {
    const subscriber = this.#subscriberOf(client);
    if (subscriber.subscriptions.length >= MAX_SUBSCRIPTIONS) {
      throw new WireError("BUSY", `A session may have ${MAX_SUBSCRIPTIONS} subscriptions.`, {
        hint: "End one with hub.unsubscribe, or name several events in one subscription.",
      });
    }
    const subscription = { id: uuid(), matches: nameMatcher(events), instanceId };
    subscriber.subscriptions.push(subscription);
    const history = this.#historyOf(instanceId);
    if (from !== undefined) this.#replay(history, subscription, from, subscriber.outbox);
    return { id: subscription.id, seq: history.seq };
  }

  /** False when the session has no such subscription. */
  unsubscribe(client: Client, id: string): boolean {
    const subscriber = this.#subscribers.get(client);
    const index = subscriber?.subscriptions.findIndex((subscription) => subscription.id === id) ?? -1;
    if (!subscriber || index < 0) return false;
    subscriber.subscriptions.splice(index, 1);
    if (subscriber.subscriptions.length === 0) this.#subscribers.delete(client);
    return true;
  }

  /** A session is back on a connection: it gets what was kept for it. */
  onArrived(client: Client): void {
    this.#subscribers.get(client)?.outbox.attach();
  }

  /** An instance has begun anew as another process, which counts its events from the beginning. */
  onRestarted(instance: Client): void {
    this.#histories.delete(instance.id);
  }

  /** A client has left for good. */
  onGone(client: Client): void {
    this.#subscribers.delete(client);
    this.#histories.delete(client.id);
  }

  #replay({ seq: latest, kept }: History, subscription: Subscription, asked: number, outbox: EventOutbox): void {
    // A number that was never reached is one of an earlier process: then everything is news.
    const from = asked > latest + 1 ? 0 : asked;
    const oldest = kept.first?.seq;
    if (asked === from && oldest !== undefined && oldest > from) outbox.noteDropped(oldest - from);
    for (const { seq, event, frame } of kept) if (seq >= from && subscription.matches(event)) outbox.push(frame);
  }

  #historyOf(instanceId: string = HUB): History {
    const known = this.#histories.get(instanceId);
    if (known) return known;
    const history: History = { seq: 0, kept: new KeptEvents(this.#limits) };
    this.#histories.set(instanceId, history);
    return history;
  }

  #subscriberOf(client: Client): { subscriptions: Subscription[]; outbox: EventOutbox } {
    const known = this.#subscribers.get(client);
    if (known) return known;
    const onDropped = (count: number): void => {
      this.#dropped += count;
    };
    const subscriber = { subscriptions: [], outbox: new EventOutbox(client, this.#limits, onDropped) };
    subscriber.outbox.attach();
    this.#subscribers.set(client, subscriber);
    return subscriber;
  }
}

function hears(subscription: Subscription, event: string, instanceId: string | undefined): boolean {
  return (
    (subscription.instanceId === undefined || subscription.instanceId === instanceId) && subscription.matches(event)
  );
}
