/** Liveness of all connections with one timer: asks those that are silent, ends those that stay silent. */
import type { Logger } from "pino";
import { encodeMessage } from "../../protocol/codec.ts";
import type { Connection } from "./connection.ts";

/** Looks per heartbeat interval: how exactly the two times are kept. */
const TICKS_PER_INTERVAL = 30;
/** Heartbeats sent in one look, at least; many at once would stall everything else. */
const BURST = 50;

/** The two times of liveness, in ms. */
interface HeartbeatOptions {
  intervalMs: number;
  timeoutMs: number;
  logger: Logger;
}

/** Keeps the connections that are identified. Times are monotonic: the wall clock may jump. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  /** Each connection with the time at which it was asked last. */
  readonly #askedAt = new Map<Connection, number>();
  readonly #timer: NodeJS.Timeout;
  readonly #tickMs: number;
  #lastTickAt = performance.now();

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#tickMs = Math.max(5, options.intervalMs / TICKS_PER_INTERVAL);
    this.#timer = setInterval(() => this.#tick(), this.#tickMs);
    this.#timer.unref();
  }

  /** Looks after a connection from now on. */
  watch(connection: Connection): void {
    this.#askedAt.set(connection, performance.now());
  }

  /** Stops looking after it. */
  forget(connection: Connection): void {
    this.#askedAt.delete(connection);
  }

  /** Ends the timer. */
  dispose(): void {
    clearInterval(this.#timer);
    this.#askedAt.clear();
  }

  #tick(): void {
    const now = performance.now();
    this.#forgiveOwnPause(now);
    let allowed = Math.max(BURST, Math.ceil(this.#askedAt.size / TICKS_PER_INTERVAL) * 2);
    for (const [connection, askedAt] of this.#askedAt) {
      const silentMs = now - connection.lastSeenAt;
      if (silentMs >= this.#options.timeoutMs) this.#end(connection, silentMs);
      else if (allowed > 0 && now - Math.max(askedAt, connection.lastSeenAt) >= this.#options.intervalMs) {
        allowed -= 1;
        this.#ask(connection, now);
      }
    }
  }

  /** A hub that was itself stopped for a while (a suspended machine) has heard no client: that is no client's fault. */
  #forgiveOwnPause(now: number): void {
    const pauseMs = now - this.#lastTickAt - this.#tickMs;
    this.#lastTickAt = now;
    if (pauseMs < this.#options.intervalMs) return;
    for (const connection of this.#askedAt.keys())
      connection.lastSeenAt = Math.max(connection.lastSeenAt + pauseMs, now);
  }

  #ask(connection: Connection, now: number): void {
    this.#askedAt.set(connection, now);
    connection.send(encodeMessage({ type: "heartbeat", timestamp: Date.now() }));
    connection.ping();
  }

  #end(connection: Connection, silentMs: number): void {
    this.#askedAt.delete(connection);
    this.#options.logger.info({ silentMs: Math.round(silentMs) }, "connection is silent: ending it");
    connection.close("HEARTBEAT_TIMEOUT", `Nothing heard for ${Math.round(silentMs)} ms.`);
  }
}
