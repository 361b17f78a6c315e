/** A raw client of the hub's protocol: a WebSocket that keeps what it receives until a test asks for it. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { z } from "zod";
import { encodeRequest } from "../../protocol/codec.ts";
import {
  type Handshake,
  handshakeSchema,
  type Identified,
  type Identify,
  identifiedSchema,
} from "../../protocol/messages.ts";
import { type Request, type Response, responseSchema } from "../../protocol/rpc.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { type Deferred, deferred, type WaitOptions, within } from "./wait.ts";

/** Anything that the hub can send, as a test reads it. */
const messageSchema = z.looseObject({
  type: z.string().optional(),
  jsonrpc: z.string().optional(),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});
export type Message = z.infer<typeof messageSchema>;

/** One received frame: its bytes as text, and what they say. */
export interface Received {
  readonly text: string;
  readonly message: Message;
}

/** How a connection ended. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

export interface ConnectOptions {
  /** Sent as `Authorization: Bearer`; absent: no such header. */
  token?: string | undefined;
  headers?: Record<string, string>;
  /** Answer the hub's heartbeats and pings, as a living client does. Default: true. */
  answersHeartbeats?: boolean;
}

/** The upgrade to a WebSocket was refused with an HTTP status. */
export class UpgradeRefusedError extends Error {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];

  constructor(response: IncomingMessage) {
    super(`The upgrade was refused with ${response.statusCode}.`);
    this.name = "UpgradeRefusedError";
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
  }
}

type Waiter = Omit<Deferred<Received>, "promise"> & { readonly matches: (received: Received) => boolean };

/** One connection to a hub, from any kind of client. */
export class ProtocolClient {
  /** How the connection ended; pending while it lives. Never rejects. */
  readonly closed: Promise<Closing>;
  readonly #socket: WebSocket;
  readonly #answersHeartbeats: boolean;
  readonly #queue: Received[] = [];
  readonly #waiters = new Set<Waiter>();
  #closing: Closing | undefined;

  private constructor(socket: WebSocket, answersHeartbeats: boolean) {
    this.#socket = socket;
    this.#answersHeartbeats = answersHeartbeats;
    socket.on("message", (data: Buffer, binary: boolean) => {
      if (binary) throw new Error("The hub has sent a binary frame.");
      this.#receive(data);
    });
    socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once("close", (code, reason) => {
        this.#closing = { code, reason: reason.toString() };
        for (const waiter of this.#waiters) waiter.reject(this.#closedError());
        resolve(this.#closing);
      });
    });
  }

