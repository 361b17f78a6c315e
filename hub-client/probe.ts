/** Finds out who answers at an address. */
import { CLOSE_CODES } from "../protocol/close-codes.ts";
import { handshakeSchema } from "../protocol/messages.ts";
import { bytesOf, HubSocket, readFrame } from "./hub-socket.ts";
import { codeOf } from "./node-errors.ts";

/** What answers: a hub, nothing, something that says nothing, or something else. */
export type ProbeResult = "hub" | "nothing" | "silent" | "foreign";

const DEADLINE_MS = 2_000;
/** A hub that is full or stopping says so by closing. */
const HUB_CLOSE_CODES: ReadonlySet<number> = new Set([CLOSE_CODES.TOO_MANY, CLOSE_CODES.GOING_AWAY]);
/** How such a hub refuses an upgrade, before it says who it is. */
const BUSY_STATUS: ReadonlySet<number | undefined> = new Set([429, 503]);
const UNREACHABLE = new Set<unknown>(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "ENOTFOUND"]);
/** What a connection ends with that is cut off before anything is said: the listener may have more to do than it can. */
const CUT_OFF = new Set<unknown>(["ECONNRESET", "EPIPE", "ETIMEDOUT"]);

/** Dials `url` and listens. Needs no token: a hub speaks first. */
export function probeHub(url: string, deadlineMs = DEADLINE_MS): Promise<ProbeResult> {
  const socket = new HubSocket(url, { trustAny: true, timeoutMs: 2 * deadlineMs });
  return new Promise<ProbeResult>((resolve) => {
    const timer = setTimeout(() => resolve("silent"), deadlineMs);
    timer.unref();
    socket.once("message", (data) => {
      resolve(handshakeSchema.safeParse(readFrame(bytesOf(data))).success ? "hub" : "foreign");
    });
    socket.once("unexpected-response", (_request, { statusCode }) => {
      resolve(BUSY_STATUS.has(statusCode) ? "silent" : "foreign");
    });
    socket.once("error", (error) => resolve(resultOf(error)));
    socket.once("close", (code) => resolve(HUB_CLOSE_CODES.has(code) ? "hub" : "foreign"));
  }).finally(() => socket.abandon());
}

function resultOf(error: Error): ProbeResult {
  // A name with several addresses fails with one error for all of them.
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const haveOnly = (codes: ReadonlySet<unknown>) => errors.every((each) => codes.has(codeOf(each)));
  if (haveOnly(UNREACHABLE)) return "nothing";
  return haveOnly(CUT_OFF) ? "silent" : "foreign";
}
