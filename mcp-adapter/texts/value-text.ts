/** Values of the engine as its own short text, which commands accept as well: `Vector2(1, 2)` instead of an object. */

/** Numeric members of each type, in the order of its text form. */
const NUMBERS: Readonly<Record<string, readonly string[]>> = {
  Vector2: ["x", "y"],
  Vector2i: ["x", "y"],
  Vector3: ["x", "y", "z"],
  Vector3i: ["x", "y", "z"],
  Vector4: ["x", "y", "z", "w"],
  Vector4i: ["x", "y", "z", "w"],
  Quaternion: ["x", "y", "z", "w"],
  Color: ["r", "g", "b", "a"],
};
/** Types that are made of others, whose numbers stand in a row. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  Rect2: ["position", "size"],
  Rect2i: ["position", "size"],
  AABB: ["position", "size"],
  Transform2D: ["x", "y", "origin"],
};

/** The text form of an engine value; undefined for anything that has none. */
export function engineText(value: object): string | undefined {
  const type: unknown = Reflect.get(value, "type");
  if (typeof type !== "string") return undefined;
  if (type === "Resource") return hasOnly(value, ["type", "class", "path"]) ? resourceText(value) : undefined;
  if (type === "Node") return hasOnly(value, ["type", "path"]) ? textMember(value, "path") : undefined;
  if (!hasOnly(value, ["type", ...(NUMBERS[type] ?? PARTS[type] ?? [])])) return undefined;
  const numbers = numbersOf(type, value);
  return numbers && `${type}(${numbers.join(", ")})`;
}

/** A node of class "Node" has a `type` too: what has further members is no value of the engine. */
function hasOnly(value: object, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name));
}

function numbersOf(type: string, value: object): number[] | undefined {
  const own = NUMBERS[type];
  if (own)
    return all(
      own.map((name) => Reflect.get(value, name)).map((each) => (typeof each === "number" ? each : undefined)),
    );
  const parts = PARTS[type]?.map((name): unknown => Reflect.get(value, name));
  return all(parts?.map((part) => partNumbers(part)) ?? [undefined])?.flat();
}

function partNumbers(part: unknown): number[] | undefined {
  if (typeof part !== "object" || part === null) return undefined;
  const type: unknown = Reflect.get(part, "type");
  const names = typeof type === "string" ? NUMBERS[type] : Object.keys(part);
  return all(
    (names ?? []).map((name): unknown => Reflect.get(part, name)).map((n) => (typeof n === "number" ? n : undefined)),
  );
}

function all<T>(values: (T | undefined)[]): T[] | undefined {
  const present = values.filter((value) => value !== undefined);
  return present.length === values.length ? present : undefined;
}

function resourceText(value: object): string | undefined {
  const path = textMember(value, "path");
  const kind = textMember(value, "class");
  return path || (kind && `<${kind}>`);
}

function textMember(value: object, name: string): string | undefined {
  const member: unknown = Reflect.get(value, name);
  return typeof member === "string" && member !== "" ? member : undefined;
}
