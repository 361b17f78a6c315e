/** How much a client can make the hub keep or do: every bound that is no option, once. docs/security.md has the table that is made from this. */

/** One bound. */
export interface Bound {
  readonly most: number;
  readonly unit: "bytes" | "ms" | "";
  /** What is bounded, as the table says it. */
  readonly what: string;
  /** What happens past it. */
  readonly beyond: string;
}

const KIB = 1024;

function count(most: number, what: string, beyond: string): Bound {
  return { most, unit: "", what, beyond };
}

function bytes(most: number, what: string, beyond: string): Bound {
  return { most, unit: "bytes", what, beyond };
}

function time(most: number, what: string, beyond: string): Bound {
  return { most, unit: "ms", what, beyond };
}

const OMITTED = "counted, and told with the next line";

/** Every bound by its name. */
export const BOUNDS = {
  silence: time(5_000, "a socket's time to its first byte", "the socket is closed"),
  openingFrames: count(16, "frames of a connection before `identified`, pings and pongs too", "close 4429"),
  openingBytes: bytes(128 * KIB, "what a socket sends before `identified`", "close 4429, or the socket is closed"),
  identify: bytes(64 * KIB, "`identify`", "TOO_LARGE, close 4400"),
  requestsPerSocket: count(100, "HTTP requests on one socket", "the socket is closed after the last answer"),
  explicitLeases: count(256, "leases that a session takes with `hub.acquire_lease`", "BUSY"),
  implicitLeases: count(256, "leases of a session's writes", "the one that was renewed first is given back"),
  leaseNames: bytes(64 * KIB, "names of what a session holds leases of", "BUSY; a write takes no lease"),
  leases: count(16_384, "leases in all", "BUSY; a write takes no lease"),
  refusalLines: count(30, "log lines a minute about connections of each kind that are refused or closed", OMITTED),
  presenceLines: count(600, "log lines a minute about clients that come, and as many about those that go", OMITTED),
} as const satisfies Record<string, Bound>;

/** Sockets that have proved nothing, beside the connections that have. */
export function unprovedSocketsFor(maxConnections: number): number {
  return Math.min(64, Math.max(8, maxConnections));
}
