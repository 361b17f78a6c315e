/**
 * Proves on both sides of a connection that one knows a token, without sending it: the hub first, then the client.
 *
 * Another program may listen where a hub is looked for: in the place of one that was killed, or at an address that a person
 * has given. It gets an HMAC (RFC 2104) over fresh numbers of both sides and the address that was dialed, or nothing: what it
 * collects answers no other connection, and what it passes on to the hub was dialed at an address that is not the hub's.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Scheme of the `Authorization` header: `Challenge <address> <nonce> <HMAC>`, the last two in hexadecimal digits. */
export const CHALLENGE_SCHEME = "Challenge";

/** What is proved, and by whom: what one end has sent is no proof for the other. A claim only tells which token is meant. */
type ProofKind = "claim" | "hub" | "client";

/** What the client's header says. */
export interface Claim {
  /** Host and port that the client has dialed. */
  readonly address: string;
  readonly nonce: string;
  readonly mac: string;
}

const NONCE_BYTES = 32;
const CLAIM = new RegExp(`^${CHALLENGE_SCHEME} ([!-~]{3,300}) ([0-9a-f]{64}) ([0-9a-f]{64})$`);
const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ["ws:", "80"],
  ["wss:", "443"],
]);

/** Digest of a token: the key of its proofs, and all that a hub keeps of a token that it has given to somebody. */
export function tokenDigest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** What an `Authorization` header claims; undefined when it is of another scheme. */
export function readClaim(header: string | undefined): Claim | undefined {
  const [, address, nonce, mac] = CLAIM.exec(header ?? "") ?? [];
  return address === undefined || nonce === undefined || mac === undefined ? undefined : { address, nonce, mac };
}

/** True when whoever claims this means the token of `digest`. That is no proof: others may have seen the same claim. */
export function isClaimOf({ address, nonce, mac }: Claim, digest: string): boolean {
  return isEqual(mac, macOf("claim", digest, [address, nonce]));
}

/** The hub's side of one exchange. */
export class ProofDemand {
  /** What the client has to answer. */
  readonly nonce = fresh();
  /** The hub's own proof. */
  readonly proof: string;
  readonly #expected: string;

  constructor({ address, nonce }: Claim, digest: string) {
    const subject = [address, nonce, this.nonce];
    this.proof = macOf("hub", digest, subject);
    this.#expected = macOf("client", digest, subject);
  }

  /** True when the client knows the token, too. Compares in constant time. */
  isAnsweredBy(proof: string | undefined): boolean {
    return proof !== undefined && isEqual(proof, this.#expected);
  }
}

/** The client's side of one exchange. */
export class ProofExchange {
  /** Value of the `Authorization` header. */
  readonly authorization: string;
  readonly #digest: string;
  readonly #subject: readonly [address: string, nonce: string];

  /** @param url What is dialed. */
  constructor(token: string, url: string) {
    this.#digest = tokenDigest(token);
    this.#subject = [addressOf(url), fresh()];
    const mac = macOf("claim", this.#digest, this.#subject);
    this.authorization = [CHALLENGE_SCHEME, ...this.#subject, mac].join(" ");
  }

  /** The proof for `identify`; undefined when whoever sent this handshake has not proved that it knows the token. */
  answerTo({ nonce, proof }: { nonce?: string | undefined; proof?: string | undefined }): string | undefined {
    if (nonce === undefined || proof === undefined) return undefined;
    const subject = [...this.#subject, nonce];
    return isEqual(proof, macOf("hub", this.#digest, subject)) ? macOf("client", this.#digest, subject) : undefined;
  }
}

/** Host and port, which is always named, of what is dialed. */
function addressOf(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${hostname}:${port || DEFAULT_PORTS.get(protocol)}`;
}

function fresh(): string {
  return randomBytes(NONCE_BYTES).toString("hex");
}

function macOf(kind: ProofKind, digest: string, subject: readonly string[]): string {
  return createHmac("sha256", digest)
    .update(["godot-mcp-hub", kind, ...subject].join("\n"))
    .digest("hex");
}

function isEqual(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
