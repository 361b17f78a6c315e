/** Random params for any command of the table, made from its schema: mostly words that mean something in the project they are sent to. */

import { z } from "zod";
import type { CommandDefinition } from "../../protocol/commands/define.ts";
import { OPERATION_COMMANDS } from "../../protocol/commands/edit.ts";
import { fc } from "./random.ts";

/** What params are made of. */
export interface Words {
  /** Files and folders, and what looks like one. */
  readonly files: readonly string[];
  readonly nodes: readonly string[];
  readonly properties: readonly string[];
  /** Classes, signals, methods, groups, names. */
  readonly names: readonly string[];
  /** Values of properties. */
  readonly values: readonly unknown[];
  /** Code. */
  readonly sources: readonly string[];
}

const schemaSchema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  get anyOf() {
    return z.array(schemaSchema).optional();
  },
  get items() {
    return schemaSchema.optional();
  },
  get properties() {
    return z.record(z.string(), schemaSchema).optional();
  },
  required: z.array(z.string()).optional(),
});
type Schema = z.infer<typeof schemaSchema>;

/** Which words a param takes, by its name. */
const KINDS: readonly (readonly [name: RegExp, words: keyof Words])[] = [
  [/source|code|content/i, "sources"],
  [/propert|^names$/i, "properties"],
  [/scene|file|script|instance|folder|other|uid/i, "files"],
  [/^(parent|to|node|from)$/i, "nodes"],
  [/value|default/i, "values"],
];

/** Makes params. */
export class RandomCommands {
  readonly #words: Words;
  readonly #operation: fc.Arbitrary<unknown>;

  constructor(words: Words) {
    this.#words = words;
    const operations = [...OPERATION_COMMANDS].map(([op, command]) =>
      this.paramsOf(command).map(({ scene: _, ...rest }) => ({ op, ...rest })),
    );
    this.#operation = fc.oneof(...operations);
  }

  /** Params of one command, as its schema has them or nearly so. */
  paramsOf({ params }: CommandDefinition): fc.Arbitrary<Record<string, unknown>> {
    const schema = schemaSchema.parse(z.toJSONSchema(params, { io: "input", unrepresentable: "any" }));
    return this.#object(schema);
  }

  #object({ properties = {}, required = [] }: Schema): fc.Arbitrary<Record<string, unknown>> {
    const members = Object.entries(properties).map(([name, member]) => [name, this.#of(member, name)] as const);
    return fc.record(Object.fromEntries(members), { requiredKeys: required });
  }

  #of(schema: Schema, name: string): fc.Arbitrary<unknown> {
    if (name === "operations") return fc.array(this.#operation, { minLength: 1, maxLength: 5 });
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => this.#of(each, name)));
    if (schema.type === "boolean") return fc.boolean();
    if (schema.type === "integer" || schema.type === "number") return fc.constantFrom(0, 1, 2, 20, 0.5);
    if (schema.type === "array") return fc.array(this.#of(schema.items ?? {}, name), { maxLength: 3 });
    if (schema.type === "object") return schema.properties ? this.#object(schema) : this.#properties();
    return schema.type === "string" ? this.#text(name) : fc.constantFrom(...this.#words.values);
  }

  #text(name: string): fc.Arbitrary<unknown> {
    const kind = KINDS.find(([pattern]) => pattern.test(name))?.[1];
    const { files, nodes, names, properties } = this.#words;
    const any = fc.constantFrom(...files, ...nodes, ...names, ...properties);
    return kind ? fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...this.#words[kind]) }, any) : any;
  }

  #properties(): fc.Arbitrary<Record<string, unknown>> {
    return fc.dictionary(fc.constantFrom(...this.#words.properties), fc.constantFrom(...this.#words.values), {
      maxKeys: 3,
    });
  }
}
