/** Who may connect: token, Host and Origin of an upgrade request. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { RateLimiterMemory } from "rate-limiter-flexible";

/** What the checks depend on. */
export interface AccessRules {
  /** The token that is valid now. */
  token: () => string;
  /** Host names under which this endpoint may be addressed, without port, in lower case. */
  allowHosts: readonly string[];
  /** Origins (scheme://host:port) whose pages may connect. */
  allowOrigins: readonly string[];
  /** Failed authentications per address and minute, after which the answer is 429. */
  maxAuthFailures: number;
}

/** Why an upgrade is refused, as an HTTP status; undefined when it is not. */
export interface Refusal {
  status: 401 | 403 | 429;
  reason: string;
}

const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** Decides about upgrade requests and tokens, and counts failures per address. */
export class Access {
  readonly #rules: AccessRules;
  readonly #hosts: ReadonlySet<string>;
  readonly #failures: RateLimiterMemory;

  constructor(rules: AccessRules) {
    this.#rules = rules;
    this.#hosts = new Set([...LOOPBACK_HOSTS, ...rules.allowHosts.map(asInHeader)].map((host) => host.toLowerCase()));
    this.#failures = new RateLimiterMemory({ points: rules.maxAuthFailures, duration: 60 });
  }

  /** Checks Host and Origin: a page on another site, or one that points its own name at this address, is refused. */
  refuseForeign(request: IncomingMessage): Refusal | undefined {
    const host = hostName(request.headers.host);
    if (!host || !this.#hosts.has(host)) return { status: 403, reason: "This Host is not this endpoint's." };
    const origin = request.headers.origin;
    if (origin !== undefined && !this.#rules.allowOrigins.includes(origin)) {
      return { status: 403, reason: "This Origin is not allowed." };
    }
    return undefined;
  }

  /** The bearer token of a request, or undefined when it has none. */
  bearer(request: IncomingMessage): string | undefined {
    return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  }

  /** Compares in constant time; digests first, so that the lengths are equal. */
  isToken(candidate: string | undefined): boolean {
    if (candidate === undefined) return false;
    return timingSafeEqual(digest(candidate), digest(this.#rules.token()));
  }

  /** Counts a failed authentication; true when `address` has had its share. A right token always passes: only failures count. */
  async countFailure(address: string): Promise<boolean> {
    try {
      await this.#failures.consume(address);
      return false;
    } catch {
      return true;
    }
  }
}

function hostName(header: string | undefined): string | undefined {
  return header?.toLowerCase().replace(/:\d+$/, "");
}

/** An address of IPv6 stands in brackets there (RFC 3986, section 3.2.2). */
function asInHeader(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
