/** Values by their JSON Schema, and the plain but wrong forms in which models and their hosts send them. */

type Schema = Record<string, unknown>;

/** A right value, and others that mean it. */
export interface Forms {
  readonly right: unknown;
  readonly wrong: readonly unknown[];
}

/** A value for `schema` and its wrong forms; undefined where any value is right. */
export function formsOf(schema: Schema): Forms | undefined {
  if (Array.isArray(schema.anyOf)) return undefined;
  if (Array.isArray(schema.enum)) return ofWord(String(schema.enum.at(-1)));
  switch (schema.type) {
    case "string":
      return { right: textFor(schema), wrong: [[textFor(schema)]] };
    case "integer":
    case "number":
      return ofNumber(Math.max(Number(schema.minimum ?? 1), 1));
    case "boolean":
      return { right: true, wrong: ["true", "True", " TRUE ", 1, "1", [true]] };
    case "array":
      return ofList(asSchema(schema.items));
    case "object":
      return ofObject(schema);
    default:
      return undefined;
  }
}

/** Forms of "not given". */
export function nothings(name: string, schema: Schema): unknown[] {
  if (schema.type === undefined && !schema.enum) return [];
  // A script may be empty.
  return name === "source" ? [null] : [null, ""];
}

/** A name in other styles. */
export function namesOf(name: string): string[] {
  const words = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [...new Set([words, words.replaceAll("_", "-"), name.toUpperCase()])].filter((each) => each !== name);
}

function ofWord(word: string): Forms {
  return { right: word, wrong: [word.toUpperCase(), word.replaceAll("_", "-"), ` ${word}`, [word]] };
}

function ofNumber(value: number): Forms {
  return { right: value, wrong: [String(value), ` ${value}.0 `, [value]] };
}

function ofList(items: Schema): Forms {
  const item = formsOf(items) ?? { right: "any", wrong: [] };
  const right = [item.right];
  const oneByOne = item.wrong.filter((each) => !Array.isArray(each)).map((each) => [each]);
  return { right, wrong: [item.right, JSON.stringify(right), ...oneByOne] };
}

function ofObject(schema: Schema): Forms {
  const properties = Object.entries(asSchema(schema.properties)).map(
    ([name, member]) => [name, asSchema(member)] as const,
  );
  const known = properties.flatMap(([name, member]) => {
    const forms = formsOf(member);
    return forms ? [[name, forms] as const] : [];
  });
  const right = Object.fromEntries(known.map(([name, forms]) => [name, forms.right]));
  const nested = known.flatMap(([name, forms]) => forms.wrong.map((wrong) => ({ ...right, [name]: wrong })));
  return { right, wrong: [JSON.stringify(right), [right], ...nested] };
}

function textFor({ pattern, maxLength }: Schema): string {
  return String(pattern ?? "").includes("res") ? "res://a.tscn" : "some text".slice(0, Number(maxLength ?? 9));
}

/** `value` as a schema; nothing when it is none. */
export function asSchema(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
