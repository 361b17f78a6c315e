/** What a token or a proof of it is worth: which permit it stands for. */
import { timingSafeEqual } from "node:crypto";
import { type Claim, isClaimOf, ProofDemand, readClaim, tokenDigest } from "../../protocol/proof.ts";
import { OWNER_PERMIT, type Permit } from "./permission.ts";
import type { TokenBook } from "./token-book.ts";

/** What credentials are compared with. */
interface CredentialOptions {
  /** The state directory's token, as it is now. */
  token: () => string;
  /** Further tokens; absent: there are none. */
  book: TokenBook;
}

/** A proof that a client still owes, and what it is then worth. */
export interface OwedProof {
  /** Where the client has dialed this hub. */
  readonly address: string;
  readonly demand: ProofDemand;
  readonly permit: Permit;
}

/** What an `Authorization` header has brought. */
export interface Credential {
  /** Undefined when it was wrong, and until a proof that it announces has come. */
  readonly permit?: Permit | undefined;
  readonly owed?: OwedProof | undefined;
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
    const claim = readClaim(header);
    return claim && { owed: this.#owed(claim) };
  }

  #owed(claim: Claim): OwedProof | undefined {
    const meant = this.#find((digest) => isClaimOf(claim, digest));
    return meant && { address: claim.address, demand: new ProofDemand(claim, meant.digest), permit: meant.permit };
  }

  #find(isMeant: (digest: string) => boolean): { digest: string; permit: Permit } | undefined {
    const own = tokenDigest(this.#options.token());
    return isMeant(own) ? { digest: own, permit: OWNER_PERMIT } : this.#options.book.find(isMeant);
  }
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
