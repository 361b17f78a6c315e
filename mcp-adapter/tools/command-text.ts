/** Commands as a model needs them: on a line to choose one, and in full, with the types of their params, to call it. */
import { asJsonObject } from "../../hub-client/json-object.ts";
import type { SearchableCommand } from "../calls/command-search.ts";
import { inputSchemaOf, type JsonSchema } from "../params/schemas.ts";

/** Longest description on one line, in characters. */
const ONE_LINE = 140;

/** A command on one line: name, kind and what it does, in short. */
export function commandLine(command: SearchableCommand): string {
  return `${command.name} (${kindOf(command)}): ${shortened(command.description)}`;
}

/** The lines that describe one command. */
export function commandText(command: SearchableCommand): string {
  return [`${command.name} (${kindOf(command)}): ${command.description}`, ...paramLines(schemaOf(command))].join("\n");
}

/** The same as data. */
export function commandData(command: SearchableCommand): Record<string, unknown> {
  const { name, description } = command;
  return { name, kind: kindOf(command), description, params: schemaOf(command) };
}

function schemaOf(command: SearchableCommand): JsonSchema {
  return "params" in command ? inputSchemaOf(command.params) : command.paramsSchema;
}

/** The first sentence, or as much of it as a line takes. */
function shortened(description: string): string {
  const [sentence = ""] = description.split(/(?<=[.:]) /, 1);
  return sentence.length > ONE_LINE ? `${sentence.slice(0, ONE_LINE - 1)}…` : sentence;
}

function kindOf(command: SearchableCommand): string {
  if (!("params" in command)) return command.readOnly ? "custom, read" : "custom, write";
  if (command.readOnly) return "read";
  return command.undoable ? "write, undoable" : command.destructive ? "write, destructive" : "write";
}

function paramLines(schema: JsonSchema): string[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(asJsonObject(schema.properties)).map(([name, value]) => {
    const param = asJsonObject(value);
    const about = typeof param.description === "string" ? `  ${param.description}` : "";
    return `  ${name}${required.includes(name) ? "" : "?"}: ${typeText(param)}${about}`;
  });
}

function typeText(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((each) => JSON.stringify(each)).join("|");
  const { type } = schema;
  if (type === "array") return `${typeText(asJsonObject(schema.items))}[]`;
  const members = Object.keys(asJsonObject(schema.properties));
  if (type === "object" && members.length > 0) return `{${members.join(", ")}}`;
  return typeof type === "string" ? type : "any";
}
