/** Whose the hub is: what only a person may do, at the dashboard or the command line, and no agent. */

import type { DashboardSessions } from "../access/dashboard-sessions.ts";
import { notAllowed } from "../access/rejections.ts";
import { roleOf } from "../access/roles.ts";
import type { Client } from "../clients/client.ts";

/** True for a client whose connection has proved the hub's own token, or comes from the dashboard, and that is no agent's. */
export function isOwner({ clientType, permit }: Client): boolean {
  return roleOf(clientType, permit) === "owner";
}

/** @throws {WireError} FORBIDDEN for every client but the owner's, and where a page's session has ended since it connected. */
export function requireOwner(client: Client, what: string, sessions: DashboardSessions): void {
  const session = client.connection?.origin.session;
  if (session !== undefined && !sessions.isOpen(session)) throw notAllowed("This session has ended.");
  if (isOwner(client)) return;
  throw notAllowed(`Only the owner of this hub may ${what}: see 'godot-hub dashboard'.`);
}
