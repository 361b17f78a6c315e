/** Who may call which of the hub's own methods. */
import { hubMethod } from "../../protocol/hub-methods.ts";
import type { MethodKind } from "../../protocol/owner-methods.ts";
import { DASHBOARD_PERMISSION, type Permission } from "./permission.ts";

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
export function roleOf(clientType: string, permission: Permission | undefined): Role {
  if (isInstanceType(clientType)) return "instance";
  if (COMMANDING_TYPES.has(clientType)) return "agent";
  return permission?.role === "owner" && clientType !== OBSERVER_TYPE ? "owner" : "observer";
}

/** True when the bearer of `permission` may identify itself as a client of that type. */
export function mayBe(permission: Permission, clientType: string): boolean {
  const role = roleOf(clientType, permission);
  if (permission === DASHBOARD_PERMISSION) return clientType === "dashboard";
  if (permission.role === "owner") return true;
  if (permission.role === "agent") return role !== "instance";
  return permission.role === role;
}

/** Kind of a method; one that there is not is the owner's. */
export function kindOf(method: string): MethodKind {
  return hubMethod(method)?.kind ?? "owner";
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
