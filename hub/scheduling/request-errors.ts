/** The errors with which the hub itself ends a request, each saying whether it had been sent and what to do next. */
import { WireError } from "../../protocol/errors.ts";
import { isResend, type RequestEnvelope } from "../../protocol/rpc.ts";
import { type Lease, type PendingRequest, type Waiter, WHOLE_INSTANCE } from "./pending-request.ts";

/** When a client of a paused instance may ask again, ms. */
const PAUSE_RETRY_MS = 5_000;
/** When a client whose turn has not come may ask again, ms. */
const TURN_RETRY_MS = 1_000;

const EDITOR_AWAY = "Safe to repeat once the editor is back: see hub_status.";
const GAME_ENDED = "The game has ended: run.status says how, run.play starts it again.";
const GAME_WENT =
  "The game has ended, perhaps by this: run.status says how, run.get_output has its last words. The project is as it was.";
const GAME_SILENT =
  "It may still finish, or the game hangs: run.status says which, run.stop ends it, debug.pause shows where.";
const EDITOR_SILENT = "It may still finish: look at the result before you repeat it, or allow more time (deadlineMs).";

/** The instance went before the command was sent to it, or it only reads. */
export function disconnected(request: PendingRequest): WireError {
  return new WireError(
    "INSTANCE_DISCONNECTED",
    `${nameOf(request)} is not connected any more${detailOf(request)}; '${request.method}' has changed nothing.`,
    { dispatched: false, hint: isForGame(request) ? GAME_ENDED : EDITOR_AWAY },
  );
}

/** The instance went before a lease of it could be taken. */
export function nothingToHold(name: string): WireError {
  return new WireError("INSTANCE_DISCONNECTED", `${name} is not connected any more; nothing of it is held.`, {
    hint: EDITOR_AWAY,
  });
}

/** The instance went after a write was sent to it. */
export function outcomeUnknown(request: PendingRequest): WireError {
  return new WireError(
    "OUTCOME_UNKNOWN",
    `${nameOf(request)} went away while '${request.method}' was under way: it may or may not have happened.`,
    isForGame(request)
      ? { dispatched: true, game: true, hint: GAME_WENT }
      : {
          dispatched: true,
          hint: "Look at the scene or file before you repeat it; unsaved changes of that editor are lost.",
        },
  );
}

/** The instance could not read something that it was sent, and could not say what. */
export function unread(request: PendingRequest): WireError {
  const kind = request.isReadOnly() ? "INTERNAL_ERROR" : "OUTCOME_UNKNOWN";
  const message = `${nameOf(request)} could not read a request, perhaps this '${request.method}': no answer is sure to come.`;
  return new WireError(kind, message, { dispatched: true, hint: "Look at the state before you repeat it." });
}

/** Kinds of errors after which the sender itself sends a request again, and one that no repetition mends. */
const SETTLED_ELSEWHERE: ReadonlySet<string> = new Set(["HUB_SHUTTING_DOWN", "TOO_LARGE"]);

/**
 * The error for a request that ends with `error`. A write that its client has sent before may have been carried out then, whatever
 * keeps it from its instance now: its error does not say that nothing was done.
 */
export function errorOfResend(request: RequestEnvelope, isReadOnly: boolean, error: WireError): WireError {
  const isSettled = error.details.dispatched === true || SETTLED_ELSEWHERE.has(error.kind);
  if (isReadOnly || isSettled || !isResend(request)) return error;
  return new WireError(
    "OUTCOME_UNKNOWN",
    `'${request.method}' was sent before and may have been carried out; this time it was not: ${error.message}`,
    { dispatched: true, hint: "Look at the scene or file before you repeat it." },
  );
}

