/** Makes empty scenes for the projects of the chaos tests, one for each session. */

/** Files of `count` scenes by their path below res://. */
export function emptyScenes(count: number): Record<string, string> {
  const scenes = Array.from({ length: count }, (_, index) => [`scene_${index}.tscn`, emptyScene(index)] as const);
  return Object.fromEntries(scenes);
}

/** Path of a scene of `emptyScenes`. */
export function scenePath(index: number): string {
  return `res://scene_${index}.tscn`;
}

function emptyScene(index: number): string {
  return `[gd_scene format=3]\n\n[node name="Scene${index}" type="Node2D"]\n`;
}
