/** The reports of `hub.watch_activity`: all changes and finished commands since the last report. */
import { z } from "zod";
import { countersSchema, instanceStateSchema } from "./hub-methods.ts";

/** One instance as a watcher sees it. */
export const instanceRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  clientType: z.string(),
  /** Id of the editor that plays it; null for an editor. */
  parent: z.string().nullable(),
  project: z.object({ name: z.string(), path: z.string() }).nullable(),
  godotVersion: z.string().nullable(),
  pid: z.number().nullable(),
  headless: z.boolean().nullable(),
  state: instanceStateSchema,
  /** True while the owner keeps commands from it. */
  paused: z.boolean(),
  connectedAt: z.string(),
});
export type InstanceRow = z.infer<typeof instanceRowSchema>;

/** One client that is no instance. */
export const clientRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  clientType: z.string(),
  agent: z.object({ name: z.string(), version: z.string() }).nullable(),
  /** What it asks for by default, as it named it. */
  target: z.string().nullable(),
  /** Id of the instance that its commands reach by default; null when there is none, or several. */
  drives: z.string().nullable(),
  connectedAt: z.string(),
  pending: z.number().int(),
});
export type ClientRow = z.infer<typeof clientRowSchema>;

/** One lease; `until`: ISO 8601. */
export const leaseRowSchema = z.object({
  instanceId: z.string(),
  resource: z.string(),
  holderId: z.string(),
  holder: z.string(),
  explicit: z.boolean(),
  until: z.string(),
});
export type LeaseRow = z.infer<typeof leaseRowSchema>;

/** One command that has ended, or one request that was refused. */
export const commandRowSchema = z.object({
  /** Counts up as long as the hub runs. */
  seq: z.number().int(),
  /** When it ended, ISO 8601. */
  at: z.string(),
  clientId: z.string(),
  client: z.string(),
  instance: z.string().nullable(),
  command: z.string(),
  /** `ok`, or the kind of the error. */
  outcome: z.string(),
  /** The error's message, cut. */
  message: z.string().optional(),
  /** Time until it was sent, ms; null when it was not sent. */
  queuedMs: z.number().nullable(),
  /** From its acceptance to its answer, ms. */
  durationMs: z.number(),
});
export type CommandRow = z.infer<typeof commandRowSchema>;

/** The measurements between two reports. Times in ms, null without answers. */
export const rateSchema = z.object({
  answered: z.number().int(),
  failed: z.number().int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
});
export type Rate = z.infer<typeof rateSchema>;

/** Rate and queue of one instance at this moment. */
export const loadSchema = rateSchema.extend({ inFlight: z.number().int(), queued: z.number().int() });
export type Load = z.infer<typeof loadSchema>;

/** The data of a `hub.activity` event. */
export const activityReportSchema = z.object({
  /** The report is complete: a reader drops its older state. */
  whole: z.boolean(),
  at: z.string(),
  /** Time since the last report, ms. */
  periodMs: z.number(),
  hub: z.object({ version: z.string(), pid: z.number().int(), startedAt: z.string(), counters: countersSchema }),
  rate: rateSchema,
  /** Instances that are new or have changed; all of them in a whole report. */
  instances: z.array(instanceRowSchema),
  /** The same for clients. */
  clients: z.array(clientRowSchema),
  /** Ids of instances and clients that are gone. */
  gone: z.array(z.string()),
  /** Instances with pending requests or answers; the others are idle. */
  loads: z.record(z.string(), loadSchema),
  /** All leases, or those that there was room for; absent when they are as before. */
  leases: z.array(leaseRowSchema).optional(),
  /** The latest that ended, oldest first, errors before others where there were too many. */
  commands: z.array(commandRowSchema),
  /** Commands that ended and are not in `commands`. */
  omitted: z.number().int(),
});
export type ActivityReport = z.infer<typeof activityReportSchema>;
