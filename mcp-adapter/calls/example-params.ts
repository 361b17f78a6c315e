/** Params that show how a command is called: what it requires, with values that look like the real ones. */
import { asJsonObject } from "../../hub-client/json-object.ts";
import type { CommandDefinition } from "../../protocol/commands/index.ts";
import { inputSchemaOf, type JsonSchema } from "../params/schemas.ts";

/** By name of the param: names mean the same in every command. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  scene: "res://main.tscn",
  script: "res://player.gd",
  name: "Enemy",
  parent: ".",
  type: "Node2D",
  rootType: "Node2D",
  query: "speed",
  properties: { position: "Vector2(8, 8)" },
  operations: [{ op: "add", type: "Node2D", name: "Enemy" }],
  edits: [{ find: "speed = 1", replace: "speed = 2" }],
  source: "extends Node\n",
  class: "Sprite2D",
  className: "Sprite2D",
  signal: "pressed",
  method: "_on_pressed",
  confirm: true,
};

/** The declared example, or one that the command's own schema accepts; undefined when none can be made up. */
export function exampleParams(command: CommandDefinition): Readonly<Record<string, unknown>> | undefined {
  if (command.example) return command.example;
  const schema = inputSchemaOf(command.params);
  const properties = asJsonObject(schema.properties);
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const given = required.map((name) => [name, sample(name, asJsonObject(properties[name]), command)] as const);
  const example = Object.fromEntries(given);
  return command.params.safeParse(example).success ? example : undefined;
}

function sample(name: string, schema: JsonSchema, command: CommandDefinition): unknown {
  const isFile = typeof schema.pattern === "string" && schema.pattern.includes("res");
  if (isFile) return fileOf(name, command);
  if (name === "path" || name.endsWith("Path") || name === "node") return "Player";
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (name in BY_NAME) return BY_NAME[name];
  return byType(schema, name, command);
}

function byType(schema: JsonSchema, name: string, command: CommandDefinition): unknown {
  switch (schema.type) {
    case "integer":
    case "number":
      return typeof schema.minimum === "number" ? schema.minimum : 1;
    case "boolean":
      return true;
    case "array":
      return [sample(name.replace(/s$/, ""), asJsonObject(schema.items), command)];
    case "object":
      return {};
    default:
      return name;
  }
}

function fileOf(name: string, { name: command }: CommandDefinition): string {
  const group = name === "path" ? (command.split(".")[0] ?? "") : name;
  if (group === "script") return "res://player.gd";
  if (group === "resource") return "res://item.tres";
  return "res://main.tscn";
}
