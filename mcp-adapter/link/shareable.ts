/** Which reads name everything that they depend on, so that the hub may answer equal ones of several clients together. */
import type { CommandDefinition } from "../../protocol/commands/index.ts";

/** True when a call of a read depends on nothing but its params: not on the session that asks, nor on its current scene. */
export function isShareable(command: CommandDefinition, params: Record<string, unknown>): boolean {
  if (!command.readOnly) return false;
  return "scene" in command.params.shape ? typeof params.scene === "string" : command.scope === "params";
}
