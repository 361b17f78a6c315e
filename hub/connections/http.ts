/** Answers plain HTTP on the hub's port: a table of routes behind the checks that every request passes, and upgrades that are refused. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import type { Access } from "../access/access.ts";
import type { Permission } from "../access/permission.ts";

/** Answers one HTTP request that is no upgrade. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** One path of the hub's port. */
interface HttpRoute {
  readonly method: "GET" | "POST";
  /** Says nothing that anybody who reaches the port must not know. Every other route needs the token, or the dashboard's session. */
  readonly isPublic: boolean;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
}

/** Routes by path. */
export type HttpRoutes = Readonly<Record<string, HttpRoute>>;

/** Serves `routes`; rejects foreign requests, unknown paths, and requests without the token that they need. A route that fails is logged and answered with 500. */
export function createHttpHandler(access: Access, routes: HttpRoutes, logger: Logger): HttpHandler {
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refusal = access.refuseForeign(request);
    if (refusal) return answerText(response, refusal.status, refusal.reason);
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route)
      return answerText(response, 404, "Nothing is here. Clients of this hub speak WebSocket: see PROTOCOL.md.");
    const method = request.method === "HEAD" ? "GET" : request.method;
    if (method !== route.method) return answerText(response, 405, `Use ${route.method}.`, { Allow: route.method });
    return route.isPublic ? route.handle(request, response) : serveProtected(access, route, request, response);
  };
  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      logger.error({ err: error, method: request.method }, "an HTTP request could not be answered");
      if (response.headersSent) response.destroy();
      else answerText(response, 500, "This could not be answered; the hub's log says why.");
    });
  };
}

/**
 * `/healthz`: 200 for as long as the process answers. `/readyz`: 200 while it takes new commands, 503 once it drains.
 * Neither is answered before the state files are written: the listener holds requests back until then.
 */
export function healthRoutes(isServing: () => boolean): HttpRoutes {
  const route = (handle: HttpRoute["handle"]): HttpRoute => ({ method: "GET", isPublic: true, handle });
  return {
    "/healthz": route((_request, response) => answerText(response, 200, "ok")),
    "/readyz": route((_request, response) =>
      answerText(response, isServing() ? 200 : 503, isServing() ? "ready" : "stopping"),
    ),
  };
}

/** Answers with one line of text that no cache keeps. */
export function answerText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
  });
  response.end(`${text}\n`);
}

/** Tokens that are for editors and games open nothing else. */
function mayLook(permission: Permission | undefined): boolean {
  return permission !== undefined && permission.role !== "instance";
}

async function serveProtected(
  access: Access,
  route: HttpRoute,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const credential = access.credential(request);
  if (mayLook(credential?.permission) || access.session(request) !== undefined) return route.handle(request, response);
  const isExhausted =
    credential !== undefined && (await access.countFailure(request.socket.remoteAddress ?? "unknown"));
  if (isExhausted) return answerText(response, 429, "Too many failed attempts.", { "Retry-After": "60" });
  const headers = { "WWW-Authenticate": "Bearer" };
  answerText(response, 401, "This needs the token: see 'godot-hub token'.", headers);
}

/** Answers with a status and one line of text, and ends the connection. */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  reason: string,
  headers: Record<string, string> = {},
): void {
  const body = `${reason}\n`;
  const lines = Object.entries({
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": String(Buffer.byteLength(body)),
    Connection: "close",
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  // A peer that never closes its side would keep the socket.
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`);
}
