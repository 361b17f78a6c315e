/** Who may use the adapter over HTTP: the same rules as the hub's. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { readToken, tokenPath } from "../../hub-client/state-dir.ts";
import { requireOwnState } from "../../hub-client/state-owner.ts";
import { networkOf } from "../../hub-client/unproved-sockets.ts";

const TOKEN_BYTES = 32;
/** Failed attempts of one address within a minute, after which it has to wait. */
const MAX_FAILURES = 10;
const FAILURE_WINDOW_MS = 60_000;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Why a request is refused, as an HTTP status. */
export interface Refusal {
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
  readonly #failures = new Map<string, { count: number; since: number }>();

  constructor(options: AccessOptions) {
    this.#options = options;
    if (options.token === undefined) makeToken(options.home);
  }

  /** Checks Host, Origin and token, in this order; undefined for a request that may pass. */
  refuse(request: IncomingMessage): Refusal | undefined {
    return this.refuseForeign(request) ?? this.#refuseUnknown(request);
  }

  /** Checks Host and Origin alone: for what everybody on this machine may ask. */
  refuseForeign(request: IncomingMessage): Refusal | undefined {
    const { host = "", origin } = request.headers;
    // Of several, every reader believes another one (RFC 9112, section 3.2).
    if (request.headersDistinct.host?.length !== 1) return { status: 403, reason: "One Host is needed." };
    if (!LOOPBACK.has(host.toLowerCase().replace(/:\d+$/, ""))) {
      return { status: 403, reason: "This Host is not this endpoint's." };
    }
    if (origin !== undefined && !this.#options.allowOrigins.includes(origin)) {
      return { status: 403, reason: "This Origin is not allowed; see --allow-origins." };
    }
    return undefined;
  }

  #refuseUnknown(request: IncomingMessage): Refusal | undefined {
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (this.#isToken(given)) return undefined;
    const reason = "The token is missing or wrong: Authorization: Bearer <what `godot-hub token` shows>.";
    return this.#isExhausted(networkOf(request.socket.remoteAddress))
      ? { status: 429, reason: "Too many failed attempts: wait a minute." }
      : { status: 401, reason };
  }

  /** Compares in constant time; digests, so that the lengths are equal. The token is read anew: it may have been replaced. */
  #isToken(given: string | undefined): boolean {
    const valid = this.#options.token ?? readToken(this.#options.home);
    return given !== undefined && valid !== undefined && timingSafeEqual(digest(given), digest(valid));
  }

  /** Counts a failure; true when the network has had its share. There is one: only this machine is served. */
  #isExhausted(network: string): boolean {
    const now = performance.now();
    const known = this.#failures.get(network);
    const current = known && now - known.since < FAILURE_WINDOW_MS ? known : { count: 0, since: now };
    current.count += 1;
    this.#failures.set(network, current);
    return current.count > MAX_FAILURES;
  }
}

/** Of many processes that start at once one writes it. */
function makeToken(home: string): void {
  requireOwnState(home);
  if (readToken(home) !== undefined) return;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(tokenPath(home), randomBytes(TOKEN_BYTES).toString("hex"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (readToken(home) === undefined) throw error;
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
