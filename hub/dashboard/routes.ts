/** Serves the dashboard on the hub's port: its page, and the exchange of a login code for a session. */

import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import type { Access } from "../access/access.ts";
import { type DashboardSessions, sessionCookie } from "../access/dashboard-sessions.ts";
import { answerText, type HttpRoutes } from "../connections/http.ts";

/** What the routes work on. */
interface DashboardRoutesOptions {
  sessions: DashboardSessions;
  access: Access;
  /** The port speaks TLS. */
  isSecure: boolean;
}

/** A code is a good deal shorter, in bytes. */
const MAX_BODY_BYTES = 256;

/** The page at `/`, and `/session` with what belongs to it. */
export function dashboardRoutes(options: DashboardRoutesOptions): HttpRoutes {
  const { sessions, access, isSecure } = options;
  return {
    ...Object.fromEntries(
      PAGE_PATHS.map((path) => [
        path,
        {
          method: "GET",
          isPublic: true,
          handle: (request, response) => servePage(path, request, response, isSecure),
        } satisfies HttpRoutes[string],
      ]),
    ),
    "/session": { method: "POST", isPublic: true, handle: (request, response) => logIn(options, request, response) },
    "/session/check": {
      method: "GET",
      isPublic: true,
      handle: (request, response) => {
        if (access.session(request) === undefined) answerText(response, 401, "Not logged in.");
        else answerText(response, 200, "Logged in.");
      },
    },
    "/session/end": {
      method: "POST",
      isPublic: true,
      handle: (request, response) => {
        const id = access.session(request);
        if (id !== undefined) sessions.end(id);
        answerText(response, 200, "Logged out.", { "Set-Cookie": sessionCookie(request, undefined, isSecure) });
      },
    },
  };
}

async function logIn(
  { sessions, access, isSecure }: DashboardRoutesOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const code = await readBody(request);
  const session = code === undefined ? undefined : sessions.redeem(code);
  if (!session) {
    const isExhausted = await access.countFailure(request.socket.remoteAddress ?? "unknown");
    if (isExhausted) return answerText(response, 429, "Too many failed attempts.", { "Retry-After": "60" });
    return answerText(response, 401, "This code was used or is too old: run 'godot-hub dashboard' again.");
  }
  response.writeHead(200, {
    ...SAFE_HEADERS,
    "Content-Type": "application/json",
    "Set-Cookie": sessionCookie(request, session.id, isSecure),
  });
  response.end(JSON.stringify({ key: session.key }));
}

/** The body as text; undefined when it is too long or breaks off. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > MAX_BODY_BYTES) return undefined;
      chunks.push(bytes);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString("utf8");
}

const SAFE_HEADERS = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

function servePage(path: string, request: IncomingMessage, response: ServerResponse, isSecure: boolean): void {
  const file = readPageFile(path);
  if (!file) {
    answerText(response, 503, "The dashboard is not built: run 'npm run build'.");
    return;
  }
  response.writeHead(200, {
    ...SAFE_HEADERS,
    "Content-Type": file.contentType,
    "Content-Length": file.body.length,
    "Content-Security-Policy": contentSecurityPolicy(request, isSecure),
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
  });
  response.end(request.method === "HEAD" ? undefined : file.body);
}

/** The page's own files and its own WebSocket, which not every browser counts as 'self'. The Host has been checked. */
function contentSecurityPolicy({ headers }: IncomingMessage, isSecure: boolean): string {
  const socket = `${isSecure ? "wss" : "ws"}://${headers.host}`;
  const rules = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:"];
  const closed = ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];
  return [...rules, `connect-src 'self' ${socket}`, ...closed].join("; ");
}

/** A file of the page and what it is. */
interface PageFile {
  readonly body: Buffer;
  readonly contentType: string;
}

/** Files by their paths on the hub's port. */
const FILES = [
  ["/", "dashboard-page.html", "text/html; charset=utf-8"],
  ["/dashboard.css", "dashboard-style.css", "text/css; charset=utf-8"],
  ["/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8"],
] as const;

/** Beside the bundled program, or in `dist/` for one that runs from its sources. */
const FOLDERS = [new URL("./", import.meta.url), new URL("../../dist/", import.meta.url)];

/** Paths at which there is a file. */
const PAGE_PATHS: readonly string[] = FILES.map(([path]) => path);

/** Reads the file at `path`; undefined when the page was not built. */
function readPageFile(path: string): PageFile | undefined {
  const [, name, contentType] = FILES.find(([served]) => served === path) ?? [];
  const folder = FOLDERS.find((url) => existsSync(new URL("dashboard-page.html", url)));
  if (name === undefined || contentType === undefined || folder === undefined) return undefined;
  return { body: readFileSync(fileURLToPath(new URL(name, folder))), contentType };
}
