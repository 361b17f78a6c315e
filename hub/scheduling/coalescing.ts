/** Coalescing: equal reads in flight are sent once and answered together. */
import type { Lane } from "./lane.ts";
import type { PendingRequest } from "./pending-request.ts";

/** An equal read that waits or runs, and since whose acceptance no write has been accepted or has ended. */
export function findLeader(request: PendingRequest, lane: Lane<PendingRequest>): PendingRequest | undefined {
  if (!request.isReadOnly()) return undefined;
  const isEqual = (other: PendingRequest): boolean =>
    other.request.shareable === true &&
    other.method === request.method &&
    other.writeCount === request.writeCount &&
    other.paramsText.equals(request.paramsText);
  for (const other of lane) if (isEqual(other)) return other;
  return undefined;
}

/** Takes a request out of the answer that it shares. */
export function removeFollower(request: PendingRequest, lane: Lane<PendingRequest>): void {
  for (const leader of lane) {
    const index = leader.followers.indexOf(request);
    if (index >= 0) leader.followers.splice(index, 1);
  }
}
