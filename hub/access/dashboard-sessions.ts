/** Keeps the logins to the dashboard, in memory only: one-time codes, the sessions that they were exchanged for, and their cookies (RFC 6265). */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** How long a login code is good for, ms. */
export const CODE_LIFETIME_MS = 60_000;
/** How long a session lasts, ms. */
const SESSION_LIFETIME_MS = 12 * 60 * 60_000;
/** Codes and sessions that there may be; the oldest ends for a new one. */
const MAX_CODES = 16;
const MAX_SESSIONS = 32;
const SECRET_BYTES = 32;

/** What a browser gets for a code. */
interface NewSession {
  /** Goes into the cookie, which browsers send to every port of the host. */
  readonly id: string;
  /** Stays in the page's own storage, which they keep apart by port: the cookie alone opens nothing. */
  readonly key: string;
}

interface Grant {
  /** Monotonic time (ms) at which it ends. */
  readonly until: number;
  /** Digest of the hub's token when it was given: a rotation ends it. */
  readonly token: string;
}

interface Session extends Grant {
  readonly key: Buffer;
}

/** Codes and sessions, by their digests: a secret is never compared byte by byte. */
export class DashboardSessions {
  readonly #token: () => string;
  readonly #codes = new Map<string, Grant>();
  readonly #sessions = new Map<string, Session>();

  /** @param token The hub's token, as it is now. */
  constructor(token: () => string) {
    this.#token = token;
  }

  /** A code that can be redeemed once. */
  createCode(): string {
    const code = newSecret();
    putLast(this.#codes, hexDigest(code), this.#grant(CODE_LIFETIME_MS), MAX_CODES);
    return code;
  }

  /** Exchanges a code for a session; undefined when the code is unknown, used or too old. */
  redeem(code: string): NewSession | undefined {
    const digest = hexDigest(code);
    const grant = this.#codes.get(digest);
    this.#codes.delete(digest);
    if (!grant || !this.#isValid(grant)) return undefined;
    const session = { id: newSecret(), key: newSecret() };
    const kept = { ...this.#grant(SESSION_LIFETIME_MS), key: digestOf(session.key) };
    putLast(this.#sessions, hexDigest(session.id), kept, MAX_SESSIONS);
    return session;
  }

  /** True while the session of that id lasts. */
  isOpen(id: string): boolean {
    return this.#find(id) !== undefined;
  }

  /** True when `key` is that of the session. */
  proves(id: string, key: string | undefined): boolean {
    const session = this.#find(id);
    return session !== undefined && key !== undefined && timingSafeEqual(session.key, digestOf(key));
  }

  /** Ends a session. */
  end(id: string): void {
    this.#sessions.delete(hexDigest(id));
  }

  #find(id: string): Session | undefined {
    const digest = hexDigest(id);
    const session = this.#sessions.get(digest);
    if (!session || this.#isValid(session)) return session;
    this.#sessions.delete(digest);
    return undefined;
  }

  #grant(lifetimeMs: number): Grant {
    return { until: performance.now() + lifetimeMs, token: hexDigest(this.#token()) };
  }

  #isValid({ until, token }: Grant): boolean {
    return performance.now() < until && token === hexDigest(this.#token());
  }
}

function putLast<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

function digestOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

function hexDigest(secret: string): string {
  return digestOf(secret).toString("hex");
}

/** Browsers send a cookie to every port of a host, so that each hub needs its own name. */
function cookieName({ headers }: IncomingMessage): string {
  const port = /:(\d+)$/.exec(headers.host ?? "")?.[1] ?? "default";
  return `godot-hub-${port}`;
}

/** The session's id in the request's cookie; undefined when it has none. */
export function readSessionCookie(request: IncomingMessage): string | undefined {
  const prefix = `${cookieName(request)}=`;
  const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
}

/** The value of `Set-Cookie` that keeps `id`; undefined takes the cookie away. */
export function sessionCookie(request: IncomingMessage, id: string | undefined, isSecure: boolean): string {
  const maxAge = id === undefined ? 0 : Math.floor(SESSION_LIFETIME_MS / 1_000);
  const attributes = ["HttpOnly", "SameSite=Strict", "Path=/", `Max-Age=${maxAge}`, ...(isSecure ? ["Secure"] : [])];
  return [`${cookieName(request)}=${id ?? ""}`, ...attributes].join("; ");
}
