/** How much a client can make the hub keep or do: every bound that is no option, once. docs/security.md has the table that is made from this. */
import { MAX_MESSAGE_BYTES } from "../protocol/timing.ts";

/** One bound. */
export interface Bound {
  readonly most: number;
  /** "messages": so many times `--max-message-bytes`, or its default where that is larger. */
  readonly unit: "bytes" | "ms" | "characters" | "messages" | "";
  /** What is bounded, as the table says it. */
  readonly what: string;
  /** What happens past it. */
  readonly beyond: string;
}

const KIB = 1024;
const MIB = 1024 * KIB;

function count(most: number, what: string, beyond: string): Bound {
  return { most, unit: "", what, beyond };
}

function bytes(most: number, what: string, beyond: string): Bound {
  return { most, unit: "bytes", what, beyond };
}

function characters(most: number, what: string, beyond: string): Bound {
  return { most, unit: "characters", what, beyond };
}

function messages(most: number, what: string, beyond: string): Bound {
  return { most, unit: "messages", what, beyond };
}

function time(most: number, what: string, beyond: string): Bound {
  return { most, unit: "ms", what, beyond };
}

const COUNTED = "counted, and told with the next line";
const BUSY = "BUSY";
const TOO_LARGE = "TOO_LARGE";

/** Every bound by its name. What is "together" is shared: a further token has half of it at most. */
export const BOUNDS = {
  silence: time(5_000, "a socket's time to its first byte", "the socket is closed"),
  openingFrames: count(16, "frames of a connection before `identified`, pings and pongs too", "close 4429"),
  openingBytes: bytes(128 * KIB, "what a socket sends before `identified`", "close 4429, or the socket is closed"),
  identify: bytes(64 * KIB, "`identify`", "TOO_LARGE, close 4400"),
  requestsPerSocket: count(100, "HTTP requests on one socket", "the socket is closed after the last answer"),
  unfinished: messages(
    6,
    "messages that have come in part, together",
    "the later ones wait; then close 4429 of the first",
  ),
  unsent: messages(8, "what waits for clients to read it, together", "who has read nothing for longest is cut off"),
  pendingOfSession: count(4_096, "commands of a session that have no answer", BUSY),
  pending: count(16_384, "commands that have no answer, together", BUSY),
  pendingBytes: messages(4, "the same in bytes", BUSY),
  call: bytes(256 * KIB, "a request for the hub itself (`hub.*`, `instance.*`)", TOO_LARGE),
  callsOfSession: count(64, "such requests of a session that have no answer", BUSY),
  callsTogether: bytes(8 * MIB, "such requests that have no answer, together", BUSY),
  customCommands: characters(
    256 * KIB,
    "custom commands of an instance, with their schemas",
    `${TOO_LARGE}; it has none`,
  ),
  customCommandsTogether: characters(16 * MIB, "custom commands of all instances", `${TOO_LARGE}; the last has none`),
  subscriptions: count(64, "subscriptions of a session", BUSY),
  subscribedNames: count(256, "names of events in them", BUSY),
  events: characters(64 * MIB, "events that are kept, together", "whoever keeps most loses its oldest"),
  answers: bytes(64 * MIB, "answers that instances vouch for, together", "they are not kept"),
  explicitLeases: count(256, "leases that a session takes with `hub.acquire_lease`", BUSY),
  implicitLeases: count(256, "leases of a session's writes", "the one that was renewed first is given back"),
  leaseNames: characters(64 * KIB, "names of what a session holds leases of", "BUSY; a write takes no lease"),
  leases: count(16_384, "leases, together", "BUSY; a write takes no lease"),
  awayPerConnection: count(
    2,
    "clients that are away, for each connection that there may be",
    "the one that left first is forgotten",
  ),
  refusalLines: count(30, "log lines a minute about connections of each kind that are refused or closed", COUNTED),
  presenceLines: count(600, "log lines a minute about clients that come, and as many about those that go", COUNTED),
} as const satisfies Record<string, Bound>;

/** Bytes of so many messages. */
export function bytesOf({ most }: Bound, maxMessageBytes: number): number {
  return most * Math.max(maxMessageBytes, MAX_MESSAGE_BYTES);
}

/** Sockets that have proved nothing, beside the connections that have: all who may be connected may come in one moment. */
export function unprovedSocketsFor(maxConnections: number): number {
  return Math.max(8, maxConnections);
}
