/** The cookie that carries a session's id (RFC 6265). */
import type { IncomingMessage } from "node:http";
import { SESSION_LIFETIME_MS } from "./sessions.ts";

/** Browsers send a cookie to every port of a host, so that each hub needs a name of its own. */
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
