/** One tool call from its name to its answer, within its budget. */
import { WireError } from "../protocol/errors.ts";
import { AdapterError, CommandError } from "./adapter-error.ts";
import type { HubSession } from "./hub-session.ts";
import type { Log } from "./log.ts";
import type { ToolRequest } from "./mcp-handlers.ts";
import { nearNames } from "./near-names.ts";
import type { Answer } from "./pending-request.ts";
import { ProgressReporter } from "./progress-reporter.ts";
import type { TokenUsage } from "./token-usage.ts";
import type { Tool } from "./tool.ts";
import { errorResult, type ToolResult } from "./tool-result.ts";

const SUGGESTIONS = 5;

export interface RunnerOptions {
  /** Takes note of what the call costs. */
  readonly usage: TokenUsage;
  /** The session's tools. */
  readonly tools: ReadonlyMap<string, Tool>;
  /** Budget of the call, in ms. */
  readonly deadlineMs: number;
  readonly log: Log;
}

/** Runs a tool; never rejects. */
export async function runTool(
  { name, args, signal, report }: ToolRequest,
  session: HubSession,
  { tools, usage, deadlineMs, log }: RunnerOptions,
): Promise<ToolResult> {
  const progress = report && new ProgressReporter(report);
  const answers: Answer[] = [];
  const patience = {
    onAnswer: (answer: Answer) => answers.push(answer),
    deadlineAt: performance.now() + deadlineMs,
    signal,
    onProgress: progress?.forward.bind(progress),
  };
  try {
    const tool = tools.get(name) ?? unknownTool(name, [...tools.keys()]);
    const result = await tool.run(args, session, patience);
    return usage.count({ tool: name, args, result, ...origin(answers) });
  } catch (error) {
    if (!isExpected(error))
      log.error("a tool failed", { tool: name, error: error instanceof Error ? error.stack : error });
    return usage.count({ tool: name, args, result: errorResult(error), ...origin(answers) });
  } finally {
    progress?.stop();
  }
}

/** Which instance answered, and how long its answers are as JSON. */
function origin(answers: readonly Answer[]): { instance: string | undefined; rawLength: number } {
  const rawLength = answers.reduce((sum, { result }) => sum + (JSON.stringify(result)?.length ?? 0), 0);
  return { instance: answers[0]?.instance?.name, rawLength };
}

function isExpected(error: unknown): boolean {
  return error instanceof CommandError || error instanceof WireError || error instanceof AdapterError;
}

function unknownTool(name: string, known: readonly string[]): never {
  throw new WireError("METHOD_NOT_FOUND", `There is no tool '${name}'.`, {
    candidates: nearNames(name, known, SUGGESTIONS),
    hint: "tools/list has them all.",
  });
}
