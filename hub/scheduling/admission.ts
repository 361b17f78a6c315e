/** What is refused before it is queued. */
import type { Instance } from "../clients/instance.ts";
import type { Leases } from "./leases.ts";
import type { PendingRequest } from "./pending-request.ts";
import { keptBack, outcomeUnknown, paused } from "./request-errors.ts";

/** @throws {WireError} BUSY while the owner keeps commands from the instance. */
export function requireNotPaused({ name, pauseReason }: Instance): void {
  if (pauseReason !== undefined) throw paused(name, pauseReason);
}

/**
 * A write that was sent before may be sent again only where a journal of the same process can recognise it.
 * @throws {WireError} OUTCOME_UNKNOWN.
 */
export function requireSafeResend(request: PendingRequest, instance: Instance): void {
  if (request.attempt === 1 || request.isReadOnly()) return;
  const isOtherProcess =
    request.epoch !== undefined && instance.epoch !== undefined && request.epoch !== instance.epoch;
  if (isOtherProcess || !instance.hasJournal) throw outcomeUnknown(request);
}

/**
 * A write that would wait for an explicit lease past its own deadline is refused at once.
 * @throws {WireError} LEASE_HELD.
 */
export function requireHope(request: PendingRequest, instance: Instance, leases: Leases): void {
  const lease = leases.conflict(instance, request.client, request.touches);
  if (lease?.explicit && lease.until > request.deadlineAt) throw keptBack(lease, request.touches);
}
