/** The guard at the door of a connection: handshake, then `identify` in time and with the right token, before anything else. */
import { v4 as uuid } from "uuid";
import { encodeError, encodeMessage } from "../protocol/codec.ts";
import { readEnvelope } from "../protocol/envelope.ts";
import { toErrorObject, WireError } from "../protocol/errors.ts";
import { type ClientMessage, clientMessageSchema, type Identify } from "../protocol/messages.ts";
import {
  isProtocolVersionSupported,
  PRODUCT_VERSION,
  PROTOCOL_VERSION,
  PROTOCOL_VERSION_MIN,
} from "../protocol/version.ts";
import type { Access } from "./access.ts";
import type { Connection } from "./connection.ts";

export interface HandshakeOptions {
  access: Access;
  identifyTimeoutMs: number;
  heartbeatIntervalMs: number;
  heartbeatTimeoutMs: number;
  maxMessageBytes: number;
  /** The connection has identified itself; `freshId` is the id that the handshake announced. */
  onIdentified: (identify: Identify, freshId: string) => void;
}

/** One connection's opening. Feed it every frame until `onIdentified` is called. */
export class Handshake {
  readonly #connection: Connection;
  readonly #options: HandshakeOptions;
  readonly #freshId = uuid();
  readonly #deadline: NodeJS.Timeout;
  #done = false;

  constructor(connection: Connection, options: HandshakeOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#deadline = setTimeout(() => {
      this.dispose();
      connection.close("IDENTIFY_TIMEOUT", `No 'identify' within ${options.identifyTimeoutMs} ms.`);
    }, options.identifyTimeoutMs);
    connection.send(
      encodeMessage({
        type: "handshake",
        clientId: this.#freshId,
        serverVersion: PRODUCT_VERSION,
        protocolVersion: PROTOCOL_VERSION,
        heartbeat: { intervalMs: options.heartbeatIntervalMs, timeoutMs: options.heartbeatTimeoutMs },
        identifyTimeoutMs: options.identifyTimeoutMs,
        maxMessageBytes: options.maxMessageBytes,
      }),
    );
  }

  /** Handles a frame that came before the connection was identified. */
  async receive(frame: Buffer, binary: boolean): Promise<void> {
    if (this.#done) return;
    try {
      const message = readMessage(frame, binary);
      if (message.type === "heartbeat") {
        this.#connection.send(encodeMessage({ type: "heartbeat_ack", timestamp: message.timestamp }));
      } else if (message.type === "identify") await this.#identify(message);
    } catch (error) {
      this.#refuse("BAD_FRAME", error);
    }
  }

  /** Ends the deadline; nothing is handled any more. */
  dispose(): void {
    this.#done = true;
    clearTimeout(this.#deadline);
  }

  async #identify(identify: Identify): Promise<void> {
    const { access } = this.#options;
    const { origin } = this.#connection;
    if (!origin.authorized && !access.isToken(identify.token)) {
      this.dispose();
      await access.countFailure(origin.address);
      this.#connection.close("UNAUTHORIZED", "The token is missing or wrong.");
      return;
    }
    if (!isProtocolVersionSupported(identify.protocolVersion)) {
      this.#refuse("PROTOCOL_VERSION", unsupported(identify.protocolVersion));
      return;
    }
    this.dispose();
    this.#options.onIdentified(identify, this.#freshId);
  }

  #refuse(reason: "BAD_FRAME" | "PROTOCOL_VERSION", error: unknown): void {
    this.dispose();
    const { code, message, data } = toErrorObject(error);
    this.#connection.send(encodeError(null, { code, message, data }));
    this.#connection.close(reason, message.slice(0, 100));
  }
}

/**
 * Reads a typed message of a client.
 * @throws {WireError} PARSE_ERROR, INVALID_REQUEST for what is no typed message, INVALID_PARAMS naming the wrong member.
 */
export function readMessage(frame: Buffer, binary: boolean): ClientMessage {
  if (binary) throw binaryFrame();
  if (readEnvelope(frame).kind !== "message") {
    throw new WireError("INVALID_REQUEST", "The first message of a connection must be 'identify'.", {
      hint: "See 'Opening' in PROTOCOL.md.",
    });
  }
  return parseMessage(frame);
}

/** Validates a frame that is known to be a typed message. */
export function parseMessage(frame: Buffer): ClientMessage {
  const value: unknown = JSON.parse(frame.toString("utf8"));
  const parsed = clientMessageSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (!issue || issue.path[0] === "type") {
    throw new WireError("INVALID_REQUEST", "Unknown message type.", {
      hint: "A client sends 'identify', 'heartbeat' and 'heartbeat_ack', and JSON-RPC 2.0.",
    });
  }
  throw new WireError("INVALID_PARAMS", `'${issue.path.join(".")}': ${issue.message}.`);
}

/** The error for a binary frame. */
export function binaryFrame(): WireError {
  return new WireError("INVALID_REQUEST", "Binary frames are not part of this protocol.", {
    hint: "Send UTF-8 JSON in text frames.",
  });
}

function unsupported(version: number): WireError {
  return new WireError("VERSION_UNSUPPORTED", `Protocol version ${version} is not supported.`, {
    supported: { min: PROTOCOL_VERSION_MIN, max: PROTOCOL_VERSION },
    hint: "Update the older side: the hub, the adapter or the Godot addon.",
  });
}
