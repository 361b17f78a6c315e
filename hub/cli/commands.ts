/** `godot-hub commands`: the commands that `godot-hub call` runs, and the params of one. */
import type { Command } from "commander";
import { z } from "zod";
import type { CommandDefinition } from "../../protocol/commands/define.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import type { CliContext } from "./context.ts";
import { CliError } from "./exit-codes.ts";
import { type Terminal, table } from "./terminal.ts";

/** Adds `godot-hub commands`. */
export function addCommands(program: Command, { terminal }: CliContext): void {
  program
    .command("commands")
    .description("list the commands that call runs; show the params of one")
    .argument("[words...]", "only commands with these words, or the name of one")
    .option("--json", "print JSON")
    .action((words: string[], { json = false }: { json?: boolean }) => listCommands(words, json, terminal));
}

/**
 * Lists the commands in whose names and descriptions all `words` stand; shows the params of the one that is named in full.
 * @throws {CliError} when none fits.
 */
function listCommands(words: readonly string[], json: boolean, terminal: Terminal): void {
  const [first = "", ...more] = words;
  const named = more.length === 0 ? COMMANDS.get(first) : undefined;
  const shown = named ? described(named) : listed(words);
  terminal.out(json ? JSON.stringify(shown.value) : shown.text);
}

interface Shown {
  readonly text: string;
  readonly value: unknown;
}

function listed(words: readonly string[]): Shown {
  const wanted = words.map((word) => word.toLowerCase());
  const found = [...COMMANDS.values()].filter(({ name, description }) => {
    const text = `${name} ${description}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  if (found.length === 0) {
    throw new CliError(`No command has '${words.join(" ")}' in its name or description. Without words all are listed.`);
  }
  const value = found.map(({ name, readOnly, description }) => ({ name, readOnly, description }));
  return { value, text: table(value.map((each) => [each.name, each.readOnly ? "read" : "", each.description])) };
}

const schemaSchema = z.object({
  properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })).default({}),
  required: z.array(z.string()).default([]),
});

function described({ name, description, readOnly, params }: CommandDefinition): Shown {
  const schema = z.toJSONSchema(params, { io: "input" });
  const { properties, required } = schemaSchema.parse(schema);
  const rows = Object.entries(properties).map(([key, { description: what = "", ...type }]) => [
    `  ${key}${required.includes(key) ? "" : "?"}`,
    typeText(type),
    what,
  ]);
  const text = [`${name}${readOnly ? " (read)" : ""}: ${description}`, table(rows)].filter(Boolean).join("\n");
  return { value: { name, readOnly, description, params: schema }, text };
}

/** A schema's type in a few words. */
function typeText({ type, enum: words, items }: { type?: unknown; enum?: unknown; items?: unknown }): string {
  if (Array.isArray(words)) return words.join(" | ");
  if (type === "array") return `${typeText(typeof items === "object" && items !== null ? items : {})}[]`;
  return typeof type === "string" ? type : "any";
}
