/** Errors that arise in the adapter itself, before or beside the wire: the wire's own are `WireError`. */
import type { ErrorObject } from "../protocol/errors.ts";

/** Why no answer of a hub is behind this error. */
export type AdapterErrorKind = "HUB_UNREACHABLE" | "HUB_REFUSED" | "HUB_START_FAILED";

/** A failure to reach a hub. The message says what is wrong, `hint` what to do next. */
export class AdapterError extends Error {
  readonly kind: AdapterErrorKind;
  readonly hint: string;

  constructor(kind: AdapterErrorKind, message: string, hint: string) {
    super(message);
    this.name = "AdapterError";
    this.kind = kind;
    this.hint = hint;
  }
}

/** What the hub or an instance answered instead of a result, as it came. */
export class CommandError extends Error {
  readonly object: ErrorObject;

  constructor(object: ErrorObject) {
    super(object.message);
    this.name = "CommandError";
    this.object = object;
  }

  /** The error's kind; its code when whoever answered gave no kind. */
  get kind(): string {
    return this.object.data?.kind ?? String(this.object.code);
  }
}
