/** Errors with which the hub rejects what a client may not do, or may not do so much of: each says what to do next. */
import { WireError } from "../../protocol/errors.ts";
import type { Objection } from "./permission.ts";
import type { Shortage } from "./quota.ts";

/** When a client that has too much in flight may ask again, ms. */
const UNDER_WAY_RETRY_MS = 500;

/** More than a client, or everybody with its token, may have under way; `what` is counted, in bytes or one by one. */
export function tooMuchUnderWay(what: string, { most, of }: Shortage): WireError {
  return new WireError("BUSY", `At most ${most} ${what} ${of} may be under way. Nothing was done.`, {
    dispatched: false,
    retryAfterMs: UNDER_WAY_RETRY_MS,
    hint: "Wait for answers before you send more.",
  });
}

/** More leases than a session, or everybody with its token, may hold. */
export function tooManyLeases({ most, of }: Shortage): WireError {
  return new WireError("BUSY", `At most ${most} leases ${of}. Nothing was taken.`, {
    hint: "Give some back with hub.release_lease, or take '*', the whole instance, in their place.",
  });
}

/** A message over a limit; `what` begins the sentence. */
export function tooLarge(what: string, size: number, limit: number): WireError {
  return new WireError("TOO_LARGE", `${what} has ${size} bytes; the limit is ${limit}.`, {
    size,
    limit,
    hint: "Ask for less (limit, depth, from/to), send it in parts, or raise --max-message-bytes.",
  });
}

/** A client of that type may not do that. */
export function forbiddenByRole(clientType: string, what: string): WireError {
  return new WireError("FORBIDDEN", `A client of type '${clientType}' may not ${what} with its token.`, {
    hint: "Commands are for adapters (client type 'mcp'), owner's methods for people: see `godot-hub token --help`.",
  });
}

/** A rule of the hub is against it, or one of the token whose name is `token`. */
export function forbiddenByRule({ rule, reason }: Objection, token: string | undefined): WireError {
  const hint = token
    ? `A person can change it: godot-hub token revoke ${token}, and godot-hub token create.`
    : "A person can change it: start the hub with other --read-only, --allow and --deny.";
  const whose = token ? `the token '${token}'` : "this hub";
  return new WireError("FORBIDDEN", `${reason}: rule '${rule}' of ${whose}. Nothing was done.`, { rule, hint });
}

/** More than a client may send in a minute; `what` is counted. */
export function rateLimited(what: string, perMinute: number, retryAfterMs: number): WireError {
  return new WireError("RATE_LIMITED", `More than ${perMinute} ${what} a minute. Nothing was done.`, {
    retryAfterMs,
    hint: `Wait that long, or do several changes in one edit.batch. A person can allow more: --${what}-per-minute.`,
  });
}

/** The role of a client does not include what it asks. */
export function notAllowed(message: string): WireError {
  return new WireError("FORBIDDEN", message);
}
