/**
 * The sockets of a port that have not proved who they are: so few that they keep nobody else out, and none of them for long.
 * A new one is always let in; where there are too many, another one goes for it.
 */
import type { Socket } from "node:net";

/** How many there may be, and for how long. */
export interface UnprovedLimits {
  readonly most: number;
  /** Time that a socket has to prove who it is, ms. */
  readonly deadlineMs: number;
  /** The same for one that says nothing at all. */
  readonly silentMs: number;
}

/** The deadlines are looked at so many times while they run. */
const LOOKS = 5;
/** An editor whose window is in the background takes a tenth of a second to say its first word: nobody goes first for that, ms. */
const FIRST_WORD_MS = 500;

/** One socket, for as long as it has proved nothing. */
export interface UnprovedSocket {
  /** Where it comes from: see `networkOf`. */
  readonly network: string;
  /** It has proved who it is, or somebody else looks after its time from now on. */
  release(): void;
  /** How it is ended when another one needs its place. */
  onEvicted: () => void;
  /** Its deadline is another's to keep from now on; its place is not. */
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

/** All of one port. */
export class UnprovedSockets {
  readonly #limits: UnprovedLimits;
  /** In the order in which they came. */
  readonly #entries = new Set<Entry>();
  readonly #timer: NodeJS.Timeout;
  #evicted = 0;

  constructor(limits: UnprovedLimits) {
    this.#limits = limits;
    const intervalMs = Math.max(10, Math.min(limits.deadlineMs, limits.silentMs) / LOOKS);
    this.#timer = setInterval(() => this.#endLate(), intervalMs);
    this.#timer.unref();
  }

  /** Sockets that had to go for others, since the start. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Counts a socket in; of too many, one is ended. */
  add(socket: Socket): UnprovedSocket {
    const entry = new Entry(socket, (released) => this.#entries.delete(released));
    this.#entries.add(entry);
    socket.once("close", entry.release);
    if (this.#entries.size > this.#limits.most) this.#evict();
    return entry;
  }

  /** Ends all of them, and every deadline. */
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

  /** The oldest of the network that has most, sooner one that has said nothing. */
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
 * Whom an address belongs to, as far as counting goes: this machine has 2^24 addresses of its own, and who has one of
 * IPv6 has 2^64 (RFC 4291, section 2.5.4).
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
