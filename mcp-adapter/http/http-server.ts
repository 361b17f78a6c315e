/** Streamable HTTP: any number of MCP sessions in one process, each a client of the hub of its own. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type UnprovedSocket, UnprovedSockets } from "../../hub-client/unproved-sockets.ts";
import type { Adapter } from "../adapter.ts";
import type { HttpSession, McpServer } from "../mcp/mcp-server.ts";
import type { Log } from "../process/log.ts";
import type { HttpAccess } from "./http-access.ts";
import { isModernMessage, isModernRequest, type ModernOptions, ModernRequests } from "./modern-requests.ts";
import { readBody } from "./request-body.ts";

const HOST = "127.0.0.1";
const MCP_PATH = "/mcp";
/** Where clients ask how to sign in. That nothing is there says: not by OAuth. */
const SIGN_IN_PATH = "/.well-known/";
const ACCEPT = "application/json, text/event-stream";
const MAX_SESSIONS = 256;
/** A session that nobody has used, nor listens to, for this long is ended. */
const IDLE_MS = 60 * 60_000;
const SWEEP_MS = 60_000;

/** Sockets that have not shown the token, and how long each may take for it. */
const UNPROVED = { most: 64, deadlineMs: 10_000, silentMs: 5_000 };
/** Sockets that have: each session has a stream that stays open, and a few requests beside it. */
const MAX_SOCKETS = 4 * MAX_SESSIONS;
/** How long the head of a request may take to arrive, and all of it, ms. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 2_000 };

/** Sockets that end once their answer is out: what else they ask is not looked at. */
const ENDED = new WeakSet<Socket>();

export interface HttpServerOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly access: HttpAccess;
  readonly log: Log;
  /** Makes the adapter of a new session. */
  readonly open: () => Adapter<McpServer>;
  /** The same for the newer era, which knows no sessions. */
  readonly openModern: ModernOptions["open"];
}

interface Open {
  readonly adapter: Adapter<McpServer>;
  readonly session: HttpSession;
  /** Requests and streams that are not finished. */
  active: number;
  usedAt: number;
}

export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  readonly #sessions = new Map<string, Open>();
  readonly #modern: ModernRequests;
  readonly #sweep: NodeJS.Timeout;
  readonly #unproved = new UnprovedSockets(UNPROVED);
  readonly #places = new WeakMap<Socket, UnprovedSocket>();

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#modern = new ModernRequests({ most: MAX_SESSIONS, open: options.openModern });
    this.#server = createServer(TIMEOUTS, (request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        options.log.error("an HTTP request failed", { error: String(error) });
        refuse(response, 500, "The adapter failed.");
      });
    });
    this.#server.maxConnections = MAX_SOCKETS + UNPROVED.most;
    this.#server.on("connection", (socket: Socket) => this.#places.set(socket, this.#unproved.add(socket)));
    this.#sweep = setInterval(() => this.#endIdle(), SWEEP_MS).unref();
  }

  /** Begins to listen. @returns the address of the endpoint. @throws when the port is taken. */
  async start(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#options.port, HOST, resolve);
    });
    const { port } = this.#server.address() as AddressInfo;
    return `http://${HOST}:${port}${MCP_PATH}`;
  }

  /** Ends every session. */
  stop(): void {
    clearInterval(this.#sweep);
    this.#unproved.dispose();
    for (const id of this.#sessions.keys()) this.#end(id);
    this.#modern.stop();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { access } = this.#options;
    const { socket } = request;
    if (ENDED.has(socket)) return;
    const path = new URL(request.url ?? "/", `http://${HOST}`).pathname.replace(/\/$/, "");
    const isPublic = path.startsWith(SIGN_IN_PATH);
    const rejection = isPublic ? access.rejectForeign(request) : await access.reject(request);
    if (rejection) return refuse(response, rejection.status, rejection.reason);
    if (!isPublic) this.#places.get(socket)?.release();
    if (path !== MCP_PATH) return refuse(response, 404, `The endpoint is ${MCP_PATH}.`);
    const id = request.headers["mcp-session-id"];
    if (id === undefined || isModernRequest(request)) return this.#serveAlone(request, response);
    const open = typeof id === "string" ? this.#sessions.get(id) : undefined;
    if (!open) return refuse(response, 404, "This session has ended: initialize a new one.");
    await this.#handle(open, request, response);
  }

  /** A request that belongs to no session of the protocol's: one of the newer era, or the first of a session. */
  async #serveAlone(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isModern = isModernRequest(request);
    if (request.method !== "POST") {
      return isModern
        ? refuse(response, 405, "POST is all there is.")
        : refuse(response, 400, "Mcp-Session-Id is missing.");
    }
    const body = await readBody(request);
    if ("error" in body) return refuse(response, body.error.status, body.error.reason);
    if (!isModern && !isModernMessage(body.message)) return this.#begin(request, response, body.message);
    if (!(await this.#modern.answer(request, response, body.message))) refuse(response, 503, "Too many requests.");
  }

  async #begin(request: IncomingMessage, response: ServerResponse, message: unknown): Promise<void> {
    if (this.#sessions.size >= MAX_SESSIONS) return refuse(response, 503, "Too many sessions.");
    const adapter = this.#options.open();
    let id: string | undefined;
    const session = await adapter.server.startHttp({
      isJsonOnly: takesJsonOnly(request),
      onOpened: (opened) => {
        id = opened;
        this.#sessions.set(opened, open);
      },
      onClosed: (closed) => this.#end(closed),
    });
    const open: Open = { adapter, session, active: 0, usedAt: performance.now() };
    await this.#handle(open, request, response, message);
    // What was not `initialize` has been refused.
    if (id === undefined) adapter.dispose();
  }

  /** @param message The body, where it has been read. */
  async #handle(open: Open, request: IncomingMessage, response: ServerResponse, message?: unknown): Promise<void> {
    open.active += 1;
    response.once("close", () => {
      open.active -= 1;
      open.usedAt = performance.now();
    });
    acceptBoth(request);
    await open.session.handle(request, response, message);
  }

  #endIdle(): void {
    const now = performance.now();
    this.#modern.endIdle();
    for (const [id, { active, usedAt }] of this.#sessions) if (active === 0 && now - usedAt > IDLE_MS) this.#end(id);
  }

  #end(id: string): void {
    const open = this.#sessions.get(id);
    if (!open) return;
    this.#sessions.delete(id);
    open.adapter.dispose();
    open.session.close();
  }
}

/** True for a client that reads no streams of events: it is answered with JSON alone. */
function takesJsonOnly({ headers: { accept = "*/*" } }: IncomingMessage): boolean {
  return accept.includes("application/json") && !/text\/event-stream|\*\/\*|text\/\*/.test(accept);
}

/** The SDK asks for both types by name; what a client says of them is settled when its session begins. */
function acceptBoth({ headers, rawHeaders }: IncomingMessage): void {
  headers.accept = ACCEPT;
  const at = rawHeaders.findIndex((name, place) => place % 2 === 0 && name.toLowerCase() === "accept");
  if (at < 0) rawHeaders.push("Accept", ACCEPT);
  else rawHeaders[at + 1] = ACCEPT;
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  const error = { jsonrpc: "2.0", id: null, error: { code: -32000, message } };
  if (response.socket) ENDED.add(response.socket);
  // What has not been read of the request is not read any more.
  response.writeHead(status, { "Content-Type": "application/json", Connection: "close" }).end(JSON.stringify(error));
}
