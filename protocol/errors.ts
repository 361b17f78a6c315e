/** Error codes of the wire and the one error type that carries them. A local bug is never a WireError. */
import { z } from "zod";

/** Code of each kind, as listed in PROTOCOL.md. */
export const ERROR_CODES = {
  PARSE_ERROR: -32700,
  INVALID_REQUEST: -32600,
  METHOD_NOT_FOUND: -32601,
  INVALID_PARAMS: -32602,
  INTERNAL_ERROR: -32603,
  NO_SCENE_OPEN: -32000,
  NOT_FOUND: -32001,
  SCRIPT_COMPILE_FAILED: -32002,
  NO_INSTANCE: -32010,
  TARGET_NOT_FOUND: -32011,
  TARGET_AMBIGUOUS: -32012,
  INSTANCE_DISCONNECTED: -32013,
  OUTCOME_UNKNOWN: -32014,
  TIMEOUT: -32015,
  CANCELLED: -32016,
  BUSY: -32017,
  LEASE_HELD: -32018,
  FORBIDDEN: -32019,
  RATE_LIMITED: -32020,
  TOO_LARGE: -32021,
  HUB_SHUTTING_DOWN: -32022,
  VERSION_UNSUPPORTED: -32023,
  CONFLICT: -32024,
} as const;

/** Name of an error code: what a program branches on. */
export type ErrorKind = keyof typeof ERROR_CODES;

/** Kinds after which the same request may be sent again and can succeed. */
const RETRYABLE: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  "NO_INSTANCE",
  "TARGET_NOT_FOUND",
  "INSTANCE_DISCONNECTED",
  "BUSY",
  "LEASE_HELD",
  "RATE_LIMITED",
  "HUB_SHUTTING_DOWN",
]);

/** The data beside code and message: the kind, whether a retry can help, and the reader's next step. */
export const errorDataSchema = z.looseObject({
  kind: z.string(),
  retryable: z.boolean().optional(),
  hint: z.string().optional(),
  candidates: z.array(z.string()).optional(),
});
export type ErrorData = z.infer<typeof errorDataSchema>;

/** The `error` member of a JSON-RPC 2.0 response. */
export const errorObjectSchema = z.object({
  code: z.number().int(),
  message: z.string(),
  data: errorDataSchema.optional().catch(undefined),
});
export type ErrorObject = z.infer<typeof errorObjectSchema>;

/** Extra members of `error.data`, besides `kind` and `retryable`. */
export type ErrorDetails = Omit<Record<string, unknown>, "kind"> & { hint?: string; candidates?: string[] };

/** An error for the other side. Its message names the cause, `hint` the next step. */
export class WireError extends Error {
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = "WireError";
    this.kind = kind;
    this.details = details;
  }

  /** The JSON-RPC error object of this error. */
  toErrorObject(): ErrorObject {
    return {
      code: ERROR_CODES[this.kind],
      message: this.message,
      data: { kind: this.kind, retryable: RETRYABLE.has(this.kind), ...this.details },
    };
  }
}

/** The error object for any thrown value: a WireError as it is, any other as INTERNAL_ERROR without its text. */
export function toErrorObject(thrown: unknown): ErrorObject {
  if (thrown instanceof WireError) return thrown.toErrorObject();
  return new WireError("INTERNAL_ERROR", "The hub failed to handle this message.", {
    hint: "This is a defect of the hub: see `godot-hub logs`.",
  }).toErrorObject();
}

const KINDS = new Map<number, ErrorKind>(Object.entries(ERROR_CODES).map(([kind, code]) => [code, kind as ErrorKind]));

/** Kind of a numeric code, or undefined for a code that the protocol does not name. */
export function errorKind(code: number): ErrorKind | undefined {
  return KINDS.get(code);
}
