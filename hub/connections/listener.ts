/** The listening socket: HTTP, the WebSocket upgrade with its checks, and the only place that knows the `ws` library. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import type { Access } from "../access/access.ts";
import { refuseUpgrade } from "../access/upgrade-refusal.ts";
import { ConfigError, isLoopback } from "../config.ts";
import { Connection, type ConnectionOrigin, type SendLimits } from "./connection.ts";
import type { HttpHandler } from "./http.ts";

/** Largest message of a connection whose upgrade carried no token: nobody may fill memory before `identify` has proved who it is. */
const UNAUTHORIZED_MESSAGE_BYTES = 512 * 1024;
/** A frame may be so many times larger than a message, so that one that is a little too large is answered instead of cut off. */
const FRAME_FACTOR = 2;

/** Connections that may wait to be accepted: when a hub returns, everybody comes at once, and who finds no room there waits for seconds. */
const BACKLOG = 4_096;

/** How often requests that do not end are looked for, ms. */
const MAX_CHECK_MS = 2_000;
/** Sockets in all: connections, and as many that are on their way in or out again, so that nobody uses up the process's files. */
const SOCKET_FACTOR = 2;
const SPARE_SOCKETS = 64;

/** What happens on a connection. `onFrame` gets text as bytes; `binary` frames are not part of the protocol. */
export interface ConnectionHandlers {
  onFrame(frame: Buffer, binary: boolean): void;
  /** After the socket is closed; `code` as the peer gave it, 1006 when it gave none. */
  onClose(code: number): void;
}

/** Where to listen, whom to let in, and who looks after a connection. */
export interface ListenerOptions {
  host: string;
  port: number;
  /** Descriptors of sockets that listen already, used in place of `host` and `port`. */
  passedSockets: readonly number[];
  /** Given explicitly: without one, only this machine is served. */
  token: string | undefined;
  tls: { cert: string; key: string } | undefined;
  /** Frames over twice this are refused by closing with 1009. */
  maxMessageBytes: number;
  /** Time that a request may take to arrive, ms. */
  identifyTimeoutMs: number;
  maxConnections: number;
  maxConnectionsPerAddress: number;
  sendLimits: SendLimits;
  access: Access;
  logger: Logger;
  http: HttpHandler;
  /** Called for each connection that was let in. */
  onConnection: (connection: Connection) => ConnectionHandlers;
}

/** What to listen on: an address, or a socket that listens already. */
type Address = { host: string; port: number; exclusive: true } | { fd: number };

