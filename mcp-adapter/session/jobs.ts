/** Tool calls that outlast what an AI client waits for: each goes on as a job, which the client asks for by its id. */

import { WireError } from "../../protocol/errors.ts";
import type { ProgressParams } from "../../protocol/rpc.ts";
import type { ToolResult } from "../texts/outline.ts";

/** Jobs that have ended and are still known; their answers may hold pictures. */
const KEPT = 20;

/** One tool call that has not been answered in time, or was so once. */
export class Job {
  readonly id: string;
  /** What was called. */
  readonly title: string;
  /** Fulfilled with what the call would have been answered with; never rejected. */
  readonly answer: Promise<ToolResult>;
  /** Takes the call back. */
  readonly cancel: () => void;
  readonly #listeners = new Set<(progress: ProgressParams) => void>();
  #progress: ProgressParams | undefined;
  readonly #startedAt: number;
  #result: ToolResult | undefined;

  /** @param startedAt On the clock of `performance.now()`. */
  constructor(id: string, startedAt: number, { title, answer, cancel }: Pick<Job, "title" | "answer" | "cancel">) {
    this.id = id;
    this.title = title;
    this.answer = answer;
    this.cancel = cancel;
    this.#startedAt = startedAt;
    answer.then((result) => {
      this.#result = result;
    });
  }

  /** Takes note of how far it is. */
  note(progress: ProgressParams): void {
    this.#progress = progress;
    for (const listener of this.#listeners) listener(progress);
  }

  /** Tells how far it is, from now on. Returns what ends that. */
  onProgress(listener: (progress: ProgressParams) => void): () => void {
    const own = (progress: ProgressParams) => listener(progress);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  get isRunning(): boolean {
    return this.#result === undefined;
  }

  /** One line: what it is, how long it has been going on, how far it is. */
  get line(): string {
    if (this.#result) return `${this.id}: ${this.title}, ${this.#result.isError ? "failed" : "done"}`;
    const seconds = Math.round((performance.now() - this.#startedAt) / 1_000);
    return `${this.id}: ${this.title}, running for ${seconds} s${progressText(this.#progress)}`;
  }
}

/** The jobs of one session. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  #count = 0;

  /** Those that run and the last that have ended, oldest first. */
  get all(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  /** Lets a call go on as a job. */
  add(startedAt: number, call: Pick<Job, "title" | "answer" | "cancel">): Job {
    this.#count += 1;
    const job = new Job(`job-${this.#count}`, startedAt, call);
    this.#jobs.set(job.id, job);
    const ended = this.all.filter(({ isRunning }) => !isRunning);
    for (const { id } of ended.slice(0, -KEPT)) this.#jobs.delete(id);
    return job;
  }

  /** @throws {WireError} NOT_FOUND, and OUTCOME_UNKNOWN for one that has ended too long ago. */
  get(id: string): Job {
    const job = this.#jobs.get(id);
    if (job) return job;
    const number = Number(/^job-([1-9]\d*)$/.exec(id)?.[1]);
    if (number <= this.#count) {
      throw new WireError("OUTCOME_UNKNOWN", `${id} has ended; its answer is no longer kept.`, {
        hint: "Read what it changed; do not repeat the call.",
      });
    }
    throw new WireError("NOT_FOUND", `This session has no job '${id}'.`, {
      candidates: [...this.#jobs.keys()],
      hint: `Jobs end with their session; of those that are done, the last ${KEPT} are kept.`,
    });
  }
}

function progressText(progress: ProgressParams | undefined): string {
  if (!progress) return "";
  const { progress: done, total, message } = progress;
  return `, ${done}${total === undefined ? "" : ` of ${total}`}${message === undefined ? "" : `, ${message}`}`;
}
