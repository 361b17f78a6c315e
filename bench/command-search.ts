/** Measures how often `command_search` has the right command among the first, for users' queries and for names of other servers. */
import { findCommands, type SearchableCommand } from "../mcp-adapter/calls/command-search.ts";
import { HUB_COMMANDS } from "../mcp-adapter/calls/hub-commands.ts";
import { JOB_COMMANDS } from "../mcp-adapter/calls/job-commands.ts";
import { COMMANDS } from "../protocol/commands/index.ts";
import { FOREIGN_INTENTS, type Intent, PEERS_INTENTS, USERS_INTENTS } from "./command-intents.ts";

/** Everything that can be found without an editor. */
const SEARCHED: readonly SearchableCommand[] = [
  ...COMMANDS.values(),
  ...HUB_COMMANDS.values(),
  ...JOB_COMMANDS.values(),
];

/** The outcome of one query. */
export interface SearchOutcome {
  readonly query: string;
  /** Place of the first right answer, from 0; -1: none. */
  readonly place: number;
  /** Whether the answer says that something fits. */
  readonly fitsWell: boolean;
}

/** Asks each question. */
export function searchAll(intents: readonly Intent[]): Promise<SearchOutcome[]> {
  return Promise.all(
    intents.map(async ([query, ...commands]) => {
      const { found, fitsWell } = await findCommands(SEARCHED, query, SEARCHED.length);
      return { query, place: found.findIndex(({ name }) => commands.includes(name)), fitsWell };
    }),
  );
}

/** Which part of the questions has a right answer among the first `count`. */
export function hitsAmong(outcomes: readonly SearchOutcome[], count: number): number {
  return outcomes.filter(({ place }) => place >= 0 && place < count).length / outcomes.length;
}

/** Prints the table. */
export async function commandSearch(): Promise<void> {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  for (const [kind, intents] of [
    ["users", USERS_INTENTS],
    ["peers", PEERS_INTENTS],
  ] as const) {
    const outcomes = await searchAll(intents);
    const doubted = outcomes.filter(({ fitsWell }) => !fitsWell).length / outcomes.length;
    console.log(
      `${kind}: ${intents.length} questions; right answer first ${percent(hitsAmong(outcomes, 1))}, among the first 3 ${percent(hitsAmong(outcomes, 3))}; doubted ${percent(doubted)}`,
    );
    for (const { query, place } of outcomes.filter((each) => each.place < 0 || each.place > 2)) {
      console.log(`  not among the first 3: ${query} (${place < 0 ? "not found" : `place ${place + 1}`})`);
    }
  }
  const foreign = await searchAll(FOREIGN_INTENTS.map((query): Intent => [query]));
  const recognised = foreign.filter(({ fitsWell }) => !fitsWell).length;
  console.log(`queries that no command fits: ${recognised} of ${foreign.length} are recognised`);
}
