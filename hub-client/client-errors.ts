/** Errors of a client of the hub: why there is no connection, and what was answered instead of a result. */
import { CLOSE_CODES, isTerminalClose } from "../protocol/close-codes.ts";
import type { ErrorObject } from "../protocol/errors.ts";
import type { Respondent } from "../protocol/rpc.ts";
import { PRODUCT_VERSION } from "../protocol/version.ts";
import type { HubEndpoint } from "./hub-endpoint.ts";
import type { HubFile } from "./state-dir.ts";

/** Why there is no answer of a hub. */
export type OpenErrorKind = "HUB_UNREACHABLE" | "HUB_REFUSED" | "HUB_START_FAILED";

/** absent: nothing there that is a hub. busy: later. refused: not before a person has changed something. */
type Verdict = "absent" | "busy" | "refused";

/** A hub can't be reached. The message says what is wrong, `hint` what to do next. */
export class OpenError extends Error {
  override readonly name = "OpenError";
  readonly kind: OpenErrorKind;
  readonly verdict: Verdict;
  readonly hint: string;
  /** Close code, or the one that an HTTP status stands for. */
  readonly code: number | undefined;

  constructor(kind: OpenErrorKind, verdict: Verdict, message: string, hint: string, code?: number) {
    super(message);
    this.kind = kind;
    this.verdict = verdict;
    this.hint = hint;
    this.code = code;
  }
}

/** What the hub or an instance answered instead of a result, as it came. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly object: ErrorObject;
  /** The instance that answered; undefined when the hub did. */
  readonly instance: Respondent | undefined;

  constructor(object: ErrorObject, instance?: Respondent) {
    super(object.message);
    this.object = object;
    this.instance = instance;
  }

  /** The error's kind; its code when the answer gave no kind. */
  get kind(): string {
    return this.object.data?.kind ?? String(this.object.code);
  }
}

const START_IT = "Start it with `godot-hub start`";

/** Nothing that is a hub answers; `endpoint` is undefined when nothing says where one could be. */
export function noHub(endpoint: HubEndpoint | undefined, cause: string): OpenError {
  const message = endpoint ? `No hub answers at ${endpoint.url}: ${cause}.` : `No hub is running: ${cause}.`;
  const isGiven = endpoint && endpoint.url !== endpoint.file?.url;
  const hint = isGiven ? `${START_IT}, or correct GODOT_HUB_URL.` : `${START_IT}.`;
  return new OpenError("HUB_UNREACHABLE", "absent", message, hint);
}

/** Only the address was given, and it is not that of the hub whose token would have to do. */
export function strayAddress({ url, file }: HubEndpoint, home: string): OpenError {
  const place = file ? `listens at ${file.url}` : "does not run";
  const message = `No token is sent to ${url}: the hub of ${home}, whose token it is, ${place}.`;
  const hint = `${file ? "Unset GODOT_HUB_URL" : START_IT}, or give the token of the hub that is meant as GODOT_HUB_TOKEN.`;
  return new OpenError("HUB_UNREACHABLE", "absent", message, hint);
}

/** Whether what answers is the hub can't be told: the token is not sent there. */
export function untrustedHub(cause: string): OpenError {
  const hint = "Name the hub's own certificate or that of its authority: --tls-ca <file.pem>, or GODOT_HUB_TLS_CA.";
  return new OpenError("HUB_REFUSED", "refused", `The hub can't be trusted: ${cause}.`, hint);
}

/** Another account can write to the state directory, and could have named any hub there. */
export function foreignState(cause: string): OpenError {
  const hint = "A person has to mend it: `godot-hub doctor` says how.";
  return new OpenError("HUB_REFUSED", "refused", `The state directory is not trusted: ${cause}.`, hint);
}

/** The hub is there and can't take this client now. */
export function busyHub(cause: string): OpenError {
  const hint = "Try again in a few seconds; `godot-hub status` shows who is connected.";
  return new OpenError("HUB_UNREACHABLE", "busy", `The hub takes no new connection: ${cause}.`, hint);
}

/** The hub's process lives, and does not answer. */
export function silentHub({ pid }: HubFile, cause: string): OpenError {
  const hint = "It has more to do than it can, or is stopped: `godot-hub status` says more, `godot-hub stop` ends it.";
  return new OpenError("HUB_UNREACHABLE", "busy", `${cause} Its process (${pid}) runs.`, hint);
}

/** The hub speaks a protocol that this client does not. */
export function protocolMismatch(hubVersion: string): OpenError {
  return new OpenError(
    "HUB_REFUSED",
    "refused",
    `The hub (${hubVersion}) and this client (${PRODUCT_VERSION}) speak no common protocol version.`,
    "Update the older of the two, then run `godot-hub stop`: the next call starts the new hub.",
    CLOSE_CODES.PROTOCOL_VERSION,
  );
}

const REFUSALS: ReadonlyMap<number, { cause: string; hint: string }> = new Map([
  [
    CLOSE_CODES.UNAUTHORIZED,
    {
      cause: "the token is missing or wrong",
      hint: "Client and hub must use the same state directory (GODOT_HUB_HOME, by default ~/.godot-hub) or the same GODOT_HUB_TOKEN.",
    },
  ],
  [
    CLOSE_CODES.FORBIDDEN,
    {
      cause: "this client is not allowed",
      hint: "Where a person has disconnected this session, ask them before you start a new one; else see `godot-hub logs`, --allow-origins, --allow-hosts and --allow-ports.",
    },
  ],
  [
    CLOSE_CODES.REPLACED,
    { cause: "another connection took this session over", hint: "Call again: the session starts anew." },
  ],
  [
    CLOSE_CODES.PROTOCOL_VERSION,
    {
      cause: "it does not speak this client's protocol version",
      hint: "Update the older of the two, then run `godot-hub stop`: the next call starts the new hub.",
    },
  ],
]);

/** The error that a close code means; undefined for a code after which a client may reconnect. */
export function refusal(code: number, reason: string): OpenError | undefined {
  if (!isTerminalClose(code)) return undefined;
  const { cause, hint } = REFUSALS.get(code) ?? { cause: `close code ${code}`, hint: "See `godot-hub logs`." };
  return new OpenError("HUB_REFUSED", "refused", `The hub refuses this client: ${reason || cause}.`, hint, code);
}
