/** The typed events of the hub for its observers: audit, events, metrics, activity. An observer changes nothing and never throws. */
import { EventEmitter } from "eventemitter3";
import type { Envelope } from "../../protocol/envelope.ts";
import { type ErrorObject, errorObjectSchema } from "../../protocol/errors.ts";
import type { Rejection } from "../access/access.ts";
import type { Client } from "../clients/client.ts";
import type { Arrival } from "../clients/client-registry.ts";
import type { Instance } from "../clients/instance.ts";
import type { EventNotification } from "../connections/incoming.ts";
import type { PendingRequest } from "./pending-request.ts";

/** How a command ended. */
export interface Ending {
  /** Undefined when it succeeded. */
  readonly error: ErrorObject | undefined;
  /** The instance's answer; undefined when the hub itself answered. */
  readonly response: Envelope | undefined;
}

/** One call of a method of the hub. */
export interface HubCall {
  readonly client: Client;
  readonly method: string;
  /** As they came, not validated. */
  readonly params: unknown;
  readonly durationMs: number;
  readonly error: ErrorObject | undefined;
}

/** The events by name, with their arguments. */
interface HubEventMap {
  /** A command was accepted: exactly one `answered` follows. */
  accepted: (request: PendingRequest) => void;
  /** A command was sent to its instance, for the first time or again. */
  sent: (request: PendingRequest) => void;
  /** A command has its one answer. */
  answered: (request: PendingRequest, ending: Ending) => void;
  /** A frame or request of a client was refused before it was accepted as a command. */
  refused: (client: Client, error: ErrorObject, method: string | undefined) => void;
  /** A connection or plain request was turned away. */
  rejected: (rejection: Rejection) => void;
  /** A method of the hub was called and has ended. */
  called: (call: HubCall) => void;
  /** A client is there. */
  arrived: (client: Client, how: Arrival) => void;
  /** A client's connection is gone, and it may come back. */
  away: (client: Client) => void;
  /** The process of an instance has ended. */
  lost: (instance: Instance) => void;
  /** A client has left for good. */
  gone: (client: Client) => void;
  /** An instance has reported an event. */
  reported: (instance: Instance, event: EventNotification) => void;
}

/** The hub's events. */
export class HubEvents extends EventEmitter<HubEventMap> {}

/** An error of an instance longer than this is not read: observers get it without its text, bytes. */
const MAX_ERROR_BYTES = 64 * 1024;
/** Stands for an error that is too long or that is not one of JSON-RPC. */
const UNREADABLE: ErrorObject = { code: 0, message: "The instance answered with an error that can't be read." };

/** How a command ended whose instance has answered. */
export function endingOf(response: Envelope): Ending {
  return { error: response.outcome === "error" ? errorOf(response.frame) : undefined, response };
}

function errorOf(frame: Buffer): ErrorObject {
  if (frame.length > MAX_ERROR_BYTES) return UNREADABLE;
  try {
    const { error }: { error?: unknown } = JSON.parse(frame.toString("utf8"));
    return errorObjectSchema.safeParse(error).data ?? UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}
