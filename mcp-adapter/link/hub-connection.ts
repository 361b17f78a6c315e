/** One connection to the hub: the opening, liveness and frames. The only file of the adapter that names a socket library. */
import type { Agent } from "node:https";
import { type ClientOptions, type RawData, WebSocket } from "ws";
import { codeOf } from "../../hub-client/node-errors.ts";
import { readForwarded } from "../../protocol/answer-text.ts";
import { CLOSE_CODES } from "../../protocol/close-codes.ts";
import { encodeMessage } from "../../protocol/codec.ts";
import { type Handshake, hubMessageSchema, type Identified, type Identify } from "../../protocol/messages.ts";
import { ProofExchange } from "../../protocol/proof.ts";
import { MAX_FRAME_BYTES } from "../../protocol/timing.ts";
import { isProtocolVersionSupported, PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import { OneWritePerTurn } from "../process/one-write-per-turn.ts";
import { parseExactly } from "./exact-json.ts";
import type { HubEndpoint } from "./hub-endpoint.ts";
import { busyHub, noHub, type OpenFailure, protocolMismatch, refusal, untrustedHub } from "./open-failure.ts";

/** Another program listens there. */
const IMPOSTOR = "what listens there does not know this hub's token, and was not told it";
/** From dialing to `identified`. */
const OPENING_TIMEOUT_MS = 5_000;
/** What Node calls the failures of a certificate's check. */
const CERTIFICATE_ERROR = /CERT|SIGNATURE|ALTNAME/;

export interface ConnectionEvents {
  /** What a frame of `size` bytes says that is none of the heartbeat's. */
  onMessage: (message: unknown, size: number) => void;
  /** The connection is over; called once, and only for a connection that `open` has returned. */
  onClose: (code: number, reason: string) => void;
}

/** What the adapter says of itself; the rest of `identify` is the same for every adapter. */
export type Introduction = Pick<Identify, "agent" | "cwd" | "project" | "resumeToken">;

/** A WebSocket whose frames of one turn leave in one write. */
class HubSocket extends WebSocket {
  #writes: OneWritePerTurn | undefined;

  constructor(url: string, options: ClientOptions) {
    super(url, options);
    this.once("upgrade", ({ socket }) => {
      this.#writes = new OneWritePerTurn(socket);
    });
  }

  /** Sends without asking what became of it. */
  post(text: string): void {
    this.#writes?.hold();
    this.send(text, () => {});
  }
}

/** An identified connection. */
export class HubConnection {
  readonly handshake: Handshake;
  readonly identified: Identified;
  /** Fulfilled when the connection is over. */
  readonly closed: Promise<void>;
  readonly #socket: HubSocket;
  readonly #liveness: NodeJS.Timeout;
  #heardAt = performance.now();

  private constructor(socket: HubSocket, handshake: Handshake, identified: Identified, events: ConnectionEvents) {
    this.#socket = socket;
    this.handshake = handshake;
    this.identified = identified;
    this.#liveness = setInterval(() => this.#checkLiveness(), handshake.heartbeat.intervalMs).unref();
    socket.on("ping", () => this.#heard());
    socket.on("message", (data) => this.#receive(bytesOf(data), events));
    this.closed = new Promise((resolve) => {
      socket.once("close", (code, reason) => {
        clearInterval(this.#liveness);
        events.onClose(code, reason.toString());
        resolve();
      });
    });
  }

  /**
   * Dials `endpoint` and introduces itself.
   * @throws {OpenFailure} when there is no hub, or it does not want this client.
   */
  static async open(
    endpoint: HubEndpoint,
    introduction: Introduction,
    events: ConnectionEvents,
  ): Promise<HubConnection> {
    const agent = await agentFor(endpoint);
    const { token, url } = endpoint;
    const exchange = token === undefined ? undefined : new ProofExchange(token, url);
    const socket = dial(url, exchange?.authorization, agent);
    return new Promise((resolve, reject) => {
      let handshake: Handshake | undefined;
      const fail = (failure: OpenFailure) => {
        clearTimeout(deadline);
        socket.removeAllListeners();
        socket.on("error", () => {});
        socket.terminate();
        reject(failure);
      };
      const deadline = setTimeout(() => fail(noHub(endpoint, "it did not answer in time")), OPENING_TIMEOUT_MS);
      socket.on("error", (error) => fail(unanswered(endpoint, error)));
      socket.on("unexpected-response", (_request, { statusCode }) => fail(refusedUpgrade(endpoint, statusCode)));
      socket.on("close", (code, reason) => fail(closedEarly(endpoint, code, reason.toString())));
      socket.on("message", (data) => {
        const message = hubMessageSchema.safeParse(read(bytesOf(data))).data;
        if (message?.type === "handshake") {
          handshake = message;
          const proof = exchange?.answerTo(message);
          if (!isProtocolVersionSupported(message.protocolVersion)) fail(protocolMismatch(message.serverVersion));
          else if (exchange && proof === undefined) fail(noHub(endpoint, IMPOSTOR));
          else socket.send(encodeMessage(identify({ ...introduction, ...(proof !== undefined && { proof }) })));
        } else if (message?.type === "identified" && handshake) {
          clearTimeout(deadline);
          socket.removeAllListeners();
          socket.on("error", () => {});
          resolve(new HubConnection(socket, handshake, message, events));
        }
      });
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Sends one frame. What a dying connection swallows is sent again on the next one. */
  send(text: string): void {
    this.#socket.post(text);
  }

  /** Says goodbye. */
  close(): void {
    this.#socket.close(1000);
  }

  #receive(frame: Buffer, events: ConnectionEvents): void {
    this.#heard();
    const message = read(frame);
    // Only a message of the opening or the heartbeat has a type: the rest need not be held against their schemas.
    const typed = isTyped(message) ? hubMessageSchema.safeParse(message).data : undefined;
    if (!typed) events.onMessage(message, frame.length);
    else if (typed.type === "heartbeat") {
      this.send(encodeMessage({ type: "heartbeat_ack", timestamp: typed.timestamp }));
    }
  }

  #heard(): void {
    this.#heardAt = performance.now();
  }

  /** A hub that went away without a word, as after a sleep or on a broken link, must not be waited for. */
  #checkLiveness(): void {
    const silentMs = performance.now() - this.#heardAt;
    if (silentMs >= this.handshake.heartbeat.timeoutMs) this.#socket.terminate();
    else if (silentMs >= this.handshake.heartbeat.intervalMs / 2) {
      this.send(encodeMessage({ type: "heartbeat", timestamp: Date.now() }));
    }
  }
}

/** How to dial a hub that speaks TLS: loaded for those few only. */
async function agentFor({ url, tlsCa }: HubEndpoint): Promise<Agent | undefined> {
  if (tlsCa === undefined || !url.startsWith("wss:")) return undefined;
  return (await import("./hub-tls.ts")).agentTrusting(tlsCa);
}

function unanswered(endpoint: HubEndpoint, error: Error): OpenFailure {
  const isCertificate = CERTIFICATE_ERROR.test(String(codeOf(error)));
  return isCertificate ? untrustedHub(`${endpoint.url}: ${error.message}`) : noHub(endpoint, error.message);
}

function dial(url: string, authorization: string | undefined, agent: Agent | undefined): HubSocket {
  return new HubSocket(url, {
    ...(agent && { agent }),
    headers: { ...(authorization !== undefined && { Authorization: authorization }) },
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    handshakeTimeout: OPENING_TIMEOUT_MS,
  });
}

function identify(introduction: Introduction & Pick<Identify, "proof">): Identify {
  return {
    type: "identify",
    clientType: "mcp",
    clientVersion: PRODUCT_VERSION,
    protocolVersion: PROTOCOL_VERSION,
    pid: process.pid,
    maxMessageBytes: MAX_FRAME_BYTES,
    ...introduction,
  };
}

function bytesOf(data: RawData): Buffer {
  return Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function read(frame: Buffer): unknown {
  return readForwarded(frame, parseExactly);
}

function isTyped(message: unknown): boolean {
  return typeof message === "object" && message !== null && "type" in message;
}

function refusedUpgrade(endpoint: HubEndpoint, status: number | undefined): OpenFailure {
  const code = status === 401 ? CLOSE_CODES.UNAUTHORIZED : status === 403 ? CLOSE_CODES.FORBIDDEN : undefined;
  const refused = code && refusal(code, "");
  if (refused) return refused;
  if (status === 429) return busyHub("too many failed attempts came from this address");
  if (status === 503) return busyHub("it is stopping or has too many connections");
  return noHub(endpoint, `what listens there is no hub (HTTP ${status})`);
}

function closedEarly(endpoint: HubEndpoint, code: number, reason: string): OpenFailure {
  if (code === CLOSE_CODES.TOO_MANY) return busyHub(reason || "it has too many connections");
  return refusal(code, reason) ?? noHub(endpoint, reason || `it closed the connection with ${code}`);
}
