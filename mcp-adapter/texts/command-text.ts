/** A command as a model needs it to call it: name, kind, description, params with their types. */
import type { SearchableCommand } from "../calls/command-search.ts";
import { inputSchemaOf, type JsonSchema } from "../params/schemas.ts";

/** The lines that describe one command. */
export function commandText(command: SearchableCommand): string {
  const schema = "params" in command ? inputSchemaOf(command.params) : command.paramsSchema;
  return [`${command.name} (${kindOf(command)}): ${command.description}`, ...paramLines(schema)].join("\n");
}

function kindOf(command: SearchableCommand): string {
  if (!("params" in command)) return command.readOnly ? "custom, read" : "custom, write";
  if (command.readOnly) return "read";
  return command.undoable ? "write, undoable" : command.destructive ? "write, destructive" : "write";
}

function paramLines(schema: JsonSchema): string[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(asSchema(schema.properties)).map(([name, value]) => {
    const param = asSchema(value);
    const about = typeof param.description === "string" ? `  ${param.description}` : "";
    return `  ${name}${required.includes(name) ? "" : "?"}: ${typeText(param)}${about}`;
  });
}

function typeText(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((each) => JSON.stringify(each)).join("|");
  const { type } = schema;
  if (type === "array") return `${typeText(asSchema(schema.items))}[]`;
  const members = Object.keys(asSchema(schema.properties));
  if (type === "object" && members.length > 0) return `{${members.join(", ")}}`;
  return typeof type === "string" ? type : "any";
}

function asSchema(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
