/** The guard at the door of a connection: handshake, then `identify` in time and with the right token, before anything else. */
import { v4 as uuid } from "uuid";
import { encodeError, encodeMessage } from "../../protocol/codec.ts";
import { readEnvelope } from "../../protocol/envelope.ts";
import { toErrorObject, WireError } from "../../protocol/errors.ts";
import type { Identify } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/rpc.ts";
import {
  isProtocolVersionSupported,
  PRODUCT_VERSION,
  PROTOCOL_VERSION,
  PROTOCOL_VERSION_MIN,
} from "../../protocol/version.ts";
import type { Access } from "../access/access.ts";
import type { Permission } from "../access/permission.ts";
import { tooLarge } from "../access/rejections.ts";
import { mayBe } from "../access/roles.ts";
import { BOUNDS } from "../bounds.ts";
import type { Connection } from "./connection.ts";
import { binaryFrame, parseMessage, readableId, requireText } from "./incoming.ts";

/** What the opening says and asks, times in ms. */
export interface HandshakeOptions {
  access: Access;
  identifyTimeoutMs: number;
  heartbeatIntervalMs: number;
  heartbeatTimeoutMs: number;
  /** The connection has identified itself; `freshId` is the id that the handshake announced. */
  onIdentified: (identify: Identify, freshId: string) => void;
}

/** One connection's opening. Feed it every frame until `onIdentified` is called. */
export class Handshake {
  readonly #connection: Connection;
  readonly #options: HandshakeOptions;
  readonly #freshId = uuid();
  readonly #deadline: NodeJS.Timeout;
  #frames = 0;
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
        maxMessageBytes: connection.origin.maxMessageBytes,
        ...demandOf(connection),
      }),
    );
  }

  /** Handles a frame that came before the connection was identified. */
  async receive(frame: Buffer, binary: boolean): Promise<void> {
    if (!this.count()) return;
    let id: RequestId | null = null;
    try {
      if (binary) throw binaryFrame();
      if (frame.length > BOUNDS.identify.most)
        throw tooLarge("A frame before 'identified'", frame.length, BOUNDS.identify.most);
      const envelope = readEnvelope(frame);
      id = readableId(envelope);
      if (envelope.kind !== "message") throw notIdentified();
      requireText(envelope);
      const message = parseMessage(frame);
      if (message.type === "heartbeat") {
        this.#connection.send(encodeMessage({ type: "heartbeat_ack", timestamp: message.timestamp }));
      } else if (message.type === "identify") await this.#identify(message);
    } catch (error) {
      this.#refuse("BAD_FRAME", error, id);
    }
  }

  /** Counts a frame of whatever kind. @returns false when nothing is handled any more: of too many, the connection is closed. */
  count(): boolean {
    this.#frames += 1;
    if (this.#done || this.#frames <= BOUNDS.openingFrames.most) return !this.#done;
    this.dispose();
    this.#connection.close("TOO_MANY", `More than ${BOUNDS.openingFrames.most} frames before 'identified'.`);
    return false;
  }

  /** Ends the deadline; nothing is handled any more. */
  dispose(): void {
    this.#done = true;
    clearTimeout(this.#deadline);
  }

  async #identify(identify: Identify): Promise<void> {
    const { access } = this.#options;
    const { origin } = this.#connection;
    this.#connection.permission ??= this.#proved(identify);
    const { permission } = this.#connection;
    if (permission === undefined) {
      this.dispose();
      const exhausted = await access.countFailure(origin.address);
      if (exhausted) this.#connection.close("TOO_MANY", "Too many failed attempts.");
      else this.#connection.close("UNAUTHORIZED", "The token is missing or wrong.");
      return;
    }
    if (!mayBe(permission, identify.clientType)) {
      this.dispose();
      access.noteRole(origin.address, permission, identify.clientType);
      this.#connection.close(
        "FORBIDDEN",
        `This token is not for clients of type '${identify.clientType}'.`.slice(0, 100),
      );
      return;
    }
    if (!isProtocolVersionSupported(identify.protocolVersion)) {
      this.#refuse("PROTOCOL_VERSION", unsupported(identify.protocolVersion));
      return;
    }
    this.dispose();
    const full = origin.place?.take(permission);
    if (full !== undefined) {
      this.#connection.close("TOO_MANY", full);
      return;
    }
    origin.place?.lift();
    this.#options.onIdentified(identify, this.#freshId);
  }

  /** What the message proves: that the token is known which the upgrade has announced, or that of the message itself. */
  #proved({ proof, token }: Identify): Permission | undefined {
    const { owed, session } = this.#connection.origin;
    if (owed) return owed.demand.isAnsweredBy(proof) ? owed.permission : undefined;
    return this.#options.access.permissionOf(session, token);
  }

  #refuse(reason: "BAD_FRAME" | "PROTOCOL_VERSION", error: unknown, id: RequestId | null = null): void {
    this.dispose();
    const refusal = toErrorObject(error);
    this.#connection.send(encodeError(id, refusal));
    this.#connection.close(reason, refusal.message.slice(0, 100));
  }
}

/** What the hub says to a client with which it exchanges proofs. */
function demandOf({ origin: { owed } }: Connection): { nonce: string; proof: string } | undefined {
  return owed && { nonce: owed.demand.nonce, proof: owed.demand.proof };
}

function notIdentified(): WireError {
  return new WireError("INVALID_REQUEST", "The first message of a connection must be 'identify'.", {
    hint: "See 'Opening' in PROTOCOL.md.",
  });
}

function unsupported(version: number): WireError {
  return new WireError("VERSION_UNSUPPORTED", `Protocol version ${version} is not supported.`, {
    supported: { min: PROTOCOL_VERSION_MIN, max: PROTOCOL_VERSION },
    hint: "Update the older side: the hub, the adapter or the Godot addon.",
  });
}
