/** A transaction that spans calls: changes of nodes are collected, and carried out as one undo step when it is committed. */
import { WireError } from "../../protocol/errors.ts";
import type { HubSession } from "../link/hub-session.ts";
import type { FieldCall } from "./field-call.ts";

/** What was asked for since the beginning, for one scene of one editor. */
export class Transaction {
  readonly label: string | undefined;
  readonly operations: object[] = [];
  #of: { target: string | undefined; scene: unknown } | undefined;

  constructor(label: string | undefined) {
    this.label = label;
  }

  get target(): string | undefined {
    return this.#of?.target;
  }

  /** Params of the edit.batch that it comes to. */
  get params(): Record<string, unknown> {
    const scene = this.#of?.scene;
    return {
      operations: this.operations,
      ...(scene !== undefined && { scene }),
      ...(this.label !== undefined && { label: this.label }),
    };
  }

  /** @throws {WireError} INVALID_PARAMS for a change of another scene or editor. */
  add(operation: object, { target, params: { scene } }: FieldCall): void {
    this.#of ??= { target, scene };
    if (this.#of.target !== target || this.#of.scene !== scene) {
      throw new WireError("INVALID_PARAMS", "A transaction changes one scene of one editor.", {
        hint: "Commit this one first, with commitTransaction.",
      });
    }
    this.operations.push(operation);
  }
}

const open = new WeakMap<HubSession, Transaction>();

/** The transaction that a session has begun. */
export function openTransaction(session: HubSession): Transaction | undefined {
  return open.get(session);
}

/** @throws {WireError} INVALID_PARAMS when one is open. */
export function beginTransaction(session: HubSession, label: string | undefined): void {
  if (open.has(session)) throw new WireError("INVALID_PARAMS", "A transaction is open already.", { hint: END_IT });
  open.set(session, new Transaction(label));
}

/** Takes the open transaction away and gives it. @throws {WireError} INVALID_PARAMS when there is none. */
export function endTransaction(session: HubSession): Transaction {
  const transaction = open.get(session);
  if (!transaction) throw new WireError("INVALID_PARAMS", "No transaction is open.", { hint: "See beginTransaction." });
  open.delete(session);
  return transaction;
}

const END_IT = "End it with commitTransaction or rollbackTransaction.";
