/**
 * Resume tokens: proof that a client is the one that the hub knew. Signed with a key that is derived from the hub's
 * own token, so a new hub process recognises the clients of the one before it without having stored anything.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** Who a token is about. */
export interface ResumeIdentity {
  readonly clientId: string;
  readonly name: string;
  /** Name of the token with which it came: with another one it proves nothing. */
  readonly permission: string | undefined;
}

/** Issues and reads resume tokens. */
export class ResumeTokens {
  readonly #secret: () => string;

  /** @param secret The hub's token; rotating it ends every resume token. */
  constructor(secret: () => string) {
    this.#secret = secret;
  }

  /** A token for `identity`: its JSON and a signature, both base64url. */
  issue(identity: ResumeIdentity): string {
    const body = Buffer.from(JSON.stringify([identity.clientId, identity.name, identity.permission])).toString(
      "base64url",
    );
    return `${body}.${this.#sign(body).toString("base64url")}`;
  }

  /** The identity that `token` proves; undefined for anything that this hub's token did not sign. */
  read(token: string): ResumeIdentity | undefined {
    const [body, signature, ...rest] = token.split(".");
    if (!body || !signature || rest.length > 0) return undefined;
    const expected = this.#sign(body);
    const given = Buffer.from(signature, "base64url");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const [clientId, name, permission]: unknown[] = JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
    if (typeof clientId !== "string" || typeof name !== "string") return undefined;
    return { clientId, name, permission: typeof permission === "string" ? permission : undefined };
  }

  #sign(body: string): Buffer {
    return createHmac("sha256", `resume:${this.#secret()}`).update(body).digest();
  }
}
