/** A transaction that spans calls: changes of nodes are collected, and carried out as one undo step when it is committed. */
import { WireError } from "../../protocol/errors.ts";
import type { HubSession } from "../session/hub-session.ts";
import { EditBatch } from "./edit-batch.ts";
import type { FieldCall } from "./field-call.ts";

const open = new WeakMap<HubSession, EditBatch>();

/** The transaction that a session has begun. */
export function openTransaction(session: HubSession): EditBatch | undefined {
  return open.get(session);
}

/** @throws {WireError} INVALID_PARAMS when one is open. */
export function beginTransaction(session: HubSession, label: string | undefined): void {
  if (open.has(session)) throw new WireError("INVALID_PARAMS", "A transaction is open already.", { hint: END_IT });
  open.set(session, new EditBatch(label));
}

/** Leaves a change to a transaction. @throws {WireError} INVALID_PARAMS for a change of another scene or editor. */
export function addToTransaction(transaction: EditBatch, operation: object, call: FieldCall): void {
  if (!transaction.takes(call)) {
    throw new WireError("INVALID_PARAMS", "A transaction changes one scene of one editor, from one revision on.", {
      hint: "Commit this one first, with commitTransaction.",
    });
  }
  transaction.add(operation, call);
}

/** Takes the open transaction away and gives it. @throws {WireError} INVALID_PARAMS when there is none. */
export function endTransaction(session: HubSession): EditBatch {
  const transaction = open.get(session);
  if (!transaction) throw new WireError("INVALID_PARAMS", "No transaction is open.", { hint: "See beginTransaction." });
  open.delete(session);
  return transaction;
}

const END_IT = "End it with commitTransaction or rollbackTransaction.";
