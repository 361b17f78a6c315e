/** Log lines that anybody can cause at will: so many a minute of each kind, then only their number. */
import type { Logger } from "pino";
import { RateBudget } from "./access/rate-budget.ts";

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
