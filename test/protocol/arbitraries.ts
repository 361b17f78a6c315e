/** Random JSON, written in the random ways in which JSON may be written. */
import { fc } from "../support/random.ts";

/** A member name or a string: plain letters mostly, everything that needs an escape sometimes. */
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.string({
    unit: fc.constantFrom('"', "\\", "/", "\n", "\u0000", "\u007f", "é", "\u2028", "😀", "{", "}"),
    maxLength: 6,
  }),
);

/** JSON text of a number, also in forms that JavaScript would not write. */
export const numberText = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    "0",
    "-0",
    "1.0",
    "0.10",
    "1e5",
    "1E+5",
    "-2.50e-3",
    "9223372036854775807",
    "123456789012345678901234567890",
  ),
);

/** A string as JSON: as `JSON.stringify` writes it, or with each unit escaped. */
const stringText = fc
  .tuple(text, fc.boolean())
  .map(([value, escaped]) => (escaped ? `"${[...value].map(escapeUnits).join("")}"` : JSON.stringify(value)));

function escapeUnits(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

const space = fc.constantFrom("", "", "", " ", "\n", "\t", "\r\n  ");

/** JSON text of any value, with random white space. */
export const { value: jsonText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("true", "false", "null"),
    numberText,
    stringText,
    fc
      .tuple(fc.array(tie("value"), { maxLength: 4 }), space)
      .map(([items, gap]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
    fc.array(fc.tuple(stringText, tie("value")), { maxLength: 4 }).chain((members) => objectText(members)),
  ),
}));

/** JSON text of an object with these members, in this order. */
export function objectText(members: readonly (readonly [name: string, value: string])[]): fc.Arbitrary<string> {
  return space.map(
    (gap) => `{${gap}${members.map(([name, value]) => `${name}${gap}:${gap}${value}`).join(`${gap},${gap}`)}${gap}}`,
  );
}

/** JSON text of any object. */
export const anyObjectText = fc
  .array(fc.tuple(stringText, jsonText), { maxLength: 4 })
  .chain((members) => objectText(members));

/** One edit of a frame: bytes put in place of others. */
export interface Mutation {
  readonly position: number;
  readonly removed: number;
  readonly inserted: Uint8Array;
}

const JSON_BYTES = [...Buffer.from('{}[]",:\\u0123456789.eE+-truefalsn \n')];

/** Edits such as a broken sender would make: bytes lost, doubled, or changed, mostly into ones that mean something in JSON. */
export const mutation: fc.Arbitrary<Mutation> = fc.record({
  position: fc.nat(1_000),
  removed: fc.nat(3),
  inserted: fc
    .uint8Array({ maxLength: 3 })
    .chain((bytes) =>
      fc.boolean().map((keep) => (keep ? bytes : bytes.map((byte) => JSON_BYTES[byte % JSON_BYTES.length] ?? 0))),
    ),
});

/** `frame` with one edit. */
export function mutate(frame: Buffer, { position, removed, inserted }: Mutation): Buffer {
  const start = position % (frame.length + 1);
  return Buffer.concat([frame.subarray(0, start), inserted, frame.subarray(start + removed)]);
}
