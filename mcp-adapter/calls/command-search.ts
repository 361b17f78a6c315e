/** Finds commands by words, whatever their order and in spite of typing errors. */
import type { CommandDefinition } from "../../protocol/commands/index.ts";
import type { CustomCommand } from "../../protocol/messages.ts";
import { FILLERS } from "../texts/filler-words.ts";
import type { HubCommand } from "./hub-commands.ts";
import type { JobCommand } from "./job-commands.ts";

/** A command of the table, one that a project registered, one of the hub's own, or one of the session's jobs. */
export type SearchableCommand = CommandDefinition | CustomCommand | HubCommand | JobCommand;

/** How much of a word may be wrong. */
const STRICT = 0.2;
/** The same for a word that nothing is like otherwise: two letters that changed places are two errors. */
const LENIENT = 0.4;

/** The commands that fit `query` best, best first, and how many fit at all. */
export async function findCommands(
  commands: readonly SearchableCommand[],
  query: string,
  limit: number,
): Promise<{ found: SearchableCommand[]; total: number }> {
  const { default: MiniSearch } = await import("minisearch");
  const index = new MiniSearch<{ id: number; name: string; description: string; params: string }>({
    fields: ["name", "description", "params"],
    tokenize: (text) => text.split(/[^\p{L}\p{N}]+/u),
    processTerm: (term) => (FILLERS.has(term.toLowerCase()) ? null : term.toLowerCase()),
    searchOptions: { boost: { name: 3, params: 0.5 }, prefix: true, fuzzy: STRICT },
  });
  index.addAll(
    commands.map((command, id) => ({
      id,
      name: command.name,
      description: command.description,
      params: paramNames(command).join(" "),
    })),
  );
  const fuzzy = (term: string) => (index.search(term).length > 0 ? STRICT : LENIENT);
  const fitting = index.search(query, { fuzzy });
  return { found: fitting.slice(0, limit).flatMap(({ id }) => commands[id] ?? []), total: fitting.length };
}

function paramNames(command: SearchableCommand): string[] {
  if ("params" in command) return Object.keys(command.params.shape);
  const { properties } = command.paramsSchema;
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}
