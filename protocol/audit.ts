/** One line of the audit log: a change or a refusal, with client, instance and outcome. */
import { z } from "zod";

/** Times are ISO 8601 and ms. Secrets and long texts are cut out of `params` and `error`. */
export const auditEntrySchema = z.object({
  time: z.string(),
  /** Name and id of the client; null for a connection that was refused. */
  client: z.string().nullable(),
  clientId: z.string().nullable(),
  /** The AI client behind it, with its version. */
  agent: z.string().nullable(),
  /** Name of the token that it has shown; `owner` for the state directory's own. */
  token: z.string().nullable(),
  /** The address of a refused connection. */
  address: z.string().optional(),
  instance: z.object({ id: z.string(), name: z.string(), project: z.string().nullable() }).nullable(),
  /** The command or method; `connect` for a connection that was refused. */
  command: z.string(),
  params: z.unknown().optional(),
  /** `ok`, or the kind of the error. */
  outcome: z.string(),
  error: z.string().optional(),
  durationMs: z.number(),
  /** Name of the step in the editor's undo history. */
  undo: z.string().optional(),
  /** More than 1 for a command that was sent again. */
  attempt: z.number().int().optional(),
  /** Earlier refusals of the same kind that were too many to be written. */
  omitted: z.number().int().optional(),
  traceparent: z.string().optional(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** Selects entries; every given member must fit. */
export const auditFilterSchema = z.object({
  /** Not before, ISO 8601. */
  since: z.iso.datetime({ offset: true }).optional(),
  /** Part of the name of the client or its AI client, in any case of letters. */
  agent: z.string().max(200).optional(),
  /** Id or name of the instance, or name or path of its project. */
  instance: z.string().max(4_096).optional(),
  /** Name of the command, with `*` for any characters. */
  command: z.string().max(100).optional(),
  /** `ok`, `error` for every other outcome, or the kind of an error. */
  outcome: z.string().max(40).optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;
