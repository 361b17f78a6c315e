/** Why no connection to a hub came about, and whether trying again can help. */

import type { HubFile } from "../../hub-client/state-dir.ts";
import { CLOSE_CODES, isTerminalClose } from "../../protocol/close-codes.ts";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import { AdapterError, type AdapterErrorKind } from "../adapter-error.ts";
import type { HubEndpoint } from "./hub-endpoint.ts";

/** absent: nothing there that is a hub. busy: later. refused: not before somebody has changed something. */
type Verdict = "absent" | "busy" | "refused";

/** A failed attempt to open a connection. */
export class OpenFailure extends AdapterError {
  readonly verdict: Verdict;
  /** Close code, or the one that an HTTP status stands for. */
  readonly code: number | undefined;

  constructor(kind: AdapterErrorKind, verdict: Verdict, message: string, hint: string, code?: number) {
    super(kind, message, hint);
    this.name = "OpenFailure";
    this.verdict = verdict;
    this.code = code;
  }
}

const START_IT = "Start it with `godot-hub start`";

/** Nothing that is a hub answers; `endpoint` is undefined when nothing says where one could be. */
export function noHub(endpoint: HubEndpoint | undefined, cause: string): OpenFailure {
  const message = endpoint ? `No hub answers at ${endpoint.url}: ${cause}.` : `No hub is running: ${cause}.`;
  const isGiven = endpoint && endpoint.url !== endpoint.file?.url;
  const hint = isGiven ? `${START_IT}, or correct GODOT_HUB_URL.` : `${START_IT}.`;
  return new OpenFailure("HUB_UNREACHABLE", "absent", message, hint);
}

/** Only the address was given, and it is not that of the hub whose token would have to do. */
export function strayAddress({ url, file }: HubEndpoint, home: string): OpenFailure {
  const place = file ? `listens at ${file.url}` : "does not run";
  const message = `No token is sent to ${url}: the hub of ${home}, whose token it is, ${place}.`;
  const hint = `${file ? "Unset GODOT_HUB_URL" : START_IT}, or give the token of the hub that is meant as GODOT_HUB_TOKEN.`;
  return new OpenFailure("HUB_UNREACHABLE", "absent", message, hint);
}

/** Whether what answers is the hub can't be told: the token is not sent there. */
export function untrustedHub(cause: string): OpenFailure {
  const hint = "Name the hub's own certificate or that of its authority: --tls-ca <file.pem>, or GODOT_HUB_TLS_CA.";
  return new OpenFailure("HUB_REFUSED", "refused", `The hub can't be trusted: ${cause}.`, hint);
}

/** Whoever else has a hand in the state directory could have named any hub. */
export function foreignState(cause: string): OpenFailure {
  const hint = "A person has to mend it: `godot-hub doctor` says how.";
  return new OpenFailure("HUB_REFUSED", "refused", `The state directory is not trusted: ${cause}.`, hint);
}

/** The hub is there and can't take this client now. */
export function busyHub(cause: string): OpenFailure {
  const hint = "Try again in a few seconds; `godot-hub status` shows who is connected.";
  return new OpenFailure("HUB_UNREACHABLE", "busy", `The hub takes no new connection: ${cause}.`, hint);
}

/** The hub's process lives, and does not answer. */
export function silentHub({ pid }: HubFile, cause: string): OpenFailure {
  const hint = "It has more to do than it can, or is stopped: `godot-hub status` says more, `godot-hub stop` ends it.";
  return new OpenFailure("HUB_UNREACHABLE", "busy", `${cause} Its process (${pid}) runs.`, hint);
}

/** The hub speaks a protocol that this adapter does not. */
export function protocolMismatch(hubVersion: string): OpenFailure {
  return new OpenFailure(
    "HUB_REFUSED",
    "refused",
    `The hub (${hubVersion}) and this adapter (${PRODUCT_VERSION}) speak no common protocol version.`,
    "Update the older of the two, then run `godot-hub stop`: the next call starts the new hub.",
    CLOSE_CODES.PROTOCOL_VERSION,
  );
}

const REFUSALS: ReadonlyMap<number, { cause: string; hint: string }> = new Map([
  [
    CLOSE_CODES.UNAUTHORIZED,
    {
      cause: "the token is missing or wrong",
      hint: "Adapter and hub must use the same state directory (GODOT_HUB_HOME, by default ~/.godot-hub) or the same GODOT_HUB_TOKEN.",
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
      cause: "it does not speak this adapter's protocol version",
      hint: "Update the older of the two, then run `godot-hub stop`: the next call starts the new hub.",
    },
  ],
]);

/** The failure that a close code means; undefined for a code after which a client may reconnect. */
export function refusal(code: number, reason: string): OpenFailure | undefined {
  if (!isTerminalClose(code)) return undefined;
  const { cause, hint } = REFUSALS.get(code) ?? { cause: `close code ${code}`, hint: "See `godot-hub logs`." };
  return new OpenFailure("HUB_REFUSED", "refused", `The hub refuses this adapter: ${reason || cause}.`, hint, code);
}