  /**
   * Opens a connection; the hub's `handshake` waits in the queue.
   * @throws {UpgradeRefusedError} when the hub answers with an HTTP status instead.
   */
  static async connect(url: string, options: ConnectOptions = {}): Promise<ProtocolClient> {
    const { token, headers = {}, answersHeartbeats = true } = options;
    const socket = new WebSocket(url, {
      headers: { ...(token !== undefined && { Authorization: `Bearer ${token}` }), ...headers },
      autoPong: answersHeartbeats,
      perMessageDeflate: false,
      maxPayload: 0,
    });
    const client = new ProtocolClient(socket, answersHeartbeats);
    const opened = new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
      socket.once("unexpected-response", (request, response) => {
        reject(new UpgradeRefusedError(response));
        request.destroy();
      });
    });
    await within(opened, { what: `a connection to ${url}` });
    return client;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** What was received and not yet taken by `next`, `request` or `identify`. */
  get queued(): readonly Received[] {
    return this.#queue;
  }

  /** Waits for the hub's first message. */
  async handshake(): Promise<Handshake> {
    const { message } = await this.next((received) => received.message.type === "handshake", { what: "handshake" });
    return handshakeSchema.parse(message);
  }

  /** Sends `identify` and waits for `identified`. */
  async identify(members: Partial<Identify> = {}): Promise<Identified> {
    this.sendMessage({ type: "identify", clientVersion: "1.0.0", clientType: "test", ...members });
    const { message } = await this.next((received) => received.message.type === "identified", { what: "identified" });
    return identifiedSchema.parse(message);
  }

  /** Sends bytes as one frame: text for a string, and for a buffer unless `binary`. */
  sendFrame(frame: string | Buffer, { binary = false } = {}): void {
    this.#socket.send(frame, { binary });
  }

  /** Sends `message` as JSON. */
  sendMessage(message: object): void {
    this.sendFrame(JSON.stringify(message));
  }

  /** Sends a request, whatever its answer, and waits for its response. */
  async request(
    method: string,
    params: Record<string, unknown> = {},
    envelope: Partial<Request> = {},
    wait: Partial<WaitOptions> = {},
  ): Promise<Response> {
    const request: Request = { jsonrpc: "2.0", id: randomUUID(), method, ...envelope, params };
    this.sendFrame(encodeRequest(request));
    return this.response(request.id, { what: `the response to ${method}`, ...wait });
  }

  /** Waits for the response to the request `id`. */
  async response(id: string | number | null, wait: Partial<WaitOptions> = {}): Promise<Response> {
    const isResponse = ({ message }: Received) => message.id === id && message.method === undefined;
    const { message } = await this.next(isResponse, { what: `the response to ${id}`, ...wait });
    return responseSchema.parse(message);
  }

  /** Takes the first frame that matches, out of those that are queued or yet to come. */
  async next(matches: (received: Received) => boolean, wait: WaitOptions): Promise<Received> {
    const index = this.#queue.findIndex(matches);
    const [queued] = index < 0 ? [] : this.#queue.splice(index, 1);
    if (queued) return queued;
    if (this.#closing) throw this.#closedError();
    const { promise, ...settle } = deferred<Received>();
    const waiter = { matches, ...settle };
    this.#waiters.add(waiter);
    try {
      return await within(promise, wait);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error} Queued: ${this.#describeQueue()}`);
    } finally {
      this.#waiters.delete(waiter);
    }
  }

  /** Stops reading: what the hub sends stays in the kernel and then in the hub. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Reads on. */
  resumeReading(): void {
    this.#socket.resume();
  }

  /** Closes with the WebSocket closing handshake and waits for its end. */
  async close(code = 1000): Promise<Closing> {
    this.#socket.close(code);
    return within(this.closed, { what: "the close" });
  }

  /** Drops the connection as a crashed process does: no closing handshake. */
  terminate(): void {
    this.#socket.terminate();
  }

  #receive(data: Buffer): void {
    const text = data.toString();
    const received = { text, message: messageSchema.parse(JSON.parse(text)) };
    if (this.#answersHeartbeats && received.message.type === "heartbeat") {
      this.sendMessage({ type: "heartbeat_ack", timestamp: received.message.timestamp });
      return;
    }
    for (const waiter of this.#waiters) {
      if (!waiter.matches(received)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(received);
      return;
    }
    this.#queue.push(received);
  }

  #describeQueue(): string {
    return this.#queue.map(({ text }) => text.slice(0, 200)).join(" ") || "nothing";
  }

  #closedError(): Error {
    return new Error(`The connection was closed with ${this.#closing?.code} ${this.#closing?.reason}`);
  }
}

/** Connects and identifies as an adapter, the kind of client that commands. */
export async function openAdapter(
  url: string,
  token: string | undefined,
  { identify = {}, ...options }: ConnectOptions & { identify?: Partial<Identify> } = {},
): Promise<{ client: ProtocolClient; identified: Identified }> {
  const client = await ProtocolClient.connect(url, { ...options, token });
  const identified = await client.identify({
    clientType: "mcp",
    protocolVersion: PROTOCOL_VERSION,
    agent: { name: "test-agent", version: "1.0.0" },
    ...identify,
  });
  return { client, identified };
}
