/** What a hub is given, and what it says of itself once it listens. */
import type { Logger } from "pino";
import type { HubConfig } from "./config.ts";

/** Where a hub listens. */
export interface HubAddress {
  port: number;
  url: string;
  /** When the hub was made, ISO 8601: what tells it from any other hub. */
  startedAt: string;
}

/** What a hub is made of, and whom it tells what. */
export interface HubOptions {
  config: HubConfig;
  /** The token that is valid now. */
  token: () => string;
  logger: Logger;
  /** Called once the port is bound and before the first connection is served. */
  beforeAccept?: (address: HubAddress) => void | Promise<void>;
  /** Called when the process should end: `hub.shutdown`, or idle for too long. */
  onStopRequest?: () => void;
  /** How long clients of an earlier hub may take to come back, ms; 0 when there was none. */
  settleMs?: number;
}

/** What does not change while the hub runs; `url` is known once it listens. */
export interface StatusFacts {
  url: string;
  readonly startedAt: Date;
  /** Monotonic start time, ms. */
  readonly startedTick: number;
  readonly autoStarted: boolean;
}
