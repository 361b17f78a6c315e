/** Holds the addon's command table, as the engine itself prints it, to protocol/commands/, in both directions. */
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { runGodotScript } from "../support/godot-script.ts";

const dumpSchema = z.looseObject({
  commands: z.array(
    z.strictObject({
      name: z.string(),
      readOnly: z.boolean(),
      long: z.boolean(),
      params: z.record(z.string(), z.strictObject({ type: z.string(), required: z.boolean() })),
    }),
  ),
});
type Dumped = z.infer<typeof dumpSchema>["commands"][number];

/** GDScript's type for each of JSON Schema. */
const GODOT_TYPES: Record<string, string> = {
  string: "String",
  integer: "int",
  number: "float",
  boolean: "bool",
  array: "Array",
  object: "Dictionary",
  any: "Nil",
};
const paramsSchema = z.looseObject({
  properties: z.record(z.string(), z.looseObject({ type: z.string().default("any") })).default({}),
  required: z.array(z.string()).default([]),
});

let dumped: ReadonlyMap<string, Dumped>;

beforeAll(async () => {
  const { commands } = dumpSchema.parse(await runGodotScript("res://tools/dump_commands.gd"));
  dumped = new Map(commands.map((command) => [command.name, command]));
});

/** The params of a command of the table, as the addon would declare them. */
function declared(name: string): Dumped["params"] {
  const schema = paramsSchema.parse(z.toJSONSchema(COMMANDS.get(name)?.params ?? z.never(), { io: "input" }));
  const params = Object.entries(schema.properties).map(([param, { type }]) => [
    param,
    { type: GODOT_TYPES[type] ?? type, required: schema.required.includes(param) },
  ]);
  return Object.fromEntries(params);
}

describe("the addon's command table", () => {
  it("has the commands of protocol/commands, and no other", () => {
    expect([...dumped.keys()].toSorted()).toEqual([...COMMANDS.keys()].toSorted());
  });

  it.each([...COMMANDS.values()].map((command) => [command.name, command] as const))(
    "has %s with the same params, types and marks",
    (name, { readOnly, long }) => {
      expect(dumped.get(name)).toEqual({ name, readOnly, long, params: declared(name) });
    },
  );
});
