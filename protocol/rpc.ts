/** JSON-RPC 2.0 on this wire: requests with their routing members, responses, and notifications. */
import { z } from "zod";
import { errorObjectSchema } from "./errors.ts";
import { COMMAND_DEADLINE_MAX_MS, MAX_ID_LENGTH } from "./timing.ts";
import { MAX_TRACESTATE_LENGTH } from "./trace-context.ts";

/** Longest name of a method or command. */
export const MAX_METHOD_LENGTH = 100;

/** A request id: a string that its sender never uses again; integers are accepted from foreign JSON-RPC libraries. */
export const requestIdSchema = z.union([z.string().min(1).max(MAX_ID_LENGTH), z.number().int()], {
  error: `must be a string of 1 to ${MAX_ID_LENGTH} characters, or an integer`,
});
export type RequestId = z.infer<typeof requestIdSchema>;

/** The routing members of a request: everything but `params`, which the hub does not read. */
export const requestEnvelopeSchema = z.object({
  jsonrpc: z.literal("2.0"),
  id: requestIdSchema,
  method: z.string().min(1).max(MAX_METHOD_LENGTH),
  target: z.string().max(4_096).optional(),
  anyOf: z.boolean().optional(),
  deadlineMs: z.number().positive().max(COMMAND_DEADLINE_MAX_MS).optional(),
  attempt: z.number().int().min(1).optional(),
  epoch: z.string().max(100).optional(),
  resources: z.array(z.string().max(4_096)).max(64).optional(),
  shareable: z.boolean().optional(),
  traceparent: z.string().max(100).optional(),
  tracestate: z.string().max(MAX_TRACESTATE_LENGTH).optional(),
});
export type RequestEnvelope = z.infer<typeof requestEnvelopeSchema>;

/** True for a request that its sender has sent before. */
export function isResend({ attempt = 1 }: Pick<RequestEnvelope, "attempt">): boolean {
  return attempt > 1;
}

/** A whole request, as the sender builds it. */
export interface Request extends RequestEnvelope {
  params?: Record<string, unknown>;
}

/** Who asked: added by the hub to each request that it forwards. `agent` is the client's unique name. */
export const requestContextSchema = z.object({
  clientId: z.string(),
  agent: z.string(),
  traceparent: z.string().optional(),
  tracestate: z.string().optional(),
  /** By name of a command: the rule that withholds its effect, in whatever params. See `isImplicit` of commands. */
  withheld: z.record(z.string(), z.string()).optional(),
  /** For a command that writes more than it names: what other sessions hold, with the holder's name by resource. */
  held: z.record(z.string(), z.string()).optional(),
});
export type RequestContext = z.infer<typeof requestContextSchema>;

/** Which instance answered: added by the hub to each response that it forwards. */
export const respondentSchema = z.object({ id: z.string(), name: z.string(), epoch: z.string().optional() });
export type Respondent = z.infer<typeof respondentSchema>;

/** A whole response, as its receiver reads it. `id` is null when the request could not be read. */
export const responseSchema = z.looseObject({
  jsonrpc: z.literal("2.0"),
  id: requestIdSchema.nullable(),
  result: z.unknown().optional(),
  error: errorObjectSchema.optional(),
  /** The trace context that the instance got, as it echoes it. */
  traceparent: z.string().optional(),
  instance: respondentSchema.optional(),
});
export type Response = z.infer<typeof responseSchema>;

/** Something happened in an instance, or in the hub (then `instanceId` is absent). `seq` counts up by one per instance. */
export const eventParamsSchema = z.looseObject({
  event: z.string().max(100),
  instanceId: z.string().optional(),
  seq: z.number().int().optional(),
  data: z.unknown().optional(),
});
export type EventParams = z.infer<typeof eventParamsSchema>;

/** How far the request `id` has come. */
export const progressParamsSchema = z.object({
  id: requestIdSchema,
  progress: z.number(),
  total: z.number().optional(),
  message: z.string().max(2_000).optional(),
});
export type ProgressParams = z.infer<typeof progressParamsSchema>;

/** The sender does not want the answer to the request `id` any more. */
export const cancelParamsSchema = z.object({ id: requestIdSchema });
export type CancelParams = z.infer<typeof cancelParamsSchema>;

/** Every notification by its method. */
export const NOTIFICATIONS = {
  event: eventParamsSchema,
  progress: progressParamsSchema,
  cancel: cancelParamsSchema,
} as const;
export type NotificationMethod = keyof typeof NOTIFICATIONS;
