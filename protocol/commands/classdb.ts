/** The classes that there are: the engine's own, and those that the project's scripts declare. */
import { z } from "zod";
import { readCommand } from "./define.ts";
import { cursor, limit, page } from "./params.ts";

const section = z.enum(["properties", "methods", "signals", "enums", "constants"]);
const argument = z.looseObject({ name: z.string(), type: z.string() });

export const classdbCommands = [
  readCommand("classdb.get_class", {
    description:
      "What a class has: base classes, properties with type and default, methods, signals, enums, constants.",
    keywords: "api documentation describe type info inheritance class methods have docs help signals",
    fields: { nodeTypeInfo: {} },
    params: {
      name: z.string().min(1).max(200),
      inherited: z.boolean().optional().describe("What its base classes have, too. Default false."),
      sections: z.array(section).max(5).optional().describe("Default: all."),
    },
    result: z.looseObject({
      name: z.string(),
      source: z.string().describe('"engine", or the script that declares it.'),
      base: z.string(),
      inherits: z.array(z.string()),
      instantiable: z.boolean(),
      properties: z.array(z.looseObject({ name: z.string(), type: z.string() })).optional(),
      methods: z.array(z.looseObject({ name: z.string(), args: z.array(argument), returns: z.string() })).optional(),
      signals: z.array(z.looseObject({ name: z.string(), args: z.array(argument) })).optional(),
      enums: z.record(z.string(), z.record(z.string(), z.number())).optional(),
      constants: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
  readCommand("classdb.search", {
    description:
      "Classes whose names contain a text, the engine's and the project's; with `members`, also what classes declare.",
    keywords: "api find method property of class methods classes",
    fields: { classHierarchy: { query: "" }, classdbSearch: {} },
    params: {
      query: z.string().max(200).describe("Part of a name, in any case."),
      base: z.string().max(200).optional().describe('Only this class and those that inherit it, such as "Control".'),
      members: z.boolean().optional().describe("Search properties, methods and signals too."),
      limit,
      cursor,
    },
    result: z.looseObject({
      classes: z.array(z.object({ name: z.string(), base: z.string(), source: z.string() })),
      members: z.array(z.object({ class: z.string(), name: z.string(), kind: z.string() })).optional(),
      ...page,
      total: z.number().int(),
    }),
  }),
] as const;
