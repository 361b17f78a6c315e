/** The epoch of each target that was asked for: what tells, when a request is sent again, whether its editor has restarted. */

import type { Patience } from "../../hub-client/pending-request.ts";
import type { InstanceInfo } from "../../protocol/hub-methods.ts";

/** Finds the instance behind a target; undefined stands for what the session is bound to. */
export type ResolveTarget = (target: string | undefined, patience: Patience) => Promise<InstanceInfo>;

interface Known {
  readonly generation: number;
  readonly epoch: string | undefined;
}

export class TargetEpochs {
  readonly #resolve: ResolveTarget;
  readonly #known = new Map<string, Known>();
  /** Requests that wait for the same answer keep their order behind it. */
  readonly #asking = new Map<string, Promise<string | undefined>>();

  constructor(resolve: ResolveTarget) {
    this.#resolve = resolve;
  }

  /**
   * The epoch of `target`, asked for once per connection.
   * @throws what a command to that target would be answered with.
   */
  async of(target: string | undefined, generation: number, patience: Patience): Promise<string | undefined> {
    const key = target ?? "";
    const known = this.#known.get(key);
    if (known?.generation === generation && generation > 0) return known.epoch;
    return this.#asking.get(key) ?? this.#ask(key, target, generation, patience);
  }

  /** The epoch of `target` as far as an answer has named it, without asking. */
  known(target: string | undefined, generation: number): string | undefined {
    const known = this.#known.get(target ?? "");
    return known?.generation === generation ? known.epoch : undefined;
  }

  /** Takes note of the epoch that an answer named. */
  learn(target: string | undefined, epoch: string | undefined, generation: number): void {
    if (epoch !== undefined) this.#known.set(target ?? "", { epoch, generation });
  }

  #ask(key: string, target: string | undefined, generation: number, patience: Patience): Promise<string | undefined> {
    // Others may be waiting for this answer: one asker's cancelling does not end it.
    const asking = this.#resolve(target, { deadlineAt: patience.deadlineAt })
      .then(({ epoch }) => {
        // The first question opens the first connection.
        this.#known.set(key, { epoch: epoch ?? undefined, generation: Math.max(1, generation) });
        return epoch ?? undefined;
      })
      .finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }
}