/** The budget is used up: the error says how far the request had come. */
export function deadlinePassed(request: PendingRequest): WireError {
  const { instance, state } = request;
  if (state === "accepted" && request.unresolved instanceof WireError) return request.unresolved;
  if (instance && !instance.connection) {
    return state === "sent" && !request.isReadOnly() ? outcomeUnknown(request) : disconnected(request);
  }
  const dispatched = state === "sent";
  const spentMs = Math.round(request.deadlineAt - request.acceptedAt);
  const silent = isForGame(request) ? GAME_SILENT : EDITOR_SILENT;
  const where = dispatched
    ? `${nameOf(request)} did not answer`
    : `it was still waiting for ${nameOf(request)}${detailOf(request)}`;
  return new WireError("TIMEOUT", `'${request.method}' took longer than ${spentMs} ms: ${where}.`, {
    dispatched,
    hint: dispatched ? silent : "It was not sent: safe to repeat.",
  });
}

function isForGame({ instance }: PendingRequest): boolean {
  return instance?.isEditor === false;
}

/** The asking client took the request back. */
export function cancelled(): WireError {
  return new WireError("CANCELLED", "The request was cancelled before it was sent.", { dispatched: false });
}

/** Another session holds what a request touches, or asked for it before. */
export function keptBack(obstacle: Lease | Waiter, touches: readonly string[]): WireError {
  return "holder" in obstacle ? leaseHeld(obstacle) : notItsTurn(obstacle, touches);
}

/** Another session asked before, and has not had its turn yet. */
function notItsTurn({ client, touches }: Waiter, own: readonly string[]): WireError {
  const resource = own.find((name) => touches.includes(name)) ?? own[0] ?? WHOLE_INSTANCE;
  return new WireError(
    "LEASE_HELD",
    `'${client.name}' asked for ${resource} before you and has not had its turn yet.`,
    {
      holder: client.name,
      resource,
      until: new Date(Date.now() + TURN_RETRY_MS).toISOString(),
      retryAfterMs: TURN_RETRY_MS,
      hint: "Nothing was changed. Work on something else, or repeat it later; reads are not held up.",
    },
  );
}

/** Another session holds what the request writes to. */
export function leaseHeld(lease: Lease): WireError {
  const until = lapsesAt(lease);
  return new WireError(
    "LEASE_HELD",
    `'${lease.holder.name}' is writing to ${lease.resource} and holds it until ${until}.`,
    {
      holder: lease.holder.name,
      resource: lease.resource,
      until,
      retryAfterMs: Math.max(0, Math.ceil(lease.until - performance.now())),
      hint: "Nothing was changed. Work on something else, or repeat it then; reads are not held up.",
    },
  );
}

/** The owner keeps commands from the instance. */
export function paused(name: string, reason: string): WireError {
  return new WireError("BUSY", `${name} is paused: ${reason}`, {
    dispatched: false,
    retryAfterMs: PAUSE_RETRY_MS,
    hint: "Nothing was done. Wait until it is no longer paused, or ask the person who paused it.",
  });
}

/** When a lease lapses, ISO 8601. */
export function lapsesAt(lease: Lease): string {
  return new Date(Date.now() + lease.until - performance.now()).toISOString();
}

/** The hub stops before the request was sent. */
export function shuttingDown(): WireError {
  return new WireError("HUB_SHUTTING_DOWN", "The hub is stopping.", {
    dispatched: false,
    hint: "Nothing was done: repeat the request when a hub runs again.",
  });
}

/** The same id twice, and not as a resend. */
export function inFlightAlready({ id }: RequestEnvelope): WireError {
  return new WireError("INVALID_REQUEST", `The id ${JSON.stringify(id)} is in flight already.`, {
    hint: "Use each id once, or mark a resend with 'attempt'.",
  });
}

/** The known state of an instance that does not answer. */
function detailOf({ instance }: PendingRequest): string {
  return instance?.stateDetail === undefined ? "" : ` (${instance.state}: ${instance.stateDetail})`;
}

function nameOf(request: PendingRequest): string {
  return request.instance?.name ?? "The instance";
}
