/** Which instance a request means, for as long as that one may still be on its way back. */
import type { RequestEnvelope } from "../../protocol/rpc.ts";
import type { Client } from "../clients/client.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { Instance } from "../clients/instance.ts";
import { resolveTarget, type TargetQuery } from "./target.ts";
import type { TargetWaits } from "./target-waits.ts";

/** Where instances are, and how long to wait for one. */
export interface TargetLookupOptions {
  registry: ClientRegistry;
  waits: TargetWaits;
  commandDeadlineMs: number;
}

/** Finds the instances that the hub's own methods are about. */
export class TargetLookup {
  readonly #options: TargetLookupOptions;

  constructor(options: TargetLookupOptions) {
    this.#options = options;
  }

  /** As for a command: waits for an instance that may be on its way back. @throws {WireError} as `resolveTarget`. */
  find(client: Client, query: TargetQuery, request: RequestEnvelope): Promise<Instance> {
    const { registry, waits, commandDeadlineMs } = this.#options;
    const find = () => resolveTarget(registry.instances, client, query);
    const wasSentBefore = (request.attempt ?? 1) > 1;
    let deadline: NodeJS.Timeout | undefined;
    let endWait = (): void => {};
    const found = new Promise<Instance>((resolve, reject) => {
      let failure: unknown;
      const attempt = (): boolean => {
        try {
          resolve(find());
        } catch (error) {
          const judged = waits.judge(error, { client, target: query.target, wasSentBefore });
          failure = judged.error;
          if (judged.mayAppear) return false;
          reject(failure);
        }
        return true;
      };
      if (attempt()) return;
      endWait = waits.add({ retry: attempt, patient: wasSentBefore });
      deadline = setTimeout(() => reject(failure), request.deadlineMs ?? commandDeadlineMs);
    });
    return found.finally(() => {
      clearTimeout(deadline);
      endWait();
    });
  }
}
