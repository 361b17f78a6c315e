/** Which reads name everything that they depend on, so that the hub may answer equal ones of several clients together. */
import type { CommandDefinition } from "../../protocol/commands/index.ts";

/** Groups whose answers speak of the asking session's own scene even when no `scene` is asked for, or may depend on who asks. */
const SESSION_GROUPS: ReadonlySet<string> = new Set(["editor", "scene", "node", "custom"]);

/** True when a call of a read depends on nothing but its params: not on the session that asks, nor on its current scene. */
export function isShareable(command: CommandDefinition, params: Record<string, unknown>): boolean {
  if (!command.readOnly) return false;
  if ("scene" in command.params.shape) return typeof params.scene === "string";
  const [group = ""] = command.name.split(".");
  return !SESSION_GROUPS.has(group);
}
