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

/** What a proof is about: one attempt to reach one hub. `startedAt` and `port` as in hub.json. */
export interface ProofSubject {
  readonly nonce: string;
  readonly startedAt: string;
  readonly port: number;
}

/** Who proves: what one end has sent must be no proof for the other. */
export type ProofSide = "client" | "hub";

const NONCE_BYTES = 32;

/** Digest of a token: the key of its proofs, and all that a hub keeps of a token that it has given to somebody. */
export function tokenDigest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** A nonce that was never used before. */
export function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString("hex");
}

/** The proof of `side`, in hexadecimal digits. */
export function proofOf(side: ProofSide, digest: string, { nonce, startedAt, port }: ProofSubject): string {
  const message = ["godot-mcp-hub", side, startedAt, String(port), nonce].join("\n");
  return createHmac("sha256", digest).update(message).digest("hex");
}

/** Compares in constant time. */
export function isProof(given: string, side: ProofSide, digest: string, subject: ProofSubject): boolean {
  const expected = Buffer.from(proofOf(side, digest, subject));
  const candidate = Buffer.from(given);
  return candidate.length === expected.length && timingSafeEqual(candidate, expected);
}

/** The `Authorization` header of a client. */
export function proofHeader(token: string, subject: ProofSubject): string {
  return `${PROOF_SCHEME} ${subject.nonce}.${proofOf("client", tokenDigest(token), subject)}`;
}

/** Nonce and proof in an `Authorization` header; undefined when it is of another scheme. */
export function readProofHeader(header: string | undefined): { nonce: string; proof: string } | undefined {
  const [, nonce, proof] = /^Proof ([0-9a-f]{64})\.([0-9a-f]{64})$/.exec(header ?? "") ?? [];
  return nonce === undefined || proof === undefined ? undefined : { nonce, proof };
}
