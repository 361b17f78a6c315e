/** Who may call which of the hub's own methods. */
import type { HubMethod } from "../../protocol/hub-methods.ts";
import { DASHBOARD_PERMIT, type Permit } from "./permit.ts";

/** What a client is to the hub: by its type, and by the token that it has shown. */
export type Role = "instance" | "agent" | "observer" | "owner";

/** Client types that execute commands. */
const INSTANCE_TYPES: ReadonlySet<string> = new Set(["godot", "game"]);
/** Client types that may send commands. */
const COMMANDING_TYPES: ReadonlySet<string> = new Set(["mcp"]);
/** A client that calls itself this only looks, whatever its token. */
const OBSERVER_TYPE = "observer";

/** True for the client types that execute commands. */
export function isInstanceType(clientType: string): boolean {
  return INSTANCE_TYPES.has(clientType);
}

/** The role of a client. */
export function roleOf(clientType: string, permit: Permit | undefined): Role {
  if (isInstanceType(clientType)) return "instance";
  if (COMMANDING_TYPES.has(clientType)) return "agent";
  return permit?.role === "owner" && clientType !== OBSERVER_TYPE ? "owner" : "observer";
}

/** True when the bearer of `permit` may identify itself as a client of that type. */
export function mayBe(permit: Permit, clientType: string): boolean {
  const role = roleOf(clientType, permit);
  if (permit === DASHBOARD_PERMIT) return clientType === "dashboard";
  if (permit.role === "owner") return true;
  if (permit.role === "agent") return role !== "instance";
  return permit.role === role;
}

/**
 * What calling a method does: looks at the hub, changes the caller's own session, acts on what others see (`control`),
 * or is for whoever the machine belongs to.
 */
export type MethodKind = "look" | "session" | "control" | "owner";

const KINDS: Partial<Record<HubMethod, MethodKind>> = {
  "hub.status": "look",
  "hub.list_instances": "look",
  "hub.list_clients": "look",
  "hub.list_leases": "look",
  "hub.list_commands": "look",
  "hub.resolve_target": "look",
  "hub.usage": "look",
  "hub.subscribe": "look",
  "hub.unsubscribe": "look",
  "hub.bind_target": "session",
  "hub.cancel": "session",
  "hub.release_lease": "session",
  "hub.report_usage": "session",
  "hub.acquire_lease": "control",
  "instance.launch": "control",
  "instance.stop": "control",
  "hub.shutdown": "control",
};

/** Kind of a method; one that nobody has put into the table is the owner's. */
export function kindOf(method: string): MethodKind {
  return (Object.hasOwn(KINDS, method) ? KINDS[method as HubMethod] : undefined) ?? "owner";
}

const MAY_CALL: Readonly<Record<Role, ReadonlySet<MethodKind>>> = {
  instance: new Set(),
  observer: new Set<MethodKind>(["look"]),
  agent: new Set<MethodKind>(["look", "session", "control"]),
  owner: new Set<MethodKind>(["look", "session", "control", "owner"]),
};

/** True when a client of that role may call methods of that kind. */
export function mayCall(role: Role, kind: MethodKind): boolean {
  return MAY_CALL[role].has(kind);
}
