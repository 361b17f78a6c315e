/** Finds commands by words, whatever their order, their endings and in spite of typing errors, and says whether any fits well. */
import type MiniSearch from "minisearch";
import type { SearchResult } from "minisearch";
import { stemmer } from "stemmer";
import type { CommandDefinition } from "../../protocol/commands/index.ts";
import type { CustomCommand } from "../../protocol/messages.ts";
import { FILLERS } from "../texts/filler-words.ts";
import type { HubCommand } from "./hub-commands.ts";
import type { JobCommand } from "./job-commands.ts";

/** A command of the table, one that a project registered, one of the hub's own, or one of the session's jobs. */
export type SearchableCommand = CommandDefinition | CustomCommand | HubCommand | JobCommand;

/** What a search has found, best first. */
export interface FoundCommands {
  readonly found: readonly SearchableCommand[];
  /** How many have something to do with it. */
  readonly total: number;
  /** Whether the best is likely to be what is looked for. */
  readonly fitsWell: boolean;
}

interface Indexed {
  readonly id: number;
  readonly name: string;
  readonly keywords: string;
  readonly description: string;
  readonly params: string;
}

/** Words that mean the same for a command: each is read as the first of its line. */
const SYNONYMS: ReadonlyMap<string, string> = new Map(
  [
    "delete remove erase destroy drop",
    "create new generate",
    "get list show view display fetch",
    "duplicate copy clone",
    "move reparent",
    "screenshot picture image capture",
    "log output console",
    "property attribute field",
    "setting config configuration preference",
    "function method",
    "signal event",
    "stop quit terminate kill",
    "run play start launch execute",
    "find search locate lookup look seek grep",
    "instance instantiate",
    "hierarchy tree",
    "variable var",
    "folder directory",
    "add insert put place spawn",
    "color colour",
    "keybinding shortcut hotkey binding",
    "press hold tap push",
    "connect hook wire",
    "group tag",
    "continue resume unpause",
  ].flatMap((line) => {
    const [first = "", ...others] = line.split(" ").map(stemmer);
    return others.map((word) => [word, first] as const);
  }),
);

/** How much of a word may be wrong; short words have too many neighbours. */
const FUZZY = 0.2;
const FUZZY_FROM = 5;
/** From which length on a word may be the beginning of another: "add" is no beginning of "addon". */
const PREFIX_FROM = 4;
/** The same for a word that stands nowhere as it is. */
const UNKNOWN_PREFIX_FROM = 3;

/** Who asks so wants to know something, not to change it. */
const QUESTION = /^(which|what|where|who|how|is|are|does|did|has|have|show|list|get|read|see|look|inspect|view)\b/i;
const READS_FIRST = 1.4;
/** How much more a command is worth all of whose name is in the question. */
const NAMED = 0.6;

/** A word and how much it says. */
interface Weighed {
  readonly word: string;
  readonly weight: number;
}

/** What of a question has to be met by the best command for it to fit well, weighed by how much each word says. */
const FITS_FROM = 0.5;
/** In how many commands a word might stand that stands in none: it is the asker's own as often as it is what no command does. */
const UNKNOWN_COUNT = 1;
/** A word that is only like one of a command's meets it in part. */
const LIKE = 0.7;

/** The commands that fit `query` best. */
export async function findCommands(
  commands: readonly SearchableCommand[],
  query: string,
  limit: number,
): Promise<FoundCommands> {
  const index = await indexOf(commands);
  const words = wordsOf(query).map((word) => inOrder(word, index));
  const weights = words.map((word) => ({ word, weight: weightOf(word, index) }));
  const isQuestion = QUESTION.test(query.trim());
  const favour = ({ id }: SearchResult) => {
    const command = commands[Number(id)];
    return (isQuestion && command?.readOnly ? READS_FIRST : 1) * (1 + NAMED * partNamed(command?.name ?? "", words));
  };
  const fitting = (words.length === 0 ? [] : index.search(words.join(" ")))
    .map((each) => ({ id: Number(each.id), score: each.score * favour(each), share: shareMet(each, weights) }))
    .toSorted((a, b) => b.score * b.share - a.score * a.share);
  const found = fitting.slice(0, limit).flatMap(({ id }) => commands[id] ?? []);
  return { found, total: fitting.length, fitsWell: (fitting[0]?.share ?? 0) >= FITS_FROM };
}

