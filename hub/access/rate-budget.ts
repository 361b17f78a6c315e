/** Limits how often something may happen in a minute: requests of a client, and log lines that a client can cause. */
import type { Logger } from "pino";

const MINUTE_MS = 60_000;

/** One bucket for `perMinute` tokens; 0 means no limit. */
export class RateBudget {
  readonly #perMinute: number;
  #left: number;
  #countedAt = performance.now();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#left = perMinute;
  }

  /** Takes one. @returns 0, or after how many ms there will be one. */
  take(): number {
    if (this.#perMinute === 0) return 0;
    this.#refill();
    if (this.#left < 1) return Math.ceil(((1 - this.#left) * MINUTE_MS) / this.#perMinute);
    this.#left -= 1;
    return 0;
  }

  /** The rest of it, from 0 to 1. */
  get share(): number {
    if (this.#perMinute === 0) return 1;
    this.#refill();
    return this.#left / this.#perMinute;
  }

  #refill(): void {
    const now = performance.now();
    const refilled = ((now - this.#countedAt) * this.#perMinute) / MINUTE_MS;
    this.#left = Math.min(this.#perMinute, this.#left + refilled);
    this.#countedAt = now;
  }
}

interface Kind {
  readonly budget: RateBudget;
  omitted: number;
}

/** The lines of one part of the hub. */
export class LogThrottle {
  readonly #logger: Logger;
  readonly #perMinute: number;
  readonly #kinds = new Map<string, Kind>();

  constructor(logger: Logger, perMinute: number) {
    this.#logger = logger;
    this.#perMinute = perMinute;
  }

  /** Something that was wrong. There are no more kinds than the hub's code has. */
  warn(members: object, message: string, kind = message): void {
    this.#pass(kind, (omitted) => this.#logger.warn({ ...members, ...omitted }, message));
  }

  /** Something that is as it should be. */
  info(members: object, message: string, kind = message): void {
    this.#pass(kind, (omitted) => this.#logger.info({ ...members, ...omitted }, message));
  }

  #pass(kind: string, write: (omitted: { omitted?: number }) => void): void {
    const known = this.#kinds.get(kind) ?? { budget: new RateBudget(this.#perMinute), omitted: 0 };
    this.#kinds.set(kind, known);
    if (known.budget.take() > 0) {
      known.omitted += 1;
      return;
    }
    const { omitted } = known;
    known.omitted = 0;
    write(omitted > 0 ? { omitted } : {});
  }
}
