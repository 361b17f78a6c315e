/** What a token or a proof of it is worth: which permit it stands for. */
import { timingSafeEqual } from "node:crypto";
import { isProof, type ProofSubject, proofOf, readProofHeader, tokenDigest } from "../../protocol/proof.ts";
import { OWNER_PERMIT, type Permit } from "./permit.ts";
import type { TokenBook } from "./token-book.ts";

/** What credentials are compared with. */
export interface CredentialOptions {
  /** The state directory's token, as it is now. */
  token: () => string;
  /** Further tokens; absent: there are none. */
  book: TokenBook;
  /** What hub.json says of this hub: a proof is for no other one. */
  birth: () => Omit<ProofSubject, "nonce">;
}

/** What an `Authorization` header has brought. */
export interface Credential {
  /** Undefined when it was wrong. */
  readonly permit: Permit | undefined;
  /** The hub's own proof, for a client that has asked for it. */
  readonly hubProof?: string;
}

/** Judges tokens. */
export class Credentials {
  readonly #options: CredentialOptions;

  constructor(options: CredentialOptions) {
    this.#options = options;
  }

  /** What the bearer of `token` may; undefined for a wrong one. Compares in constant time. */
  permitOf(token: string | undefined): Permit | undefined {
    if (token === undefined) return undefined;
    const given = tokenDigest(token);
    return this.#find((digest) => isEqual(digest, given))?.permit;
  }

  /** Reads an `Authorization` header; undefined when there is none, or it is of a scheme that means nothing here. */
  read(header: string | undefined): Credential | undefined {
    const [, bearer] = /^Bearer +(\S+)$/i.exec(header ?? "") ?? [];
    if (bearer !== undefined) return { permit: this.permitOf(bearer) };
    const given = readProofHeader(header);
    return given && this.#judge(given.proof, { ...this.#options.birth(), nonce: given.nonce });
  }

  #judge(proof: string, subject: ProofSubject): Credential {
    const found = this.#find((digest) => isProof(proof, "client", digest, subject));
    if (!found) return { permit: undefined };
    return { permit: found.permit, hubProof: proofOf("hub", found.digest, subject) };
  }

  #find(isMeant: (digest: string) => boolean): { digest: string; permit: Permit } | undefined {
    const own = tokenDigest(this.#options.token());
    return isMeant(own) ? { digest: own, permit: OWNER_PERMIT } : this.#options.book.find(isMeant);
  }
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
