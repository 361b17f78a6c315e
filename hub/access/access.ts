/** Who may connect: token, Host and Origin of an upgrade request. */
import type { IncomingMessage } from "node:http";
import { type AddressInfo, isIP } from "node:net";
import { HttpGuard } from "../../hub-client/http-guard.ts";
import type { CloseReason } from "../../protocol/close-codes.ts";
import type { Credential, Credentials } from "./credentials.ts";
import { type DashboardSessions, readSessionCookie } from "./dashboard-sessions.ts";
import { DASHBOARD_PERMISSION, type OwedProof, type Permission } from "./permission.ts";

/** A connection or plain request that was rejected before it had a client. */
export interface Rejection {
  readonly address: string;
  /** A wrong or missing token, or a Host, Origin or role that is not let in. */
  readonly kind: "UNAUTHORIZED" | "FORBIDDEN";
  readonly reason: string;
}

/** What the checks depend on. */
interface AccessRules {
  /** What tokens are worth. */
  credentials: Credentials;
  /** Hears of everybody who is turned away. */
  onRejected: (rejection: Rejection) => void;
  /** Host names under which this endpoint may be addressed, without port, in lower case. */
  allowHosts: readonly string[];
  /** Ports under which clients may have dialed it, beside those that it listens on. */
  allowPorts: readonly string[];
  /** Origins (scheme://host:port) whose pages may connect. */
  allowOrigins: readonly string[];
  /** Failed authentications per address and minute, after which the answer is 429. */
  maxAuthFailures: number;
  /** Who has logged in to the dashboard. */
  sessions: DashboardSessions;
  /** The endpoint speaks TLS. */
  isSecure: boolean;
}

/** Why an upgrade is refused, as an HTTP status; undefined when it is not. */
interface Refusal {
  status: 401 | 403 | 429;
  reason: string;
}

/** Why a connection is closed as soon as it is open: not every client can read how an upgrade is refused. */
export interface Objection {
  reason: CloseReason;
  text: string;
}

/** Fetch Metadata of a page's own requests and of what a person types; clients that are no browsers have none. */
const OWN_FETCH_SITES: ReadonlySet<unknown> = new Set([undefined, "same-origin", "none"]);

const ALL_ADDRESSES: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);
/** Proofs that could be sent on to another hub of the same token. */
const OLD_PROOF = /^Proof /;

/** Decides about upgrade requests and tokens, and counts failures per address. */
export class Access {
  readonly #rules: AccessRules;
  readonly #guard: HttpGuard;

  constructor(rules: AccessRules) {
    this.#rules = rules;
    this.#guard = new HttpGuard({ ...rules, ownScheme: rules.isSecure ? "https" : "http" });
  }

  /** Checks Host and Origin: a page on another site, or one that points its own name at this address, is refused. */
  refuseForeign(request: IncomingMessage): Refusal | undefined {
    const foreign = this.#guard.foreign(request);
    if (!foreign) return undefined;
    const address = request.socket.remoteAddress ?? "unknown";
    this.#rules.onRejected({ address, kind: "FORBIDDEN", reason: `${foreign.what}: ${foreign.given}` });
    return { status: 403, reason: `${foreign.what}.` };
  }

  /** The same for an upgrade: the dashboard's own page, too, is let in with its session's cookie only. */
  refuseForeignUpgrade(request: IncomingMessage): Refusal | undefined {
    const refusal = this.refuseForeign(request);
    if (refusal || !this.#needsSession(request) || this.session(request) !== undefined) return refusal;
    return { status: 401, reason: "Not logged in to the dashboard: run 'godot-hub dashboard'." };
  }

  /** The dashboard's session that a request of its page belongs to; undefined for everybody else's. */
  session(request: IncomingMessage): string | undefined {
    const id = readSessionCookie(request);
    // Another port of this host is another site's page, but gets the cookie sent with its requests.
    const isOwn = OWN_FETCH_SITES.has(request.headers["sec-fetch-site"]);
    return id !== undefined && isOwn && this.#rules.sessions.isOpen(id) ? id : undefined;
  }

  /** What `identify` proves with its token: whose it is, or that it is the key of the session whose cookie came along. */
  permissionOf(session: string | undefined, token: string | undefined): Permission | undefined {
    if (session === undefined) return this.#rules.credentials.permissionOf(token);
    return this.#rules.sessions.proves(session, token) ? DASHBOARD_PERMISSION : undefined;
  }

  /** What the `Authorization` header of a request is worth; undefined when it has none. */
  credential(request: IncomingMessage): Credential | undefined {
    return this.#rules.credentials.read(request.headers.authorization);
  }

  /**
   * What keeps a client with a proof out. `owed`: the proof that it announces. `bound`: where this hub listens; a client that has
   * dialed another address has been passed on by a program that would hear, and could say, everything.
   */
  objectionTo(
    { headers, socket }: IncomingMessage,
    owed: OwedProof | undefined,
    bound: readonly AddressInfo[],
  ): Objection | undefined {
    if (OLD_PROOF.test(headers.authorization ?? "")) {
      return {
        reason: "PROTOCOL_VERSION",
        text: "This client proves its token in a way that is not taken any more: update it.",
      };
    }
    if (owed === undefined || this.#isReachedAt(owed.address, bound)) return undefined;
    const address = socket.remoteAddress ?? "unknown";
    this.#rules.onRejected({ address, kind: "FORBIDDEN", reason: `Not this hub's address: ${owed.address}` });
    return { reason: "FORBIDDEN", text: notReachedAt(owed.address) };
  }

  /** Counts a failed authentication; true when `address` has had its share. A right token always passes: only failures count. */
  countFailure(address: string): Promise<boolean> {
    this.#rules.onRejected({ address, kind: "UNAUTHORIZED", reason: "The token is missing or wrong." });
    return this.#guard.countFailure(address);
  }

  /** A token does not let its bearer be a client of that type. */
  noteRole(address: string, permission: Permission, clientType: string): void {
    this.#rules.onRejected({
      address,
      kind: "FORBIDDEN",
      reason: `The token '${permission.name}' is not for '${clientType}'.`,
    });
  }

  /** Whether `dialed` leads here and nowhere else, as far as this machine can tell. */
  #isReachedAt(dialed: string, bound: readonly AddressInfo[]): boolean {
    if (!URL.canParse(`ws://${dialed}`)) return false;
    const { hostname, port } = new URL(`ws://${dialed}`);
    const dialedPort = port || "80";
    if (this.#rules.allowPorts.includes(dialedPort)) return true;
    const host = hostname.replace(/^\[|\]$/g, "");
    const isOwn = (address: string) =>
      isIP(host) === 0 ? this.#guard.isOwnHost(host) : address === host || ALL_ADDRESSES.has(address);
    return bound.some(({ address, port: own }) => String(own) === dialedPort && isOwn(address));
  }

  #needsSession(request: IncomingMessage): boolean {
    const { origin } = request.headers;
    return origin !== undefined && !this.#guard.allowsOrigin(origin);
  }
}

/** A close frame has room for 123 bytes. */
function notReachedAt(dialed: string): string {
  const port = /\d+$/.exec(dialed)?.[0];
  return `${dialed.slice(0, 40)} is not this hub's. If that is your tunnel or container, start the hub with --allow-ports ${port}.`;
}
