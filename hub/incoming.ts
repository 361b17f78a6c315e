/** What connections that are opening and those that are identified read alike. */
import type { Envelope } from "../protocol/envelope.ts";
import { WireError } from "../protocol/errors.ts";
import { type ClientMessage, clientMessageSchema } from "../protocol/messages.ts";
import { type RequestId, requestIdSchema } from "../protocol/rpc.ts";

/** The id under which a frame can be answered; null when it has none that can be read. */
export function readableId(envelope: Envelope): RequestId | null {
  const id = requestIdSchema.safeParse(envelope.members.get("id"));
  return id.success ? id.data : null;
}

/**
 * Reads a frame that is known to be a typed message.
 * @throws {WireError} INVALID_REQUEST for an unknown type or a wrong member, INVALID_PARAMS for a wrong member of `identify`.
 */
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
  const isIdentify = typeof value === "object" && value !== null && "type" in value && value.type === "identify";
  throw new WireError(
    isIdentify ? "INVALID_PARAMS" : "INVALID_REQUEST",
    `'${issue.path.join(".")}': ${issue.message}.`,
  );
}

/** The error for a binary frame. */
export function binaryFrame(): WireError {
  return new WireError("INVALID_REQUEST", "Binary frames are not part of this protocol.", {
    hint: "Send UTF-8 JSON in text frames.",
  });
}
