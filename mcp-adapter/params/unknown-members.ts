/**
 * What becomes of params that nobody has declared. Hosts add some to every tool, and models add remarks: those are passed
 * over. One that is near a declared name was meant to be it, and is left for the strict check to refuse; so is, where
 * something is changed, whatever may be meant to say how.
 */
import { COMMANDS } from "../../protocol/commands/index.ts";
import { nearNames, plainName } from "./near-names.ts";

/** Params that hosts and models add of their own accord: nothing about the call. */
const REMARKS: ReadonlySet<string> = new Set([
  "waitforprevious",
  "waitforprevioustools",
  "toolaction",
  "toolsummary",
  "explanation",
  "onesentenceexplanation",
  "reason",
  "reasoning",
  "rationale",
  "thought",
  "thoughts",
  "thinking",
  "intent",
  "purpose",
  "taskprogress",
  "requiresapproval",
  "securityrisk",
]);

/** Words for "only try it": passing over one of them would do what was not to be done. */
const ONLY_TRIES: ReadonlySet<string> = new Set(["dryrun", "preview", "simulate", "whatif", "noop", "testonly"]);

/** Names of params that some command has: they mean something. */
const MEANINGFUL: ReadonlySet<string> = new Set(
  [...COMMANDS.values()].flatMap(({ params }) => Object.keys(params.shape).map(plainName)),
);

/** Where a param stands that nobody has declared. */
interface Place {
  /** Names that are declared. */
  readonly known: readonly string[];
  /** Names that the caller has given. */
  readonly given: readonly string[];
  readonly changes: boolean;
}

/** Whether a param is passed over: without a word, with one in the answer, or not at all. */
export function isIgnored(name: string, value: unknown, place: Place): "silently" | "told" | "no" {
  if (isRemark(name)) return "silently";
  if (isNearOne(name, place)) return "no";
  return place.changes && !isHarmless(plainName(name), value) ? "no" : "told";
}

/** True for what hosts and models add to any call. */
export function isRemark(name: string): boolean {
  return REMARKS.has(plainName(name));
}

/** True for a name that was meant to be a declared one: like one that is not given, or with a word of any. */
function isNearOne(name: string, { known, given }: Place): boolean {
  const absent = known.filter((each) => !given.includes(each));
  if (nearNames(name, absent, 1).length > 0) return true;
  const words = wordsOf(name);
  return known.some((each) => wordsOf(each).some((word) => words.includes(word)));
}

function isHarmless(plain: string, value: unknown): boolean {
  if (MEANINGFUL.has(plain) || ONLY_TRIES.has(plain)) return false;
  return typeof value === "string" ? !/^(res|uid):\/\//.test(value) : typeof value !== "object" || value === null;
}

/** Words of a name that are long enough to say something. */
function wordsOf(name: string): string[] {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.split(/[^a-z]+/).filter((word) => word.length > 3);
}
