/** Reads what comes in, at the opening and afterwards. */
import type { Envelope } from "../../protocol/envelope.ts";
import { WireError } from "../../protocol/errors.ts";
import { type ClientMessage, clientMessageSchema } from "../../protocol/messages.ts";
import {
  NOTIFICATIONS,
  type NotificationMethod,
  type RequestEnvelope,
  type RequestId,
  requestEnvelopeSchema,
  requestIdSchema,
} from "../../protocol/rpc.ts";

/** Members of a request that are read. */
const MEMBERS = Object.keys(requestEnvelopeSchema.shape);

/** The params of an `event` notification. */
export type EventNotification = ReturnType<(typeof NOTIFICATIONS)["event"]["parse"]>;

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

/** True for the notifications that a client may send. */
export function isNotification(method: string): method is NotificationMethod {
  return Object.hasOwn(NOTIFICATIONS, method);
}

/**
 * Reads the members of a request that routing needs; its params only have to be an object.
 * @throws {WireError} INVALID_REQUEST naming the member, INVALID_PARAMS.
 */
export function parseRequest(envelope: Envelope): RequestEnvelope {
  const members: Record<string, unknown> = {};
  for (const name of MEMBERS) members[name] = envelope.members.get(name);
  const parsed = requestEnvelopeSchema.safeParse(members);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new WireError("INVALID_REQUEST", `'${issue?.path.join(".")}': ${issue?.message}.`, {
      hint: "See 'request' in PROTOCOL.md.",
    });
  }
  const { params, frame } = envelope;
  if (params && frame[params.start] !== 0x7b) throw new WireError("INVALID_PARAMS", "'params' must be an object.");
  return parsed.data;
}

/** How much of a text is quoted before the place where it is none, bytes. */
const QUOTED_BYTES = 24;

/**
 * Lets a frame pass whose strings are all text. Half of a surrogate pair and U+0000 are JSON, but nothing that Godot reads.
 * @throws {WireError} INVALID_PARAMS where they stand in the params, else INVALID_REQUEST.
 */
export function requireText({ textFault: at, params, frame }: Envelope): void {
  if (at === undefined) return;
  const unit = frame.toString("latin1", at, at + 6);
  const what = unit === "\\u0000" ? "U+0000" : `half a character (${unit})`;
  const before = JSON.stringify(frame.toString("utf8", Math.max(0, at - QUOTED_BYTES), at));
  const isInParams = params !== undefined && at >= params.start && at < params.end;
  throw new WireError(
    isInParams ? "INVALID_PARAMS" : "INVALID_REQUEST",
    `A text has ${what} at byte ${at}, after ${before}: Godot can't hold that.`,
    { hint: "Send whole characters. A text that was cut short may have been cut in the middle of one." },
  );
}

/**
 * Reads the params of a notification.
 * @throws {WireError} INVALID_PARAMS naming the member.
 */
export function parseParams<M extends NotificationMethod>(
  method: M,
  value: unknown,
): ReturnType<(typeof NOTIFICATIONS)[M]["parse"]> {
  const parsed = NOTIFICATIONS[method].safeParse(value);
  if (parsed.success) return parsed.data as ReturnType<(typeof NOTIFICATIONS)[M]["parse"]>;
  const [issue] = parsed.error.issues;
  throw new WireError("INVALID_PARAMS", `'${method}': '${issue?.path.join(".")}': ${issue?.message}.`);
}
