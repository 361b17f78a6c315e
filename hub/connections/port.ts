/** The hub's port: binds it, counts the sockets that have proved nothing, meters each, and reads TLS and HTTP from them. */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type { Logger } from "pino";
import { hasCode } from "../../hub-client/node-errors.ts";
import { UnprovedSockets } from "../../hub-client/unproved-sockets.ts";
import { BOUNDS, unprovedSocketsFor } from "../bounds.ts";
import { ConfigError, isLoopback } from "../config.ts";
import type { HttpHandler } from "./http.ts";
import { MeteredStream } from "./metered-stream.ts";
import { TurnBudget } from "./turn-budget.ts";

/** Connections that may wait to be accepted: when a hub returns, everybody comes at once, and who finds no room there waits for seconds. */
const BACKLOG = 4_096;
/** How often requests that do not end are looked for, ms. */
const MAX_CHECK_MS = 2_000;
/** Sockets on their way out again. */
const SPARE_SOCKETS = 64;

/** A name may stand for either. */
const OTHER_LOOPBACK: ReadonlyMap<string, string> = new Map([
  ["127.0.0.1", "::1"],
  ["::1", "127.0.0.1"],
]);

/** Where to listen, and who answers. */
export interface PortOptions {
  host: string;
  port: number;
  /** Descriptors of sockets that listen already, used in place of `host` and `port`. */
  passedSockets: readonly number[];
  /** Given explicitly: without one, only this machine is served. */
  token: string | undefined;
  /** Files of the certificate chain and its key, in PEM: with them the port speaks TLS. */
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  /** Time that a socket has to prove who it is, ms. */
  identifyTimeoutMs: number;
  readonly maxConnections: number;
  logger: Logger;
  http: HttpHandler;
  /** A request for a WebSocket, and the socket that it came on. */
  onUpgrade: (request: IncomingMessage, stream: MeteredStream, head: Buffer) => Promise<void>;
}

/** What to listen on: an address, or a socket that listens already. */
type Address = { host: string; port: number; exclusive: true } | { fd: number };

/** Listens on one port, on both loopback addresses when the host is one of them. */
export class Port {
  readonly #options: PortOptions;
  readonly #servers: Server[] = [];
  readonly #turns = new TurnBudget();
  readonly #unproved: UnprovedSockets;
  readonly #secureContext: SecureContext | undefined;
  #onReady = (): void => {};
  readonly #ready = new Promise<void>((resolve) => {
    this.#onReady = resolve;
  });

  constructor(options: PortOptions) {
    this.#options = options;
    const { identifyTimeoutMs: deadlineMs, maxConnections, tlsCert, tlsKey } = options;
    this.#unproved = new UnprovedSockets({
      most: unprovedSocketsFor(maxConnections),
      deadlineMs,
      silentMs: BOUNDS.silence.most,
    });
    if (tlsCert && tlsKey)
      this.#secureContext = createSecureContext({
        cert: readFileSync(tlsCert, "utf8"),
        key: readFileSync(tlsKey, "utf8"),
      });
  }

  /**
   * Binds the port and calls `beforeAccept` before the first connection can be served.
   * @returns the port that is bound.
   * @throws the system's error (`code` EADDRINUSE, EACCES, ...) when it can't be bound.
   */
  async listen(beforeAccept: (port: number) => void | Promise<void>): Promise<number> {
    const { passedSockets } = this.#options;
    const port = await (passedSockets.length > 0 ? this.#adopt(passedSockets) : this.#bindHost());
    await beforeAccept(port);
    this.#onReady();
    return port;
  }

  /** Where it listens. */
  get addresses(): readonly AddressInfo[] {
    return this.#servers.filter(({ listening }) => listening).map(boundAddress);
  }

  /** Stops accepting; connections that exist go on, and requests that have begun are answered. */
  stopAccepting(): void {
    for (const server of this.#servers) server.close();
  }

  /** Ends every socket that is not a connection. */
  destroy(): void {
    this.stopAccepting();
    for (const server of this.#servers) server.closeAllConnections();
    this.#unproved.dispose();
  }

  async #bindHost(): Promise<number> {
    const { host, logger } = this.#options;
    const port = await this.#bind({ host, port: this.#options.port, exclusive: true });
    const other = OTHER_LOOPBACK.get(host);
    if (other !== undefined) {
      await this.#bind({ host: other, port, exclusive: true }).catch((error: unknown) => {
        if (hasCode(error, "EADDRINUSE"))
          logger.warn({ address: other, port }, "another program listens there: the hub does not");
        else logger.info({ address: other, error: String(error) }, "the hub does not listen there");
      });
    }
    return port;
  }

  /** Serves on sockets that the service manager has bound; the first one's port is the hub's. */
  async #adopt(descriptors: readonly number[]): Promise<number> {
    const ports: number[] = [];
    for (const fd of descriptors) ports.push(await this.#bind({ fd }));
    const open = this.#servers.map(boundAddress).find(({ address }) => !isLoopback(address));
    if (open && this.#options.token === undefined) {
      throw new ConfigError(
        `The socket that was passed listens on ${open.address}, which opens the hub to other machines: bind it to 127.0.0.1, or give a token (--token-file).`,
      );
    }
    return ports[0] ?? this.#options.port;
  }

  async #bind(where: Address): Promise<number> {
    const { logger, maxConnections } = this.#options;
    const server = this.#createServer();
    server.maxConnections = maxConnections + unprovedSocketsFor(maxConnections) + SPARE_SOCKETS;
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

  /** What the HTTP server is to read from, in the place of a socket that was accepted. */
  #metered(socket: Socket): MeteredStream {
    socket.on("error", () => socket.destroy());
    const place = this.#unproved.add(socket);
    return new MeteredStream(this.#decrypted(socket), this.#turns, place);
  }

  #decrypted(socket: Socket): Socket {
    const secureContext = this.#secureContext;
    if (!secureContext) return socket;
    return new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ["http/1.1"] });
  }

  /** Reads HTTP; requests that come before the hub is ready wait for it. */
  #createServer(): Server {
    const { http, logger, onUpgrade, identifyTimeoutMs } = this.#options;
    // A request that trickles in has no more time than a silent connection.
    const server = createServer({
      headersTimeout: identifyTimeoutMs,
      requestTimeout: identifyTimeoutMs,
      connectionsCheckingInterval: Math.min(MAX_CHECK_MS, Math.ceil(identifyTimeoutMs / 2)),
    });
    const serve = server.listeners("connection");
    server.removeAllListeners("connection").on("connection", (socket: Socket) => {
      const stream = this.#metered(socket);
      for (const each of serve) each.call(server, stream);
    });
    server.maxRequestsPerSocket = BOUNDS.requestsPerSocket.most;
    server.on("request", (request, response) => {
      void this.#ready.then(() => streamOf(request).perform(() => http(request, response)));
    });
    server.on("upgrade", (request, socket, head) => {
      this.#ready
        .then(() => onUpgrade(request, streamOf(request), head))
        .catch((error: unknown) => {
          logger.error({ err: error }, "upgrade failed");
          socket.destroy();
        });
    });
    return server;
  }
}

/** Every socket of this server is a metered one. */
function streamOf({ socket }: { readonly socket: unknown }): MeteredStream {
  if (socket instanceof MeteredStream) return socket;
  throw new RangeError("a request came on a socket that was not accepted here");
}

function boundAddress(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new ConfigError("The listening socket has no port.");
  return address;
}