/** Listens on one port, on both loopback addresses when the host is one of them. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #servers: Server[] = [];
  readonly #authorized: WebSocketServer;
  readonly #unauthorized: WebSocketServer;
  readonly #perAddress = new Map<string, number>();
  #connections = 0;
  #closing = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    const common = { noServer: true, perMessageDeflate: false, clientTracking: false } as const;
    const [all, few] = [this.#messageLimit(true), this.#messageLimit(false)];
    this.#authorized = new WebSocketServer({ ...common, maxPayload: FRAME_FACTOR * all });
    this.#unauthorized = new WebSocketServer({ ...common, maxPayload: FRAME_FACTOR * few });
  }

  /**
   * Binds the port and calls `beforeAccept` before the first connection can be served.
   * @returns the port that is bound.
   * @throws the system's error (`code` EADDRINUSE, EACCES, ...) when it can't be bound.
   */
  async listen(beforeAccept: (port: number) => void | Promise<void>): Promise<number> {
    const { passedSockets } = this.#options;
    let announced = (): void => {};
    const ready = new Promise<void>((resolve) => {
      announced = resolve;
    });
    const port = await (passedSockets.length > 0 ? this.#adopt(passedSockets, ready) : this.#bindHost(ready));
    await beforeAccept(port);
    announced();
    return port;
  }

  /** Stops accepting; connections that exist go on. */
  stopAccepting(): void {
    this.#closing = true;
    for (const server of this.#servers) server.close();
  }

  /** Ends everything that is still open. */
  destroy(): void {
    this.stopAccepting();
    for (const server of this.#servers) server.closeAllConnections();
  }

  async #bindHost(ready: Promise<void>): Promise<number> {
    const { host, logger } = this.#options;
    const port = await this.#bind({ host, port: this.#options.port, exclusive: true }, ready);
    if (host === "127.0.0.1") {
      await this.#bind({ host: "::1", port, exclusive: true }, ready).catch((error: unknown) => {
        logger.debug({ error: String(error) }, "not listening on ::1");
      });
    }
    return port;
  }

  /** Serves on sockets that somebody else has bound; the first one's port is the hub's. */
  async #adopt(descriptors: readonly number[], ready: Promise<void>): Promise<number> {
    const ports: number[] = [];
    for (const fd of descriptors) ports.push(await this.#bind({ fd }, ready));
    const open = this.#servers.map(boundAddress).find(({ address }) => !isLoopback(address));
    if (open && this.#options.token === undefined) {
      throw new ConfigError(
        `The socket that was passed listens on ${open.address}, which opens the hub to other machines: bind it to 127.0.0.1, or give a token (--token-file).`,
      );
    }
    return ports[0] ?? this.#options.port;
  }

  /** Listens; requests that come before `ready` wait for it. */
  async #bind(where: Address, ready: Promise<void>): Promise<number> {
    const { tls, http, logger, identifyTimeoutMs, maxConnections } = this.#options;
    // Whoever says who he is a letter at a time has no longer for it than who is let in and says nothing.
    const timing = {
      headersTimeout: identifyTimeoutMs,
      requestTimeout: identifyTimeoutMs,
      connectionsCheckingInterval: Math.min(MAX_CHECK_MS, Math.ceil(identifyTimeoutMs / 2)),
    };
    const server: Server = tls ? createTlsServer({ ...tls, ...timing }) : createServer(timing);
    server.maxConnections = SOCKET_FACTOR * maxConnections + SPARE_SOCKETS;
    server.on("request", (request, response) => void ready.then(() => http(request, response)));
    server.on("upgrade", (request, socket, head) => {
      ready
        .then(() => this.#onUpgrade(request, socket, head))
        .catch((error: unknown) => {
          logger.error({ err: error }, "upgrade failed");
          socket.destroy();
        });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ ...where, backlog: BACKLOG }, () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
    server.on("error", (error) => logger.error({ err: error }, "listening socket failed"));
    this.#servers.push(server);
    return boundAddress(server).port;
  }

  async #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    const { access, logger } = this.#options;
    if (this.#closing) return refuseUpgrade(socket, 503, "The hub is stopping.");
    const foreign = access.refuseForeignUpgrade(request);
    if (foreign) return refuseUpgrade(socket, foreign.status, foreign.reason);
    const address = request.socket.remoteAddress ?? "unknown";
    const credential = access.credential(request);
    const { permit, hubProof } = credential ?? {};
    const origin = {
      permit,
      hubProof,
      session: access.session(request),
      address,
      typeHint: typeHint(request),
      maxMessageBytes: this.#messageLimit(permit !== undefined),
    };
    if (credential !== undefined && permit === undefined) {
      logger.warn({ address, client: origin.typeHint }, "connection refused: its token is wrong");
      const exhausted = await access.countFailure(address);
      if (exhausted) return refuseUpgrade(socket, 429, "Too many failed attempts.", { "Retry-After": "60" });
      return refuseUpgrade(socket, 401, "The token is wrong. It is in the file 'token' of the hub's state directory.");
    }
    const server = permit !== undefined ? this.#authorized : this.#unauthorized;
    server.handleUpgrade(request, socket, head, (webSocket) => this.#onOpen(webSocket, socket, origin));
  }

  #onOpen(webSocket: WebSocket, stream: Duplex, origin: ConnectionOrigin): void {
    const { maxConnections, maxConnectionsPerAddress, sendLimits } = this.#options;
    const connection = new Connection(webSocket, stream, origin, sendLimits);
    webSocket.on("error", (error) => this.#options.logger.debug({ error: error.message }, "socket error"));
    const ofAddress = this.#perAddress.get(origin.address) ?? 0;
    if (this.#connections >= maxConnections || ofAddress >= maxConnectionsPerAddress) {
      connection.close("TOO_MANY", `At most ${Math.min(maxConnections, maxConnectionsPerAddress)} connections.`);
      this.#noteClose(connection);
      return;
    }
    this.#count(origin.address, 1);
    const handlers = this.#options.onConnection(connection);
    webSocket.on("message", (data: Buffer, binary: boolean) => {
      connection.lastSeenAt = performance.now();
      handlers.onFrame(data, binary);
    });
    const alive = () => {
      connection.lastSeenAt = performance.now();
    };
    webSocket.on("pong", alive);
    webSocket.on("ping", alive);
    webSocket.on("close", (code) => {
      this.#count(origin.address, -1);
      this.#noteClose(connection);
      handlers.onClose(code);
    });
  }

  #messageLimit(isAuthorized: boolean): number {
    const { maxMessageBytes } = this.#options;
    return isAuthorized ? maxMessageBytes : Math.min(UNAUTHORIZED_MESSAGE_BYTES, maxMessageBytes);
  }

  /** Whoever wonders why a client is not there finds it in the log. */
  #noteClose({ closedAs: reason, origin }: Connection): void {
    if (!reason || reason === "GOING_AWAY") return;
    const { address, typeHint } = origin;
    this.#options.logger.warn({ reason, address, client: typeHint }, "connection closed by the hub");
  }

  #count(address: string, change: 1 | -1): void {
    this.#connections += change;
    const left = (this.#perAddress.get(address) ?? 0) + change;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }
}

function boundAddress(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new ConfigError("The listening socket has no port.");
  return address;
}

function typeHint(request: IncomingMessage): string {
  const query = new URL(request.url ?? "/", "http://hub").searchParams.get("clientType");
  if (query) return query.slice(0, 40);
  return /godot/i.test(request.headers["user-agent"] ?? "") ? "godot" : "unknown";
}
