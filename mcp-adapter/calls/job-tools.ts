/** Asks for the answer of a job or takes it back: as a command, and as a tool for sets of tools without command_run. */
import { z } from "zod";
import type { Job } from "../session/jobs.ts";
import type { ToolResult } from "../texts/outline.ts";
import { cancelParams, getParams, type JobCommand, WAIT_MS } from "./job-commands.ts";
import { defineTool, type ToolCall } from "./tool.ts";
import { result } from "./tool-result.ts";

/** Time that is left to say that a job still runs. */
const SLACK_MS = 500;

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
