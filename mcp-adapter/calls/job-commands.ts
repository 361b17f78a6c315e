/** Declares the commands about the session's own jobs, which the adapter answers itself. */
import { z } from "zod";

/** A command that the adapter answers itself. */
export interface JobCommand {
  readonly name: "job.get" | "job.cancel";
  readonly description: string;
  readonly readOnly: boolean;
  readonly destructive: false;
  readonly undoable: false;
  readonly keywords: string;
  readonly params: z.ZodObject;
}

/** How long `job.get` waits at most unless it is told: a good part of what a call may take. */
export const WAIT_MS = 15_000;

const job = z.string().min(1).max(50).describe("Id of the job.");
/** Params of `job.get`. */
export const getParams = z.strictObject({
  job,
  waitMs: z.int().min(0).max(60_000).optional().describe(`How long to wait for its end. Default ${WAIT_MS}.`),
});
/** Params of `job.cancel`. */
export const cancelParams = z.strictObject({ job });

/** The commands by name. */
export const JOB_COMMANDS: ReadonlyMap<string, JobCommand> = new Map(
  [
    {
      name: "job.get" as const,
      description: "The answer of a call that goes on as a job, or how far it is; waits for it a while.",
      readOnly: true,
      keywords: "result status progress async long task",
      params: getParams,
    },
    {
      name: "job.cancel" as const,
      description: "Takes back a call that goes on as a job.",
      readOnly: false,
      keywords: "abort stop",
      params: cancelParams,
    },
  ].map((each) => [each.name, { ...each, destructive: false as const, undoable: false as const }]),
);
