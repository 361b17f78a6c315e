/** Finds in params what has no form that the engine reads as it was meant, so that whoever gave it hears which member it is. */
import { WireError } from "../protocol/errors.ts";
import { MAX_DEPTH } from "../protocol/timing.ts";

/** The object of a request around its params is one level, too. */
const MAX_PARAMS_DEPTH = MAX_DEPTH - 1;
/** Longest path that is named, in characters. */
const MAX_PATH = 100;

const WHOLE_CHARACTERS =
  "Send whole characters: a text that was cut short may have been cut in the middle of an emoji.";

/** What is wrong with a value, and what to do about it. `path` leads to it, the outermost member last. */
interface Fault {
  readonly what: string;
  readonly hint: string;
  readonly path: string[];
}

/** @throws {WireError} INVALID_PARAMS for half of a character, U+0000, a number that is none, and what is nested too deep. */
export function requireSendable(params: Readonly<Record<string, unknown>>): void {
  const fault = faultIn(params, MAX_PARAMS_DEPTH);
  if (!fault) return;
  const path = fault.path.reverse().join("").replace(/^\./, "").slice(0, MAX_PATH).toWellFormed();
  throw new WireError("INVALID_PARAMS", `'${path}' ${fault.what}.`, { hint: fault.hint });
}

function faultIn(value: unknown, levels: number): Fault | undefined {
  if (typeof value === "string") return faultInText(value);
  if (typeof value === "number") return Number.isFinite(value) ? undefined : noNumber(value);
  if (typeof value !== "object" || value === null) return undefined;
  if (levels === 0) {
    return { what: `is nested deeper than ${MAX_PARAMS_DEPTH} levels`, hint: "Send it in parts.", path: [] };
  }
  for (const [name, each] of Object.entries(value)) {
    const fault = faultInText(name) ?? faultIn(each, levels - 1);
    if (!fault) continue;
    fault.path.push(Array.isArray(value) ? `[${name}]` : `.${name}`);
    return fault;
  }
  return undefined;
}

function faultInText(text: string): Fault | undefined {
  if (text.includes("\0"))
    return { what: "has U+0000, which Godot's texts can't hold", hint: WHOLE_CHARACTERS, path: [] };
  if (text.isWellFormed()) return undefined;
  return { what: "has half of a character (a lone surrogate)", hint: WHOLE_CHARACTERS, path: [] };
}

function noNumber(value: number): Fault {
  const name = value > 0 ? "inf" : value < 0 ? "-inf" : "nan";
  return {
    what: "is no number that JSON has",
    hint: `Where the engine takes one, it is written as {"type":"float","value":"${name}"}.`,
    path: [],
  };
}
