/** One request of a client from its making to its one answer. */
import { encodeRequest } from "../protocol/codec.ts";
import { COMMANDS } from "../protocol/commands/index.ts";
import { WireError } from "../protocol/errors.ts";
import { isHubMethod } from "../protocol/hub-methods.ts";
import type { ProgressParams, Request, Respondent } from "../protocol/rpc.ts";
import type { TraceContext } from "../protocol/trace-context.ts";

/** A result and the instance that gave it; none for the hub's own. */
export interface Answer {
  readonly result: unknown;
  readonly instance: Respondent | undefined;
  /** Length of the result as JSON, in bytes, as far as it is known. */
  readonly size?: number | undefined;
}

/** What is asked, beside the members that the sending gives: id, budget, attempt. */
export type RequestContent = Pick<Request, "method" | "params" | "target" | "epoch" | "resources" | "shareable">;

/** How long the caller waits for the answer, and what it hears meanwhile. */
export interface Patience {
  /** End of the budget, on the clock of `performance.now()`. */
  readonly deadlineAt: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ProgressParams) => void) | undefined;
  /** To be called before work that may take long, which then goes on as a job: gives the end of its budget. */
  readonly extend?: (() => number) | undefined;
  /** Of which trace the request is a part. */
  readonly trace?: TraceContext | undefined;
  /** Told of each command's answer. */
  readonly onAnswer?: ((answer: Answer) => void) | undefined;
}

/** How much later than the hub a client gives up, so that the hub's answer, which knows more, comes first. */
const LOCAL_SLACK_MS = 1_000;

/** A request that is not answered yet. */
export class PendingRequest {
  readonly id: string;
  readonly content: RequestContent;
  readonly answer: Promise<Answer>;
  readonly onProgress: Patience["onProgress"];
  /** How often its frame was written. */
  attempts = 0;
  /** The answer to the last attempt, when it was not taken as final: what to say if no other comes. */
  lastError: Error | undefined;
  readonly #deadlineAt: number;
  readonly #signal: AbortSignal | undefined;
  readonly #trace: TraceContext | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort: () => void;
  /** Under which id of this client it was sent first: by that the journal of an instance knows it. */
  #sentAs: string | undefined;
  #resolve: (answer: Answer) => void = () => {};
  #reject: (error: Error) => void = () => {};

  /** @param giveUp Called when the budget is used up or the caller has cancelled: must settle the request. */
  constructor(id: string, content: RequestContent, patience: Patience, giveUp: (why: "TIMEOUT" | "CANCELLED") => void) {
    this.id = id;
    this.content = content;
    this.onProgress = patience.onProgress;
    this.#deadlineAt = patience.deadlineAt;
    this.#signal = patience.signal;
    this.#trace = patience.trace;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(() => giveUp("TIMEOUT"), this.remainingMs + LOCAL_SLACK_MS);
    this.#onAbort = () => giveUp("CANCELLED");
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** What is left of the budget, in whole ms, at least 1. */
  get remainingMs(): number {
    return Math.max(1, Math.ceil(this.#deadlineAt - performance.now()));
  }

  /**
   * The frame of the next attempt.
   * @param clientId The client's id at the hub that it goes to. With another one than before no journal recognises it: without an
   * epoch it then runs only if it reads.
   */
  nextFrame(clientId: string): string {
    if (this.attempts === 0) this.#sentAs = clientId;
    this.attempts += 1;
    this.lastError = undefined;
    const { params, epoch, ...envelope } = this.content;
    return encodeRequest({
      jsonrpc: "2.0",
      id: this.id,
      ...envelope,
      ...(epoch !== undefined && this.#sentAs === clientId && { epoch }),
      deadlineMs: this.remainingMs,
      ...(this.attempts > 1 && { attempt: this.attempts }),
      ...this.#trace,
      params: params ?? {},
    });
  }

  /** The last attempt was refused before anything was done with it: whatever the next one is, it is no repetition of it. */
  takeBackAttempt(refusal: Error): void {
    this.attempts -= 1;
    this.lastError = refusal;
  }

  /** Ends it with its answer. */
  succeed(answer: Answer): void {
    this.#release();
    this.#resolve(answer);
  }

  /** Ends it with an error. */
  fail(error: Error): void {
    this.#release();
    this.#reject(error);
  }

  /** The error for a request whose caller waits no longer. */
  givenUp(why: "TIMEOUT" | "CANCELLED", linkFailure: Error | undefined): Error {
    const dispatched = this.attempts > 0;
    const { method } = this.content;
    if (why === "CANCELLED") return new WireError("CANCELLED", `${method} was cancelled.`, { dispatched });
    if (!dispatched && this.lastError) return this.lastError;
    if (!dispatched && linkFailure) return linkFailure;
    const cause = linkFailure ? ` ${linkFailure.message}` : "";
    return new WireError("TIMEOUT", `No answer to ${method} in time.${cause}`, {
      dispatched,
      hint: dispatched
        ? "It may have been carried out: look at the state before you repeat it."
        : "It was not sent: call hub_status, then try again.",
    });
  }

  /** The error where the link itself ends the request with `error`: a write that was sent may have been carried out all the same. */
  ended(error: Error): Error {
    const { method } = this.content;
    if (this.attempts === 0 || isHubMethod(method) || COMMANDS.get(method)?.readOnly) return error;
    return new WireError("OUTCOME_UNKNOWN", `${method} was sent, and may have been carried out. ${error.message}`, {
      dispatched: true,
    });
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}
