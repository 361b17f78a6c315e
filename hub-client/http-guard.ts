/** Guards an HTTP endpoint: which Host and Origin a request may name, and how often an address may fail to authenticate. */
import type { IncomingMessage } from "node:http";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { networkOf } from "./unproved-sockets.ts";

const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];
/** In which failures are counted, s. */
const FAILURE_WINDOW_S = 60;

/** What an endpoint lets pass. */
export interface GuardRules {
  /** Host names under which it may be addressed beside those of this machine, without port. */
  readonly allowHosts: readonly string[];
  /** Origins (scheme://host:port) whose pages may ask. */
  readonly allowOrigins: readonly string[];
  /** Failed authentications per network and minute. */
  readonly maxAuthFailures: number;
  /** Scheme of the pages that the endpoint serves itself; undefined when it serves none. */
  readonly ownScheme?: "http" | "https";
}

/** Why a request is rejected. */
export interface Foreign {
  readonly member: "host" | "origin";
  /** Without a full stop. */
  readonly what: string;
  /** What the request named. */
  readonly given: string;
}

/** The checks of one endpoint. */
export class HttpGuard {
  readonly #rules: GuardRules;
  readonly #hosts: ReadonlySet<string>;
  readonly #failures: RateLimiterMemory;

  constructor(rules: GuardRules) {
    this.#rules = rules;
    this.#hosts = new Set([...LOOPBACK_HOSTS, ...rules.allowHosts.map(asInHeader)].map((host) => host.toLowerCase()));
    this.#failures = new RateLimiterMemory({ points: rules.maxAuthFailures, duration: FAILURE_WINDOW_S });
  }

  /** What is foreign about a request; undefined for one that may pass. A page on another site may point its own name at this address. */
  foreign(request: IncomingMessage): Foreign | undefined {
    const { host = "none", origin } = request.headers;
    // Of several, every reader believes another one (RFC 9112, section 3.2).
    if (request.headersDistinct.host?.length !== 1) return { member: "host", what: "One Host is needed", given: host };
    const name = host.toLowerCase().replace(/:\d+$/, "");
    if (!this.isOwnHost(name)) return { member: "host", what: "This Host is not this endpoint's", given: host };
    if (origin === undefined || this.allowsOrigin(origin) || this.#isOwnPage(request)) return undefined;
    return { member: "origin", what: "This Origin is not allowed", given: origin };
  }

  /** True for a host name of the endpoint, in lower case and without port. */
  isOwnHost(name: string): boolean {
    return this.#hosts.has(name);
  }

  /** True for an origin that is allowed by name. */
  allowsOrigin(origin: string): boolean {
    return this.#rules.allowOrigins.includes(origin);
  }

  /** Counts a failed authentication; true when the network of `address` has had its share. A right token always passes. */
  async countFailure(address: string | undefined): Promise<boolean> {
    try {
      await this.#failures.consume(networkOf(address));
      return false;
    } catch {
      return true;
    }
  }

  /** A page that this very endpoint has served: same scheme, host and port. */
  #isOwnPage({ headers }: IncomingMessage): boolean {
    const { ownScheme } = this.#rules;
    return ownScheme !== undefined && headers.origin === `${ownScheme}://${headers.host?.toLowerCase()}`;
  }
}

/** An address of IPv6 stands in brackets there (RFC 3986, section 3.2.2). */
function asInHeader(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
