/** One tool call from its name to its answer, within its budget. */

import { CommandError, OpenError } from "../../hub-client/client-errors.ts";
import type { Answer, Patience } from "../../hub-client/pending-request.ts";
import { WireError } from "../../protocol/errors.ts";
import type { ProgressParams } from "../../protocol/rpc.ts";
import type { Log } from "../process/log.ts";
import type { HubSession } from "../session/hub-session.ts";
import type { Job } from "../session/jobs.ts";
import type { AskUser } from "../session/which-editor.ts";
import type { ToolResult } from "../texts/outline.ts";
import type { Caller } from "./caller.ts";
import { handedOver } from "./job-tools.ts";
import { LongCall } from "./long-call.ts";
import { meantTool } from "./meant-tool.ts";
import { ProgressReporter } from "./progress-reporter.ts";
import { type ShownResult, shownResult } from "./shown-result.ts";
import type { TokenUsage } from "./token-usage.ts";
import type { PreparedCall, Tool, ToolRequest } from "./tool.ts";
import { errorResult } from "./tool-result.ts";

export interface RunnerOptions {
  /** Takes note of what the call costs. */
  readonly usage: TokenUsage;
  /** The session's tools. */
  readonly tools: ReadonlyMap<string, Tool>;
  /** Budget of the call, in ms. */
  readonly deadlineMs: number;
  readonly log: Log;
  /** Who calls, where calls have to say so. */
  readonly caller?: Caller;
}

/** Runs a tool, or as much of it as the AI client waits for: long work goes on as a job. Never rejects. */
export async function runTool(asked: ToolRequest, session: HubSession, options: RunnerOptions): Promise<ShownResult> {
  const { request, isPutOff } = notingQuestion(asked);
  const { name, args, signal, report, trace } = request;
  const { tools, usage, deadlineMs, caller } = options;
  const answers: Answer[] = [];
  const call = prepared(request, options);
  const shown = (given: ToolResult): ShownResult => {
    const result = shownResult(given, call);
    return isPutOff() ? result : usage.count({ tool: name, args, result, ...origin(answers) });
  };
  const progress = report && new ProgressReporter(report);
  const long = new LongCall(deadlineMs);
  const taken = abortedWith(signal);
  let job: Job | undefined;
  let heard: ProgressParams | undefined;
  const patience: Patience = {
    deadlineAt: long.startedAt + deadlineMs,
    signal: taken.signal,
    trace,
    // A job that nobody can ask for is none.
    ...(caller?.isOpen !== false && { extend: () => long.extend() }),
    onAnswer: (each) => answers.push(each),
    onProgress: (update) => {
      heard = update;
      progress?.forward(update);
      job?.note(update);
    },
  };
  const hasBegun = () => answers.length > 0;
  const answer = settled(name, options, () => runWhereMeant({ call, request, patience, hasBegun }, session, options));
  const first = await Promise.race([answer, long.due]);
  long.stop();
  progress?.stop();
  if (first !== "due") return shown(first);
  job = session.jobs.add(long.startedAt, { title: titleOf(request), answer, cancel: () => taken.abort() });
  if (heard) job.note(heard);
  return shown(handedOver(job, wayToAsk(job, tools)));
}

/** A call that notes whether its question is answered with another one: then no model sees what has become of this one. */
function notingQuestion(request: ToolRequest): { request: ToolRequest; isPutOff: () => boolean } {
  const { askUser } = request;
  let isPutOff = false;
  const noting: AskUser | undefined =
    askUser &&
    (async (question) => {
      const reply = await askUser(question);
      isPutOff ||= reply === "later";
      return reply;
    });
  return { request: { ...request, askUser: noting }, isPutOff: () => isPutOff };
}

/** The call with its params checked; one that they do not fit fails with what is wrong as soon as it is run. */
function prepared({ name, args }: ToolRequest, { tools, caller }: RunnerOptions): PreparedCall {
  try {
    const meant = meantTool(name, args, tools);
    const notes = [meant.note, caller?.admit(meant.tool)].filter((note) => note !== undefined);
    return { ...meant.tool.prepare(meant.args), ...(notes.length > 0 && { note: notes.join("\n") }) };
  } catch (error) {
    return { format: "text", ignored: new Set(), run: () => Promise.reject(error) };
  }
}

/** A call on its way. */
interface Running {
  readonly call: PreparedCall;
  readonly request: ToolRequest;
  readonly patience: Patience;
  /** Whether a part of it may be done. */
  readonly hasBegun: () => boolean;
}

/** Runs a call; where it is unclear which editor is meant, the user is asked, if the AI client can, and it runs there. */
async function runWhereMeant(running: Running, session: HubSession, options: RunnerOptions): Promise<ToolResult> {
  const { call, request, patience, hasBegun } = running;
  try {
    return await call.run(session, patience);
  } catch (error) {
    const { args, askUser } = request;
    if (!askUser || hasBegun()) throw error;
    // People take their time: the call may have to go on as a job.
    const waiting = { ...patience, deadlineAt: patience.extend?.() ?? patience.deadlineAt };
    const list = async () => (await session.hub("hub.list_instances", {}, waiting)).instances;
    const meant = await session.whichEditor.meant(error, askUser, list);
    if (!meant) throw error;
    if (args.target === undefined && meant.clientType !== "game") await session.use(meant.id, waiting);
    return prepared({ ...request, args: { ...args, target: meant.id } }, options).run(session, waiting);
  }
}

/** For a call that ends with `signal`, or earlier. AbortSignal.any() costs more, for signals that outlast what depends on them. */
function abortedWith(signal: AbortSignal): AbortController {
  const controller = new AbortController();
  if (signal.aborted) controller.abort(signal.reason);
  else signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
  return controller;
}

/** The answer of a tool, whether it succeeds or fails. */
async function settled(
  tool: string,
  { tools, log }: RunnerOptions,
  work: () => Promise<ToolResult>,
): Promise<ToolResult> {
  try {
    return await work();
  } catch (error) {
    if (!isExpected(error)) log.error("a tool failed", { tool, error: error instanceof Error ? error.stack : error });
    return errorResult(error, tools);
  }
}

function titleOf({ name, args }: ToolRequest): string {
  return typeof args.command === "string" ? `${name} ${args.command}` : name;
}

/** How the answer of a job is asked for with the tools that there are. */
function wayToAsk({ id }: Job, tools: ReadonlyMap<string, Tool>): string {
  const params = JSON.stringify({ job: id });
  return tools.has("command_read") ? `command_read {"command":"job.get","params":${params}}` : `job_get ${params}`;
}

/** Which instance answered, and how long its answers were. */
function origin(answers: readonly Answer[]): { instance: string | undefined; rawLength: number } {
  const rawLength = answers.reduce((sum, { size = 0 }) => sum + size, 0);
  return { instance: answers[0]?.instance?.name, rawLength };
}

function isExpected(error: unknown): boolean {
  return error instanceof CommandError || error instanceof WireError || error instanceof OpenError;
}
