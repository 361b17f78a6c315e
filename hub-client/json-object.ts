/** Tells JSON objects from all other values. */

/** An object as JSON has them: no array, not null. */
export type JsonObject = Record<string, unknown>;

/** True for an object that is no array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `value` when it is an object, else an empty one. */
export function asJsonObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
