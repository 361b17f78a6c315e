/** Watches the AI client that started the adapter: says when its process, stdin or stdout ends. */

import { fstatSync, writeSync } from "node:fs";
import { hasCode } from "../../hub-client/node-errors.ts";
import { isAdopted, isParentGone } from "./parent-process.ts";

/** How often the parent process, and the reader of stdout, are looked for. */
const CHECK_MS = 250;
const STDOUT = 1;
const NOTHING = Buffer.alloc(0);
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Calls `onEnd` once, when stdin ends, stdout breaks, a signal asks for the end, or the parent process is gone.
 * @param onEnd `graceful`: answers may still be read. `exitCode`: 0, or 128 and the signal's number.
 */
export function watchParent(onEnd: (end: { reason: string; graceful: boolean; exitCode: number }) => void): void {
  let ended = false;
  const end = (reason: string, graceful = false, exitCode = 0) => {
    if (ended) return;
    ended = true;
    onEnd({ reason, graceful, exitCode });
  };
  process.stdin.once("end", () => end("stdin ended", true));
  process.stdin.once("close", () => end("stdin was closed", true));
  process.stdin.once("error", () => end("stdin broke"));
  process.stdout.on("error", () => end("stdout broke"));
  watchSignals((signal, exitCode) => end(signal, false, exitCode));
  if (isAdopted()) end("the parent process was gone at once");
  const isStdoutSocket = fstatSync(STDOUT).isSocket();
  setInterval(() => {
    if (isParentGone()) end("the parent process is gone");
    else if (isStdoutSocket && isUnread()) end("stdout was closed");
  }, CHECK_MS).unref();
}

/** Calls `onSignal` at each signal that asks for the end, with the exit code that goes with it. */
export function watchSignals(onSignal: (signal: string, exitCode: number) => void): void {
  for (const signal of SIGNALS) process.once(signal, () => onSignal(signal, 128 + signalNumber(signal)));
}

/**
 * True when the other end of a socket is closed. Writing nothing fails then, and only then; end-of-file on reading would
 * prove nothing, since some parents shut down the direction that they do not use.
 */
function isUnread(): boolean {
  try {
    writeSync(STDOUT, NOTHING);
    return false;
  } catch (error) {
    return hasCode(error, "EPIPE");
  }
}

function signalNumber(signal: (typeof SIGNALS)[number]): number {
  return { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal];
}
