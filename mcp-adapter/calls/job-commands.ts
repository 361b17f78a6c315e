/** What command_run reaches of the session's own jobs, and the same as a tool for sets of tools without command_run. */
import { z } from "zod";
import type { Job } from "./jobs.ts";
import { defineTool, type ToolCall } from "./tool.ts";
import { result, type ToolResult } from "./tool-result.ts";

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
const WAIT_MS = 15_000;
/** Time that is left to say that a job still runs. */
const SLACK_MS = 500;

const job = z.string().min(1).max(50).describe("Id of the job.");
const getParams = z.strictObject({
  job,
  waitMs: z.int().min(0).max(60_000).optional().describe(`How long to wait for its end. Default ${WAIT_MS}.`),
});
const cancelParams = z.strictObject({ job });

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

export const jobTools = [
  defineTool({
    name: "job_get",
    title: "Ask for a job's answer",
    description:
      'The answer of a call that goes on as a job, or how far it is; with cancel the call is taken back. Example: {"job":"job-1"}',
    search: "long call, wait, cancel",
    effects: {},
    hasData: true,
    params: { ...getParams.shape, cancel: z.boolean().optional().describe("Take the call back.") },
    run: async ({ job, waitMs, cancel }, call) => (cancel ? cancelled(job, call) : answerOf(job, waitMs, call)),
  }),
] as const;

/** @throws {WireError} INVALID_PARAMS, and NOT_FOUND for a job that is not known. */
export async function runJobCommand({ name }: JobCommand, params: object, call: ToolCall): Promise<ToolResult> {
  if (name === "job.cancel") return cancelled(call.read(cancelParams, params, { changes: true }).job, call);
  const { job, waitMs } = call.read(getParams, params, { changes: false });
  return answerOf(job, waitMs, call);
}

/** What a call is answered with that goes on as a job. @param ask How to ask for it. */
export function handedOver(job: Job, ask: string): ToolResult {
  return stillRunning(job, `It goes on as ${job.id}; its answer will be that of ${ask}.`);
}

async function answerOf(id: string, waitMs = WAIT_MS, call: ToolCall): Promise<ToolResult> {
  const job = call.session.jobs.get(id);
  const { deadlineAt, signal, onProgress } = call.patience;
  const remainingMs = Math.max(0, Math.min(waitMs, deadlineAt - performance.now() - SLACK_MS));
  const stopTelling = onProgress && job.onProgress(onProgress);
  try {
    const answer = await Promise.race([job.answer, pause(remainingMs, signal)]);
    return answer ?? stillRunning(job, "Ask again for its answer.");
  } finally {
    stopTelling?.();
  }
}

async function cancelled(id: string, call: ToolCall): Promise<ToolResult> {
  const job = call.session.jobs.get(id);
  job.cancel();
  return job.answer;
}

function stillRunning(job: Job, next: string): ToolResult {
  return result(`${job.line}. ${next}`, { result: { job: job.id, state: "running", next } });
}

/** Ends after `ms`, or when whoever waits has gone. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<undefined> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve(undefined);
    };
    const timer = setTimeout(end, ms).unref();
    signal?.addEventListener("abort", end, { once: true });
  });
}
