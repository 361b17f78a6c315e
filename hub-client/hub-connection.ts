/** One connection to the hub: the opening, liveness and frames. */
import type { Agent } from "node:https";
import { CLOSE_CODES } from "../protocol/close-codes.ts";
import { encodeMessage } from "../protocol/codec.ts";
import {
  type Handshake,
  type HubMessage,
  hubMessageSchema,
  type Identified,
  type Identify,
} from "../protocol/messages.ts";
import { ProofExchange } from "../protocol/proof.ts";
import { MAX_FRAME_BYTES } from "../protocol/timing.ts";
import { isProtocolVersionSupported, PRODUCT_VERSION, PROTOCOL_VERSION } from "../protocol/version.ts";
import { busyHub, noHub, type OpenError, protocolMismatch, refusal, untrustedHub } from "./client-errors.ts";
import { answerTo } from "./conversation.ts";
import type { HubEndpoint } from "./hub-endpoint.ts";
import { bytesOf, HubSocket, readFrame } from "./hub-socket.ts";
import { codeOf } from "./node-errors.ts";

/** Another program listens there. */
const IMPOSTOR = "what listens there does not know the token of this hub, and was not told it";
/** From dialing to `identified`. */
const OPENING_TIMEOUT_MS = 5_000;
/** How long the hub may take to answer a close. */
const CLOSING_TIMEOUT_MS = 500;
/** A close that both sides want (RFC 6455, section 7.4.1). */
const NORMAL_CLOSE = 1000;
/** What Node calls the failures of a certificate's check. */
const CERTIFICATE_ERROR = /CERT|SIGNATURE|ALTNAME/;

/** Whom a connection tells. */
export interface ConnectionEvents {
  /** What a frame of `size` bytes says that is none of the heartbeat's. */
  onMessage: (message: unknown, size: number) => void;
  /** The connection is over; called once, and only for a connection that `open` has returned. */
  onClose: (code: number, reason: string) => void;
}

/** What a client says of itself; the rest of `identify` is the same for every client. */
export type Identity = Pick<Identify, "clientType" | "agent" | "cwd" | "project" | "resumeToken">;

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
   * Dials `endpoint` and identifies itself.
   * @throws {OpenError} when there is no hub, or it does not want this client.
   */
  static async open(endpoint: HubEndpoint, identity: Identity, events: ConnectionEvents): Promise<HubConnection> {
    const agent = await agentFor(endpoint);
    const { token, url } = endpoint;
    const exchange = token === undefined ? undefined : new ProofExchange(token, url);
    const socket = new HubSocket(url, { authorization: exchange?.authorization, agent, timeoutMs: OPENING_TIMEOUT_MS });
    const identify = (handshake: Handshake): Identify => {
      if (!isProtocolVersionSupported(handshake.protocolVersion)) throw protocolMismatch(handshake.serverVersion);
      const proof = exchange?.answerTo(handshake);
      if (exchange && proof === undefined) throw noHub(endpoint, IMPOSTOR);
      return identifyAs({ ...identity, ...(proof !== undefined && { proof }) });
    };
    const connected = (handshake: Handshake, identified: Identified) =>
      new HubConnection(socket, handshake, identified, events);
    return opened(socket, endpoint, identify, connected);
  }

  /** True until one side has begun to close. */
  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  /** Sends one frame. What a dying connection swallows is sent again on the next one. */
  send(text: string): void {
    this.#socket.post(text);
  }

  /** Says goodbye, so that the hub keeps nothing for a client that will not come back. */
  close(): void {
    this.#socket.close(NORMAL_CLOSE);
    const timer = setTimeout(() => this.#socket.terminate(), CLOSING_TIMEOUT_MS).unref();
    void this.closed.then(() => clearTimeout(timer));
  }

  #receive(frame: Buffer, events: ConnectionEvents): void {
    this.#heard();
    const message = readFrame(frame);
    // Only a message of the opening or the heartbeat has a type: the rest need not be held against their schemas.
    const typed = isTyped(message) ? hubMessageSchema.safeParse(message).data : undefined;
    if (!typed) events.onMessage(message, frame.length);
    else {
      const reply = answerTo(typed, () => undefined);
      if (reply) this.send(encodeMessage(reply));
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

/**
 * Goes through the opening.
 * @param connected Called at once, so that no frame behind `identified` is missed.
 * @throws {OpenError} when it fails; then the socket is gone.
 */
function opened<T>(
  socket: HubSocket,
  endpoint: HubEndpoint,
  identify: (handshake: Handshake) => Identify,
  connected: (handshake: Handshake, identified: Identified) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let handshake: Handshake | undefined;
    const fail = (error: unknown) => {
      clearTimeout(deadline);
      socket.abandon();
      reject(error);
    };
    const receive = (message: HubMessage | undefined) => {
      if (!message) return;
      if (message.type === "handshake") handshake = message;
      const answer = answerTo(message, identify);
      if (answer) socket.send(encodeMessage(answer));
      if (message.type !== "identified" || !handshake) return;
      clearTimeout(deadline);
      socket.removeAllListeners();
      socket.on("error", () => {});
      resolve(connected(handshake, message));
    };
    const deadline = setTimeout(() => fail(noHub(endpoint, "it did not answer in time")), OPENING_TIMEOUT_MS);
    socket.on("error", (error) => fail(unanswered(endpoint, error)));
    socket.on("unexpected-response", (_request, { statusCode }) => fail(refusedUpgrade(endpoint, statusCode)));
    socket.on("close", (code, reason) => fail(closedEarly(endpoint, code, reason.toString())));
    socket.on("message", (data) => {
      try {
        receive(hubMessageSchema.safeParse(readFrame(bytesOf(data))).data);
      } catch (error) {
        fail(error);
      }
    });
  });
}

/** How to dial a hub that speaks TLS: loaded for those few only. */
async function agentFor({ url, tlsCa }: HubEndpoint): Promise<Agent | undefined> {
  if (tlsCa === undefined || !url.startsWith("wss:")) return undefined;
  return (await import("./hub-tls.ts")).agentTrusting(tlsCa);
}

function unanswered(endpoint: HubEndpoint, error: Error): OpenError {
  const isCertificate = CERTIFICATE_ERROR.test(String(codeOf(error)));
  return isCertificate ? untrustedHub(`${endpoint.url}: ${error.message}`) : noHub(endpoint, error.message);
}

function identifyAs(identity: Identity & Pick<Identify, "proof">): Identify {
  return {
    type: "identify",
    clientVersion: PRODUCT_VERSION,
    protocolVersion: PROTOCOL_VERSION,
    pid: process.pid,
    maxMessageBytes: MAX_FRAME_BYTES,
    ...identity,
  };
}

function isTyped(message: unknown): boolean {
  return typeof message === "object" && message !== null && "type" in message;
}

function refusedUpgrade(endpoint: HubEndpoint, status: number | undefined): OpenError {
  const code = status === 401 ? CLOSE_CODES.UNAUTHORIZED : status === 403 ? CLOSE_CODES.FORBIDDEN : undefined;
  const refused = code && refusal(code, "");
  if (refused) return refused;
  if (status === 429) return busyHub("too many failed attempts came from this address");
  if (status === 503) return busyHub("it is stopping or has too many connections");
  return noHub(endpoint, `what listens there is no hub (HTTP ${status})`);
}

function closedEarly(endpoint: HubEndpoint, code: number, reason: string): OpenError {
  if (code === CLOSE_CODES.TOO_MANY) return busyHub(reason || "it has too many connections");
  return refusal(code, reason) ?? noHub(endpoint, reason || `it closed the connection with ${code}`);
}
