/** Builds frames from messages, and from other frames by writing routing members around the same bytes. */
import type { Envelope } from "./envelope.ts";
import type { ErrorObject } from "./errors.ts";
import type { ClientMessageInput, HubMessage } from "./messages.ts";
import type {
  EventParams,
  ProgressParams,
  Request,
  RequestContext,
  RequestEnvelope,
  RequestId,
  Respondent,
} from "./rpc.ts";

/** Text of a typed message. */
export function encodeMessage(message: HubMessage | ClientMessageInput): string {
  return JSON.stringify(message);
}

/** Text of a request, routing members first: a reader that stops at `params` has seen them all. */
export function encodeRequest({ params, ...envelope }: Request): string {
  return JSON.stringify({ ...envelope, params: params ?? {} });
}

/** Text of a response with a result. */
export function encodeResult(id: RequestId, result: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result });
}

/** Text of a response with an error; `id` is null when the request could not be read. */
export function encodeError(id: RequestId | null, error: ErrorObject, instance?: Respondent): string {
  return JSON.stringify({ jsonrpc: "2.0", id, ...(instance && { instance }), error });
}

/** Text of a notification. */
export function encodeNotification(
  method: "event" | "progress" | "cancel",
  params: EventParams | ProgressParams | { id: RequestId },
): string {
  return JSON.stringify({ jsonrpc: "2.0", method, params });
}

/** What the hub says to an instance about a request, beside its params. */
export interface ForwardedEnvelope extends Pick<RequestEnvelope, "method" | "deadlineMs" | "attempt" | "epoch"> {
  id: string;
  /** From `encodeContext`. */
  context: string;
}

/** Text of who asks: the same for every request of a client, so it is made once. */
export function encodeContext(context: RequestContext): string {
  return JSON.stringify(context);
}

/** What stands at the end of every response of `instance` that is forwarded; made once. */
export function encodeRespondent(instance: Respondent): Buffer {
  return Buffer.from(`,"instance":${JSON.stringify(instance)}}`);
}

const EMPTY_PARAMS = Buffer.from("{}");
const CLOSE_BRACE = Buffer.from("}");
const CLOSE_BRACE_BYTE = 0x7d;

/** The frame for an instance: new routing members, and the `params` of `source` byte for byte. */
export function spliceRequest(source: Envelope, forwarded: ForwardedEnvelope): Buffer {
  const { id, method, deadlineMs, attempt, epoch, context } = forwarded;
  const head = JSON.stringify({ jsonrpc: "2.0", id, method, deadlineMs, attempt, epoch });
  const params = source.params ? source.frame.subarray(source.params.start, source.params.end) : EMPTY_PARAMS;
  return Buffer.concat([Buffer.from(`${head.slice(0, -1)},"context":${context},"params":`), params, CLOSE_BRACE]);
}

/**
 * The frame for the client that asked, in pieces: its own id, `instance` as the last member, everything else byte for byte.
 * In pieces, because joining them would copy an answer of any size once more.
 * @param response The envelope of the instance's response.
 * @param id The asking client's id, as the JSON text in which it came.
 * @param respondent From `encodeRespondent`.
 */
export function spliceResponse(response: Envelope, id: Buffer, respondent: Buffer): Buffer[] {
  const { frame, id: range } = response;
  if (!range) throw new RangeError("a response without an id can't be forwarded");
  const end = frame.lastIndexOf(CLOSE_BRACE_BYTE);
  return [frame.subarray(0, range.start), id, frame.subarray(range.end, end), respondent];
}
