/** The lane of each instance. */
import type { Instance } from "./instance.ts";
import { Lane } from "./lane.ts";
import type { PendingRequest } from "./pending-request.ts";

/** Lanes by instance. */
export class Lanes {
  readonly #lanes = new Map<Instance, Lane<PendingRequest>>();
  readonly #queueLimit: number;

  /** @param queueLimit Commands that one client may have waiting for one instance. */
  constructor(queueLimit: number) {
    this.#queueLimit = queueLimit;
  }

  /** The lane of `instance`, made when it is first asked for. */
  of(instance: Instance): Lane<PendingRequest> {
    const known = this.#lanes.get(instance);
    if (known) return known;
    const lane = new Lane<PendingRequest>(this.#queueLimit);
    this.#lanes.set(instance, lane);
    instance.workload = lane;
    return lane;
  }

  /** Forgets an instance that is unregistered. */
  delete(instance: Instance): void {
    this.#lanes.delete(instance);
  }
}
