/**
 * Proves that one knows a token without sending it, to the hub that hub.json speaks of and to no other.
 *
 * A hub that was killed leaves its hub.json behind, and whoever listens on that port next would be sent the token by
 * every adapter and editor that looks for its hub. So what is sent is an HMAC (RFC 2104) over what hub.json says, which
 * is of no use anywhere else, and the other end has to answer with one of its own before it is believed.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Scheme of the `Authorization` header: `Proof <nonce>.<HMAC of the client>`, both in hexadecimal digits. */
export const PROOF_SCHEME = "Proof";

/** What a proof is about: one attempt to reach one hub. `startedAt` as in hub.json, which no two hubs share. */
export interface ProofSubject {
  readonly nonce: string;
  readonly startedAt: string;
}

/** Who proves: what one end has sent must be no proof for the other. */
export type ProofSide = "client" | "hub";

const NONCE_BYTES = 32;

/** Digest of a token: the key of its proofs, and all that a hub keeps of a token that it has given to somebody. */
export function tokenDigest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** The proof of `side`, in hexadecimal digits. */
export function proofOf(side: ProofSide, digest: string, { nonce, startedAt }: ProofSubject): string {
  return createHmac("sha256", digest).update(["godot-mcp-hub", side, startedAt, nonce].join("\n")).digest("hex");
}

/** Compares in constant time. */
export function isProof(given: string, side: ProofSide, digest: string, subject: ProofSubject): boolean {
  const expected = Buffer.from(proofOf(side, digest, subject));
  const candidate = Buffer.from(given);
  return candidate.length === expected.length && timingSafeEqual(candidate, expected);
}

/** Nonce and proof in an `Authorization` header; undefined when it is of another scheme. */
export function readProofHeader(header: string | undefined): { nonce: string; proof: string } | undefined {
  const [, nonce, proof] = /^Proof ([0-9a-f]{64})\.([0-9a-f]{64})$/.exec(header ?? "") ?? [];
  return nonce === undefined || proof === undefined ? undefined : { nonce, proof };
}

/** One attempt of a client to reach the hub of a hub.json. */
export class ProofExchange {
  /** Value of the `Authorization` header. */
  readonly authorization: string;
  readonly #digest: string;
  readonly #subject: ProofSubject;

  constructor(token: string, startedAt: string) {
    this.#digest = tokenDigest(token);
    this.#subject = { nonce: randomBytes(NONCE_BYTES).toString("hex"), startedAt };
    this.authorization = `Proof ${this.#subject.nonce}.${proofOf("client", this.#digest, this.#subject)}`;
  }

  /** True when whoever sent `proof` with its handshake knows the token, too. */
  isAnsweredBy(proof: string | undefined): boolean {
    return proof !== undefined && isProof(proof, "hub", this.#digest, this.#subject);
  }
}
