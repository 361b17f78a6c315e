/** Explicit leases that are asked for: each is taken when its turn has come, in one line with the writes that wait. */
import type { WireError } from "../../protocol/errors.ts";
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import type { Lease } from "./lease-holding.ts";
import type { Leases } from "./leases.ts";
import type { Waiter } from "./line.ts";
import { cancelled, keptBack, nothingToHold } from "./request-errors.ts";

/** What is asked for. */
export interface LeaseQuery {
  instance: Instance;
  resources: readonly string[];
  /** For how long it is held once it is taken. */
  durationMs: number;
  /** How long to wait for the turn. */
  deadlineMs: number;
}

/** One that waits. */
interface Asked extends Waiter {
  readonly instance: Instance;
  readonly durationMs: number;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (leases: Lease[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests for explicit leases. */
export class LeaseRequests {
  readonly #leases: Leases;
  readonly #onLeave: (instance: Instance) => void;
  /** In the order of asking. */
  readonly #waiting = new Set<Asked>();

  /** @param onLeave Called when one has given up: others may have waited behind it. */
  constructor(leases: Leases, onLeave: (instance: Instance) => void) {
    this.#leases = leases;
    this.#onLeave = onLeave;
  }

  /**
   * Takes or renews explicit leases, as soon as nobody else holds the resources or has asked before.
   * @throws {WireError} LEASE_HELD, at once where that can't be within the deadline; BUSY when they are too many.
   */
  async acquire(client: Client, { instance, resources, durationMs, deadlineMs }: LeaseQuery): Promise<Lease[]> {
    const acceptedAt = performance.now();
    const held = this.#leases.conflict(instance, client, resources);
    if (held?.explicit && held.until > acceptedAt + deadlineMs) throw keptBack(held, resources);
    return new Promise<Lease[]>((resolve, reject) => {
      const timer = setTimeout(() => {
        const obstacle = this.#leases.obstacle(instance, asked);
        this.#fail(asked, obstacle ? keptBack(obstacle, resources) : cancelled());
      }, deadlineMs);
      const asked: Asked = { client, instance, touches: resources, acceptedAt, durationMs, timer, resolve, reject };
      this.#waiting.add(asked);
      this.#grant(asked);
    });
  }

  /** The turn of some may have come. */
  grant(instance: Instance): void {
    for (const asked of this.#waiting) if (asked.instance === instance) this.#grant(asked);
  }

  /** A client or an instance is gone. */
  forget(gone: Client): void {
    for (const asked of [...this.#waiting]) {
      if (asked.client === gone) this.#fail(asked, cancelled());
      else if (asked.instance === gone) this.#fail(asked, nothingToHold(asked.instance.name));
    }
  }

  /** Ends every timer. */
  dispose(): void {
    for (const { timer } of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
  }

  #grant(asked: Asked): void {
    const { instance, client, touches, durationMs } = asked;
    if (this.#leases.obstacle(instance, asked)) {
      this.#leases.wait(instance, asked);
      return;
    }
    this.#end(asked);
    try {
      asked.resolve(this.#leases.acquire(instance, client, touches, durationMs));
    } catch (error) {
      asked.reject(error);
    }
  }

  #fail(asked: Asked, error: WireError): void {
    this.#end(asked);
    asked.reject(error);
    this.#onLeave(asked.instance);
  }

  #end(asked: Asked): void {
    clearTimeout(asked.timer);
    this.#waiting.delete(asked);
    this.#leases.leave(asked.instance, asked);
  }
}