async function indexOf(commands: readonly SearchableCommand[]): Promise<MiniSearch<Indexed>> {
  const { default: Search } = await import("minisearch");
  const index: MiniSearch<Indexed> = new Search<Indexed>({
    fields: ["name", "keywords", "description", "params"],
    tokenize: tokensOf,
    processTerm: termOf,
    searchOptions: {
      boost: { name: 3, keywords: 2, params: 0.3 },
      // How many words a command has says nothing about how well one of them fits.
      bm25: { k: 1.2, b: 0.2, d: 0.5 },
      prefix: (term) => term.length >= (isTerm(index, term) ? PREFIX_FROM : UNKNOWN_PREFIX_FROM),
      fuzzy: (term) => (term.length < FUZZY_FROM ? false : FUZZY),
      // The words of a question are terms already.
      processTerm: (term) => term,
    },
  });
  index.addAll(commands.map(entryOf));
  return index;
}

function entryOf(command: SearchableCommand, id: number): Indexed {
  const keywords = "keywords" in command ? command.keywords : "";
  return { id, name: command.name, keywords, description: command.description, params: paramNames(command).join(" ") };
}

function tokensOf(text: string): string[] {
  return text.replace(/([a-z])([A-Z])/g, "$1 $2").split(/[^\p{L}\p{N}]+/u);
}

function termOf(word: string): string | null {
  const lower = word.toLowerCase();
  if (lower === "" || FILLERS.has(lower)) return null;
  const stem = stemmer(lower);
  return SYNONYMS.get(stem) ?? stem;
}

/** What a name in a question is of, whatever it is. */
const KINDS: readonly (readonly [name: RegExp, kind: string])[] = [
  [/\bproject\.godot\b/g, " project settings "],
  [/\S+\.(?:gd|cs)\b/g, " script "],
  [/\S+\.(?:tscn|scn)\b/g, " scene "],
  [/\S+\.(?:tres|res)\b/g, " resource "],
  [/\b[A-Z][a-z]+[A-Za-z]*[23]D\b|(?<=\s)(?:[A-Z][a-z]+){2,}\b/g, " class "],
  [/\b(?:red|green|blue|yellow|orange|purple|pink|black|white|gr[ae]y)\b/gi, " color "],
];

/** The terms of a question. Names of the asker's own, paths and numbers say nothing about a command but what they are of. */
function wordsOf(query: string): string[] {
  const kinds = KINDS.reduce((text, [name, kind]) => text.replace(name, kind), query);
  const plain = kinds.replace(/\b(?:res|uid):\/\/\S*|["'`][^"'`]*["'`]|\b\d[\d.]*\b/g, " ");
  const named = plain.replace(/(?<=\S\s+)[A-Z][a-z]+\d*\b/g, " ");
  const words = (text: string) => tokensOf(text).flatMap((token) => termOf(token) ?? []);
  return [...new Set(words(named).length > 0 ? words(named) : words(query))];
}

function isTerm(index: MiniSearch<Indexed>, term: string): boolean {
  return index.search(term, { prefix: false, fuzzy: false }).length > 0;
}

/** A word that is unknown as it is, with two letters changed back that have changed places. */
function inOrder(word: string, index: MiniSearch<Indexed>): string {
  const isKnown = (each: string) => index.search(each, { fuzzy: false }).length > 0;
  if (isKnown(word)) return word;
  const swapped = Array.from({ length: word.length - 1 }, (_, at) => {
    const [a = "", b = ""] = [word[at], word[at + 1]];
    return word.slice(0, at) + b + a + word.slice(at + 2);
  });
  return swapped.find(isKnown) ?? word;
}

/** How much of a question a command meets, from 0 to 1, each word by how much it says. */
function shareMet({ match, queryTerms }: SearchResult, words: readonly Weighed[]): number {
  const metBy = (word: string) => (word in match ? 1 : LIKE);
  const met = words.filter(({ word }) => queryTerms.includes(word));
  return sumOf(met, ({ word, weight }) => weight * metBy(word)) / sumOf(words, ({ weight }) => weight);
}

/** Which part of a command's name is in a question. */
function partNamed(name: string, words: readonly string[]): number {
  const terms = tokensOf(name).flatMap((token) => termOf(token) ?? []);
  return terms.filter((term) => words.includes(term)).length / Math.max(1, terms.length);
}

function sumOf(words: readonly Weighed[], of: (word: Weighed) => number): number {
  return words.reduce((sum, word) => sum + of(word), 0);
}

/** The rarer a word, the more it says. */
function weightOf(word: string, index: MiniSearch<Indexed>): number {
  const count = index.search(word, { prefix: false, fuzzy: false }).length || UNKNOWN_COUNT;
  return Math.log((index.documentCount + 1) / (count + 1));
}

function paramNames(command: SearchableCommand): string[] {
  if ("params" in command) return Object.keys(command.params.shape);
  const { properties } = command.paramsSchema;
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}
