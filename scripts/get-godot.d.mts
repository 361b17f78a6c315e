/** Types of get-godot.mjs. */

/** Path of a Godot 4 editor, found or obtained. */
export function getGodot(): Promise<string>;
