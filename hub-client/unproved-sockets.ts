/**
 * Limits the sockets of a port that have shown no token: in number, so that they keep no other client out, and in time.
 * A new socket always gets a place; beyond the limit another one is closed for it.
 */
import type { Socket } from "node:net";

/** The limits: number of sockets, and time. */
export interface UnprovedLimits {
  readonly most: number;
  /** Time that a socket has to show a token, ms. */
  readonly deadlineMs: number;
  /** The same for a silent socket. */
  readonly silentMs: number;
}

/** The number of checks of a deadline while it runs. */
const LOOKS = 5;
/** An editor whose window is in the background takes a tenth of a second for its first bytes: silence up to this time does not count, ms. */
const FIRST_WORD_MS = 500;

/** One socket, for as long as it has shown no token. */
export interface UnprovedSocket {
  /** Its network: see `networkOf`. */
  readonly network: string;
  /** The socket has shown a token, or another part watches its time from now on. */
  release(): void;
  /** Closes it when another socket needs its place. */
  onEvicted: () => void;
  /** Another part watches its deadline from now on; its place is still counted here. */
  keepOpen(): void;
}

class Entry implements UnprovedSocket {
  readonly network: string;
  readonly socket: Socket;
  readonly since = performance.now();
  readonly release: () => void;
  onEvicted: () => void;
  hasDeadline = true;

  constructor(socket: Socket, release: (entry: Entry) => void) {
    this.socket = socket;
    this.network = networkOf(socket.remoteAddress);
    this.release = () => release(this);
    this.onEvicted = () => socket.destroy();
  }

  keepOpen(): void {
    this.hasDeadline = false;
  }

  get isSilent(): boolean {
    return this.socket.bytesRead === 0;
  }
}

/** All such sockets of one port. */
export class UnprovedSockets {
  readonly #limits: UnprovedLimits;
  /** In the order of arrival. */
  readonly #entries = new Set<Entry>();
  readonly #timer: NodeJS.Timeout;
  #evicted = 0;

  constructor(limits: UnprovedLimits) {
    this.#limits = limits;
    const intervalMs = Math.max(10, Math.min(limits.deadlineMs, limits.silentMs) / LOOKS);
    this.#timer = setInterval(() => this.#endLate(), intervalMs);
    this.#timer.unref();
  }

  /** Sockets that were closed for others, since the start. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Adds a socket; beyond the limit, closes one. */
  add(socket: Socket): UnprovedSocket {
    const entry = new Entry(socket, (released) => this.#entries.delete(released));
    this.#entries.add(entry);
    socket.once("close", entry.release);
    if (this.#entries.size > this.#limits.most) this.#evict();
    return entry;
  }

  /** Closes all of them, and every deadline. */
  dispose(): void {
    clearInterval(this.#timer);
    for (const { socket } of this.#entries) socket.destroy();
    this.#entries.clear();
  }

  #evict(): void {
    const entry = this.#mostDispensable();
    if (!entry) return;
    this.#entries.delete(entry);
    this.#evicted += 1;
    entry.onEvicted();
  }

  /** The oldest socket of the network with the most; a silent one first. */
  #mostDispensable(): Entry | undefined {
    const counts = new Map<string, number>();
    for (const { network } of this.#entries) counts.set(network, (counts.get(network) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const candidates = [...this.#entries].filter(({ network }) => counts.get(network) === most);
    const heardSince = performance.now() - FIRST_WORD_MS;
    return candidates.find(({ isSilent, since }) => isSilent && since < heardSince) ?? candidates[0];
  }

  #endLate(): void {
    const now = performance.now();
    const { deadlineMs, silentMs } = this.#limits;
    for (const entry of this.#entries) {
      const isLate = now - entry.since > (entry.isSilent ? Math.min(silentMs, deadlineMs) : deadlineMs);
      if (!isLate || !entry.hasDeadline) continue;
      this.#entries.delete(entry);
      entry.socket.destroy();
    }
  }
}

/**
 * The network that an address counts for: this machine has 2^24 loopback addresses, and an owner of one IPv6
 * address has 2^64 of them (RFC 4291, section 2.5.4).
 */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return "unknown";
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (plain === "::1" || plain.startsWith("127.")) return "loopback";
  return plain.includes(":") ? groupsOf(plain).slice(0, 4).join(":") : plain;
}

/** All eight groups of an address of IPv6. */
function groupsOf(address: string): string[] {
  const [head = "", tail] = address.split("%", 1)[0]?.split("::") ?? [];
  const [left, right] = [head, tail ?? ""].map((part) => (part === "" ? [] : part.split(":")));
  const missing = tail === undefined ? 0 : 8 - (left?.length ?? 0) - (right?.length ?? 0);
  return [...(left ?? []), ...Array<string>(Math.max(0, missing)).fill("0"), ...(right ?? [])];
}
