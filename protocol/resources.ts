/** Finds the resources that a command touches: the names under which the hub leases them. */
import type { CommandDefinition } from "./commands/index.ts";

type Params = Record<string, unknown>;

/** True for a write to a scene that names none: it goes to the session's current scene. */
export function meansCurrentScene(command: CommandDefinition, params: Params): boolean {
  return command.locks.includes("scene") && sceneNamed(params) === undefined;
}

/**
 * Names of what a call of `command` locks, for the `resources` member of its request: none for a write that changes
 * nothing that can be leased, such as opening a scene.
 * @param currentScene The scene that a write which names none goes to.
 * @returns undefined when the scene is not known: then the hub takes the whole instance.
 */
export function resourcesOf(command: CommandDefinition, params: Params, currentScene?: string): string[] | undefined {
  const scene = sceneNamed(params) ?? currentScene;
  const names = command.locks.map((lock) => {
    if (lock === "run" || lock === "settings") return lock;
    if (lock === "scene") return scene === undefined ? undefined : `scene:${scene}`;
    const path = filePath(params.path);
    return path ? `${lock}:${path}` : lock;
  });
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? known : undefined;
}

/** The scene file that params name; `path` is a node in most commands, and a scene in those that make or open one. */
function sceneNamed({ scene, path }: Params): string | undefined {
  return filePath(scene) ?? filePath(path);
}

function filePath(value: unknown): string | undefined {
  // A resource inside a file is written with it.
  return typeof value === "string" && value.startsWith("res://") ? value.split("::", 1)[0] : undefined;
}
