/**
 * Proves on both sides of a connection that one knows a token, without sending it: the hub first, then the client.
 *
 * Another program may listen where a client looks for a hub: in the place of a killed hub, or at an address that a person
 * has given. It gets only an HMAC (RFC 2104) over fresh numbers of both sides and the dialed address, or nothing. The HMACs that it
 * collects fit no other connection, and those that it passes on to the hub name a dialed address that is not the hub's.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Scheme of the `Authorization` header: `Challenge <address> <nonce> <HMAC>`, the last two in hexadecimal digits. */
export const CHALLENGE_SCHEME = "Challenge";

/** The kinds of proof: those of one side are no proofs of the other. A claim only says which token the client means. */
type ProofKind = "claim" | "hub" | "client";

/** The contents of the client's header. */
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

/** Digest of a token: the key of its proofs, and the only part of a further token that a hub keeps. */
export function tokenDigest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** The claim of an `Authorization` header; undefined for another scheme. */
export function readClaim(header: string | undefined): Claim | undefined {
  const [, address, nonce, mac] = CLAIM.exec(header ?? "") ?? [];
  return address === undefined || nonce === undefined || mac === undefined ? undefined : { address, nonce, mac };
}

/** True if the claim means the token of `digest`. That is no proof: other programs may have seen the same claim. */
export function isClaimOf({ address, nonce, mac }: Claim, digest: string): boolean {
  return isEqual(mac, macOf("claim", digest, [address, nonce]));
}

/** The hub's side of one exchange. */
export class ProofDemand {
  /** The proof that the client has to send. */
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

  /** @param url The dialed address. */
  constructor(token: string, url: string) {
    this.#digest = tokenDigest(token);
    this.#subject = [addressOf(url), fresh()];
    const mac = macOf("claim", this.#digest, this.#subject);
    this.authorization = [CHALLENGE_SCHEME, ...this.#subject, mac].join(" ");
  }

  /** The proof for `identify`; undefined if the handshake's sender has not proved that it knows the token. */
  answerTo({ nonce, proof }: { nonce?: string | undefined; proof?: string | undefined }): string | undefined {
    if (nonce === undefined || proof === undefined) return undefined;
    const subject = [...this.#subject, nonce];
    return isEqual(proof, macOf("hub", this.#digest, subject)) ? macOf("client", this.#digest, subject) : undefined;
  }
}

/** Host and port of a dialed address; the port is always there. */
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
