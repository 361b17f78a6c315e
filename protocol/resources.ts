/** Which resources a command touches: the names under which the hub leases them. */
import type { CommandDefinition } from "./commands/index.ts";

/** The scene that a session means when it names none: known to the addon only, so the lease is on the name itself. */
const CURRENT_SCENE = "scene:current";

/**
 * Names of what a call of `command` locks, for the `resources` member of its request.
 * Undefined for a write that locks nothing in particular: then the hub takes the whole instance.
 */
export function resourcesOf(command: CommandDefinition, params: Record<string, unknown>): string[] | undefined {
  if (command.locks.length === 0) return undefined;
  return command.locks.map((lock) => {
    const named = lock === "scene" ? (params.scene ?? params.path) : params.path;
    const path = typeof named === "string" && named.startsWith("res://") ? named : undefined;
    if (lock === "run" || lock === "settings") return lock;
    return path ? `${lock}:${path}` : lock === "scene" ? CURRENT_SCENE : lock;
  });
}
