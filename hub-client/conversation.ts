/** What every client of the hub does, whatever its socket: answers the opening and the heartbeat, and waits between attempts to connect. */
import type { ErrorObject } from "../protocol/errors.ts";
import type { ClientMessageInput, Handshake, HubMessage } from "../protocol/messages.ts";
import { RECONNECT_MAX_MS, RECONNECT_MIN_MS } from "../protocol/timing.ts";

/**
 * The message with which a client answers one of the opening or of the heartbeat; undefined where none is due.
 * @param identify What the client says of itself to the hub of that handshake.
 */
export function answerTo<Identity>(
  message: HubMessage,
  identify: (handshake: Handshake) => Identity,
): Identity | ClientMessageInput | undefined {
  if (message.type === "handshake") return identify(message);
  return message.type === "heartbeat" ? { type: "heartbeat_ack", timestamp: message.timestamp } : undefined;
}

/** An error of the hub as one text: what is wrong, and what to do next. */
export function errorText({ message, data }: Pick<ErrorObject, "message" | "data">): string {
  return [message, data?.hint].filter(Boolean).join(" ");
}

/** Delays between attempts to reconnect: doubled each time, with full jitter, so that many clients do not come back at once. */
export class Backoff {
  #ceilingMs = RECONNECT_MIN_MS;

  /** The next delay in ms. */
  next(random: () => number = Math.random): number {
    const delay = random() * this.#ceilingMs;
    this.#ceilingMs = Math.min(RECONNECT_MAX_MS, this.#ceilingMs * 2);
    return delay;
  }
}
