/** Accepts WebSockets on the hub's port after the checks of the upgrade, within the limits of connections. Only this file knows the `ws` library. */
import type { IncomingMessage } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { networkOf } from "../../hub-client/unproved-sockets.ts";
import { SEND_STALL_MS } from "../../protocol/timing.ts";
import type { Access, Objection } from "../access/access.ts";
import type { Permission } from "../access/permission.ts";
import { Quota } from "../access/quota.ts";
import { LogThrottle } from "../access/rate-budget.ts";
import { BOUNDS, bytesOf } from "../bounds.ts";
import { Connection, type ConnectionOrigin, type SendLimits } from "./connection.ts";
import { MemoryBudget, UnfinishedMessages } from "./connection-memory.ts";
import { refuseUpgrade } from "./http.ts";
import type { MeteredStream } from "./metered-stream.ts";
import { Port, type PortOptions } from "./port.ts";

/** Largest message of a connection whose upgrade carried no token: no client may fill memory before `identify` has proved who it is. */
const UNAUTHORIZED_MESSAGE_BYTES = 512 * 1024;
/** A frame may be so many times larger than a message, so that one that is a little too large is answered instead of cut off. */
const FRAME_FACTOR = 2;

/** What happens on a connection. `onFrame` gets text as bytes; `binary` frames are not part of the protocol. */
export interface ConnectionHandlers {
  onFrame(frame: Buffer, binary: boolean): void;
  /** A ping or pong has come in. */
  onControl(): void;
  /** After the socket is closed; `code` as the peer gave it, 1006 when it gave none. */
  onClose(code: number): void;
}

/** Where to listen, whom to let in, and who looks after a connection. */
interface ListenerOptions extends Omit<PortOptions, "onUpgrade">, ConnectionLimits {
  /** Frames over twice this are refused by closing with 1009. */
  maxMessageBytes: number;
  /** Bytes that wait for a client from which on it is slow. */
  sendBufferBytes: number;
  access: Access;
  /** Called for each connection that was let in. */
  onConnection: (connection: Connection) => ConnectionHandlers;
}

