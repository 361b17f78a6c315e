/** Counts the connections that have shown a token: in all, by whose token it is, and by where they come from. */
import { networkOf } from "../../hub-client/unproved-sockets.ts";
import type { Permit } from "../access/permit.ts";
import { Quota } from "../access/quota.ts";

/** How many there may be. */
export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
}

/** The counts of one hub. */
export class ConnectionShares {
  readonly #mostPerNetwork: number;
  readonly #all: Quota;
  readonly #perNetwork = new Map<string, number>();

  constructor({ maxConnections, maxConnectionsPerAddress }: ConnectionLimits) {
    this.#mostPerNetwork = maxConnectionsPerAddress;
    this.#all = new Quota(maxConnections);
  }

  /** Counts a connection in. @returns what counts it out again, or why there is no room for it. */
  take(address: string, permit: Permit): (() => void) | string {
    const network = networkOf(address);
    const ofNetwork = this.#perNetwork.get(network) ?? 0;
    if (ofNetwork >= this.#mostPerNetwork) return `At most ${this.#mostPerNetwork} connections from one address.`;
    const shortage = this.#all.take(permit, 1);
    if (shortage) return `At most ${shortage.most} connections ${shortage.of}.`;
    this.#perNetwork.set(network, ofNetwork + 1);
    return () => {
      this.#all.give(permit, 1);
      this.#leave(network);
    };
  }

  #leave(network: string): void {
    const left = (this.#perNetwork.get(network) ?? 0) - 1;
    if (left > 0) this.#perNetwork.set(network, left);
    else this.#perNetwork.delete(network);
  }
}
