/** Whose the hub is: what only a person may do, at the dashboard or the command line, and no agent. */
import type { Client } from "../clients/client.ts";
import { notAllowed } from "../scheduling/verdicts.ts";
import { roleOf } from "./roles.ts";

/** True for a client whose connection has proved the hub's own token, or comes from the dashboard, and that is no agent's. */
export function isOwner({ clientType, permit }: Client): boolean {
  return roleOf(clientType, permit) === "owner";
}

/** @throws {WireError} FORBIDDEN for everybody but the owner. */
export function requireOwner(client: Client, what: string): void {
  if (isOwner(client)) return;
  throw notAllowed(`Only the owner of this hub may ${what}: see 'godot-hub dashboard'.`);
}
