/** Decides who may use the adapter over HTTP: Host, Origin and token of each request. */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { HttpGuard } from "../../hub-client/http-guard.ts";
import { readToken } from "../../hub-client/state-dir.ts";
import { ensureHome, ensureToken } from "../../hub-client/state-files.ts";
import { tokenDigest } from "../../protocol/proof.ts";

/** Failed attempts of one address within a minute, after which it has to wait. */
const MAX_FAILURES = 10;

/** Why a request is rejected, as an HTTP status. */
export interface Rejection {
  readonly status: 401 | 403 | 429;
  readonly reason: string;
}

export interface AccessOptions {
  /** State directory, where the token is. */
  readonly home: string;
  /** Token that replaces the state directory's. */
  readonly token: string | undefined;
  readonly allowOrigins: readonly string[];
}

export class HttpAccess {
  readonly #options: AccessOptions;
  readonly #guard: HttpGuard;

  /** Makes the state directory's token, where it is needed and there is none. @throws when that can't be done. */
  constructor(options: AccessOptions) {
    this.#options = options;
    const { allowOrigins } = options;
    this.#guard = new HttpGuard({ allowHosts: [], allowOrigins, maxAuthFailures: MAX_FAILURES });
    if (options.token !== undefined) return;
    ensureHome(options.home);
    ensureToken(options.home);
  }

  /** Checks Host, Origin and token, in this order; undefined for a request that may pass. */
  async reject(request: IncomingMessage): Promise<Rejection | undefined> {
    return this.rejectForeign(request) ?? (await this.#rejectUnknown(request));
  }

  /** Checks Host and Origin alone: for what every program of this machine may ask. */
  rejectForeign(request: IncomingMessage): Rejection | undefined {
    const foreign = this.#guard.foreign(request);
    const next = foreign?.member === "origin" ? "; see --allow-origins" : "";
    return foreign && { status: 403, reason: `${foreign.what}${next}.` };
  }

  async #rejectUnknown(request: IncomingMessage): Promise<Rejection | undefined> {
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (this.#isToken(given)) return undefined;
    const reason = "The token is missing or wrong: Authorization: Bearer <what `godot-hub token` shows>.";
    return (await this.#guard.countFailure(request.socket.remoteAddress))
      ? { status: 429, reason: "Too many failed attempts: wait a minute." }
      : { status: 401, reason };
  }

  /** Compares in constant time; digests, so that the lengths are equal. The token is read anew: it may have been replaced. */
  #isToken(given: string | undefined): boolean {
    const valid = this.#options.token ?? readToken(this.#options.home);
    if (given === undefined || valid === undefined) return false;
    return timingSafeEqual(Buffer.from(tokenDigest(given)), Buffer.from(tokenDigest(valid)));
  }
}
