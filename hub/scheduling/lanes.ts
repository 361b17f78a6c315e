/** The lane of each instance. */
import { Quota } from "../access/quota.ts";
import { BOUNDS } from "../bounds.ts";
import type { Instance } from "../clients/instance.ts";
import { Lane, type LaneLimits } from "./lane.ts";
import type { PendingRequest } from "./pending-request.ts";

/** Lanes by instance. */
export class Lanes {
  readonly #lanes = new Map<Instance, Lane<PendingRequest>>();
  readonly #limits: LaneLimits;
  readonly #answers = new Quota(BOUNDS.answers.most);

  constructor(limits: LaneLimits) {
    this.#limits = limits;
  }

  /** The lane of `instance`, made when it is first asked for. */
  of(instance: Instance): Lane<PendingRequest> {
    const known = this.#lanes.get(instance);
    if (known) return known;
    const lane = new Lane<PendingRequest>(this.#limits, { room: this.#answers, permit: instance.permit });
    this.#lanes.set(instance, lane);
    instance.workload = lane;
    return lane;
  }

  /** Every instance that has a lane. */
  instances(): Iterable<Instance> {
    return this.#lanes.keys();
  }

  /** Forgets an instance that is unregistered. */
  delete(instance: Instance): void {
    this.#lanes.get(instance)?.kept.drop();
    this.#lanes.delete(instance);
  }
}
