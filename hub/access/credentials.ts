/** What a token or a proof of it is worth: which permission it stands for. */
import { timingSafeEqual } from "node:crypto";
import { type Claim, isClaimOf, ProofDemand, readClaim, tokenDigest } from "../../protocol/proof.ts";
import { OWNER_PERMISSION, type OwedProof, type Permission } from "./permission.ts";
import type { TokenBook } from "./token-book.ts";

/** What credentials are compared with. */
interface CredentialOptions {
  /** The state directory's token, as it is now. */
  token: () => string;
  /** Further tokens; absent: there are none. */
  book: TokenBook;
}

/** What an `Authorization` header has brought. */
export interface Credential {
  /** Undefined when it was wrong, and until a proof that it announces has come. */
  readonly permission?: Permission | undefined;
  readonly owed?: OwedProof | undefined;
}

/** Judges tokens. */
export class Credentials {
  readonly #options: CredentialOptions;

  constructor(options: CredentialOptions) {
    this.#options = options;
  }

  /** What the bearer of `token` may; undefined for a wrong one. Compares in constant time. */
  permissionOf(token: string | undefined): Permission | undefined {
    if (token === undefined) return undefined;
    const given = tokenDigest(token);
    return this.#find((digest) => isEqual(digest, given))?.permission;
  }

  /** Reads an `Authorization` header; undefined when there is none, or it is of a scheme that means nothing here. */
  read(header: string | undefined): Credential | undefined {
    const [, bearer] = /^Bearer +(\S+)$/i.exec(header ?? "") ?? [];
    if (bearer !== undefined) return { permission: this.permissionOf(bearer) };
    const claim = readClaim(header);
    return claim && { owed: this.#owed(claim) };
  }

  #owed(claim: Claim): OwedProof | undefined {
    const meant = this.#find((digest) => isClaimOf(claim, digest));
    return (
      meant && { address: claim.address, demand: new ProofDemand(claim, meant.digest), permission: meant.permission }
    );
  }

  #find(isMeant: (digest: string) => boolean): { digest: string; permission: Permission } | undefined {
    const own = tokenDigest(this.#options.token());
    return isMeant(own) ? { digest: own, permission: OWNER_PERMISSION } : this.#options.book.find(isMeant);
  }
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