/** Lets WebSockets in on the hub's port. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #port: Port;
  readonly #authorized: WebSocketServer;
  readonly #unauthorized: WebSocketServer;
  readonly #shares: ConnectionShares;
  readonly #log: LogThrottle;
  readonly #unfinished: UnfinishedMessages;
  readonly #sendLimits: SendLimits;
  #closing = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#port = new Port({
      ...options,
      onUpgrade: (request, stream, head) => this.#onUpgrade(request, stream, head),
    });
    this.#shares = new ConnectionShares(options);
    this.#log = new LogThrottle(options.logger, BOUNDS.refusalLines.most);
    const { maxMessageBytes, sendBufferBytes } = options;
    this.#unfinished = new UnfinishedMessages(bytesOf(BOUNDS.unfinished, maxMessageBytes));
    this.#sendLimits = {
      softBytes: sendBufferBytes,
      hardBytes: sendBufferBytes + maxMessageBytes,
      stallMs: SEND_STALL_MS,
      room: new MemoryBudget(bytesOf(BOUNDS.unsent, maxMessageBytes)),
    };
    const common = { noServer: true, perMessageDeflate: false, clientTracking: false, autoPong: false } as const;
    const [all, few] = [this.#messageLimit(true), this.#messageLimit(false)];
    this.#authorized = new WebSocketServer({ ...common, maxPayload: FRAME_FACTOR * all });
    this.#unauthorized = new WebSocketServer({ ...common, maxPayload: FRAME_FACTOR * few });
  }

  /** Binds the port: see `Port.listen`. */
  listen(beforeAccept: (port: number) => void | Promise<void>): Promise<number> {
    return this.#port.listen(beforeAccept);
  }

  /** Stops accepting; connections that exist go on. */
  stopAccepting(): void {
    this.#closing = true;
    this.#port.stopAccepting();
  }

  /** Ends everything that is still open. */
  destroy(): void {
    this.#closing = true;
    this.#port.destroy();
  }

  async #onUpgrade(request: IncomingMessage, stream: MeteredStream, head: Buffer): Promise<void> {
    const { access } = this.#options;
    if (this.#closing) return refuseUpgrade(stream, 503, "The hub is stopping.");
    const foreign = access.refuseForeignUpgrade(request);
    if (foreign) return refuseUpgrade(stream, foreign.status, foreign.reason);
    const address = stream.remoteAddress ?? "unknown";
    const credential = access.credential(request);
    const { permission, owed } = credential ?? {};
    const isKnown = permission !== undefined || owed !== undefined;
    const origin = {
      permission,
      owed,
      session: access.session(request),
      address,
      typeHint: typeHint(request),
      maxMessageBytes: this.#messageLimit(isKnown),
    };
    const objection = access.objectionTo(request, owed, this.#port.addresses);
    if (credential !== undefined && !isKnown) {
      this.#log.warn({ address, client: origin.typeHint }, "connection refused: its token is wrong");
      const exhausted = await access.countFailure(address);
      if (exhausted) return refuseUpgrade(stream, 429, "Too many failed attempts.", { "Retry-After": "60" });
      return refuseUpgrade(stream, 401, "The token is wrong. It is in the file 'token' of the hub's state directory.");
    }
    const server = isKnown ? this.#authorized : this.#unauthorized;
    server.handleUpgrade(request, stream, head, (webSocket) => this.#onOpen(webSocket, stream, origin, objection));
  }

  #onOpen(
    webSocket: WebSocket,
    stream: MeteredStream,
    origin: Omit<ConnectionOrigin, "place">,
    objection: Objection | undefined,
  ): void {
    const { logger, onConnection } = this.#options;
    const place = this.#placeFor(stream, origin.address);
    const connection = new Connection(webSocket, stream, { ...origin, place }, this.#sendLimits);
    stream.place.onEvicted = () => {
      connection.close("TOO_MANY", "Too many connections have shown no token: show it sooner.");
      // Its place is another's already: it is not waited for.
      setImmediate(() => stream.destroy());
    };
    stream.onExcess = () =>
      connection.close("TOO_MANY", `More than ${BOUNDS.openingBytes.most} bytes before 'identified'.`);
    webSocket.on("error", (error) => logger.debug({ error: error.message }, "socket error"));
    webSocket.on("close", () => {
      place.leave();
      connection.dispose();
      this.#noteClose(connection);
    });
    const full = origin.permission && place.take(origin.permission);
    const isRefused = objection ?? (full === undefined ? undefined : { reason: "TOO_MANY" as const, text: full });
    if (isRefused) {
      connection.close(isRefused.reason, isRefused.text);
      return;
    }
    stream.place.keepOpen();
    this.#countUnfinished(stream, connection);
    this.#listen(webSocket, stream, connection, onConnection(connection));
  }

  /** What comes in is handled in the connection's share of a turn. */
  #listen(webSocket: WebSocket, stream: MeteredStream, connection: Connection, handlers: ConnectionHandlers): void {
    const perform = (task: () => void): void => {
      connection.lastSeenAt = stream.heardAt;
      stream.perform(task);
    };
    webSocket.on("message", (data: Buffer, binary: boolean) =>
      perform(() => {
        stream.endMessage();
        handlers.onFrame(data, binary);
      }),
    );
    webSocket.on("pong", () => perform(() => handlers.onControl()));
    webSocket.on("ping", (data: Buffer) =>
      perform(() => {
        handlers.onControl();
        connection.pong(data);
      }),
    );
    webSocket.on("close", (code) => stream.performLast(() => handlers.onClose(code)));
  }

  #countUnfinished(stream: MeteredStream, connection: Connection): void {
    const message = {
      get permission() {
        return connection.permission;
      },
      hold: () => stream.hold(),
      goOn: () => stream.goOn(),
      giveUp: () => {
        stream.mute();
        connection.close("TOO_MANY", "Too many bytes of messages that are not whole.");
        setImmediate(() => stream.destroy());
      },
    };
    stream.onUnfinished = (bytes) => this.#unfinished.set(message, bytes);
  }

  #placeFor(stream: MeteredStream, address: string): ConnectionOrigin["place"] & { leave(): void } {
    let leave: (() => void) | undefined;
    return {
      take: (permission) => {
        if (leave) return undefined;
        const taken = this.#shares.take(address, permission);
        if (typeof taken === "string") return taken;
        leave = taken;
        stream.place.release();
        return undefined;
      },
      lift: () => stream.lift(),
      leave: () => leave?.(),
    };
  }

  #messageLimit(isAuthorized: boolean): number {
    const { maxMessageBytes } = this.#options;
    return isAuthorized ? maxMessageBytes : Math.min(UNAUTHORIZED_MESSAGE_BYTES, maxMessageBytes);
  }

  /** The log says why a client is not there. */
  #noteClose({ closedAs: reason, origin }: Connection): void {
    if (!reason || reason === "GOING_AWAY") return;
    const { address, typeHint } = origin;
    this.#log.warn({ reason, address, client: typeHint }, "connection closed by the hub", reason);
  }
}

function typeHint(request: IncomingMessage): string {
  const query = new URL(request.url ?? "/", "http://hub").searchParams.get("clientType");
  if (query) return query.slice(0, 40);
  return /godot/i.test(request.headers["user-agent"] ?? "") ? "godot" : "unknown";
}

/** How many there may be. */
interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
}

/** The counts of one hub. */
class ConnectionShares {
  readonly #mostPerNetwork: number;
  readonly #all: Quota;
  readonly #perNetwork = new Map<string, number>();

  constructor({ maxConnections, maxConnectionsPerAddress }: ConnectionLimits) {
    this.#mostPerNetwork = maxConnectionsPerAddress;
    this.#all = new Quota(maxConnections);
  }

  /** Counts a connection in. @returns what counts it out again, or why there is no room for it. */
  take(address: string, permission: Permission): (() => void) | string {
    const network = networkOf(address);
    const ofNetwork = this.#perNetwork.get(network) ?? 0;
    if (ofNetwork >= this.#mostPerNetwork) return `At most ${this.#mostPerNetwork} connections from one address.`;
    const shortage = this.#all.take(permission, 1);
    if (shortage) return `At most ${shortage.most} connections ${shortage.of}.`;
    this.#perNetwork.set(network, ofNetwork + 1);
    return () => {
      this.#all.give(permission, 1);
      this.#leave(network);
    };
  }

  #leave(network: string): void {
    const left = (this.#perNetwork.get(network) ?? 0) - 1;
    if (left > 0) this.#perNetwork.set(network, left);
    else this.#perNetwork.delete(network);
  }
}
