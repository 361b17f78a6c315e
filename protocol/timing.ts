/**
 * Defines every default timing and size limit, as relations. Times are milliseconds, sizes are bytes.
 * The hub's configuration starts from these values; see `hub/config.ts` for the options that change them.
 */

export const DEFAULT_PORT = 6520;
export const DEFAULT_HOST = "127.0.0.1";

/** How often the hub speaks to a client that it has not heard from. */
export const HEARTBEAT_INTERVAL_MS = 30_000;
/** Silence after which a connection is terminated: two missed heartbeats. */
export const HEARTBEAT_TIMEOUT_MS = 2 * HEARTBEAT_INTERVAL_MS;
/** A connection that has not identified itself by then is closed; traffic does not extend it. */
export const IDENTIFY_TIMEOUT_MS = 10_000;
/** How long a departed client keeps its identity, its session and its pending work. */
export const RESUME_GRACE_MS = 120_000;

/** Budget of a command when its request names none. Below the 60 s after which AI clients give up. */
export const COMMAND_DEADLINE_MS = 25_000;
/** Longest budget that a request may ask for (long commands: imports, exports, test runs). */
export const COMMAND_DEADLINE_MAX_MS = 600_000;
/** How long in-flight commands may take to finish when the hub is asked to stop. */
export const DRAIN_TIMEOUT_MS = 5_000;
/** An auto-started hub with no client and no instance for this long exits. */
export const IDLE_EXIT_MS = 30 * 60_000;

/** First delay of a reconnecting client, doubled at each attempt up to the maximum, with full jitter. */
export const RECONNECT_MIN_MS = 100;
export const RECONNECT_MAX_MS = 5_000;

/** Longest implicit lease without a further write. */
export const IMPLICIT_LEASE_MS = 10_000;
/** Longest lease that may be taken explicitly. */
export const EXPLICIT_LEASE_MAX_MS = 10 * 60_000;

/** Largest message that is forwarded. */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
/** A frame over this is refused by closing with 1009: between the two limits the answer is TOO_LARGE and the connection lives. */
export const MAX_FRAME_BYTES = 2 * MAX_MESSAGE_BYTES;
/** Unsent bytes for one consumer past which it counts as a slow one. */
export const SEND_BUFFER_BYTES = 8 * 1024 * 1024;
/** Deepest nesting of arrays and objects in a frame. */
export const MAX_DEPTH = 128;
/** Longest request id, in characters. */
export const MAX_ID_LENGTH = 200;

/** Commands in flight towards one instance. */
export const WINDOW_SIZE = 16;
/** Commands that one client may have waiting for one instance. */
export const QUEUE_LIMIT = 256;
/** Ids that the Godot side remembers as begun or answered. */
export const JOURNAL_SIZE = 1_024;
/** Events kept per instance for subscribers that return. */
export const EVENT_HISTORY = 1_000;
/** The same in bytes, which counts where events are large. */
export const EVENT_HISTORY_BYTES = 8 * 1024 * 1024;
/** Largest event. */
export const MAX_EVENT_BYTES = 1024 * 1024;
/** Connections in all. */
export const MAX_CONNECTIONS = 256;

/** After a hub that took the place of a dead one has started: how long an unknown target may still be on its way back. */
export const SETTLE_MS = RECONNECT_MAX_MS + 1_000;
/** A consumer with a backlog that has read nothing for this long is slow. */
export const SEND_STALL_MS = 2_000;
