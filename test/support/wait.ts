/** Waiting in tests: for a condition, with a deadline, never for a time. */
import { setTimeout as pause } from "node:timers/promises";

/** How long to wait, and for what: the text of the error when it does not come. */
export interface WaitOptions {
  /** Milliseconds until the wait fails. Default: 30,000. Generous on purpose: it is only ever used up by a failing test. */
  deadlineMs?: number;
  /** The awaited condition, for the error: "Waited 30000 ms for <what>." */
  what: string;
}

export const DEFAULT_DEADLINE_MS = 30_000;
const POLL_MS = 5;

/** The first truthy value of `condition`, which is asked again and again; an error that it throws ends the wait. */
export async function until<T>(
  condition: () => T | false | null | undefined | Promise<T | false | null | undefined>,
  { deadlineMs = DEFAULT_DEADLINE_MS, what }: WaitOptions,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`Waited ${deadlineMs} ms for ${what}.`);
    await pause(POLL_MS);
  }
}

/** The value of `promise`, if it comes before the deadline. */
export async function within<T>(
  promise: Promise<T>,
  { deadlineMs = DEFAULT_DEADLINE_MS, what }: WaitOptions,
): Promise<T> {
  const abort = new AbortController();
  const late = pause(deadlineMs, undefined, { signal: abort.signal }).then(() => {
    throw new Error(`Waited ${deadlineMs} ms for ${what}.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    abort.abort();
  }
}

/** A promise and the functions that settle it: lets a test hold a stub's answer back. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** A new promise that is settled from outside. */
export function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>["resolve"] = () => undefined;
  let reject: Deferred<T>["reject"] = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
