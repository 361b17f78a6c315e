/** Lists that a model reads whole: a page that is too long for an answer is asked for again with fewer entries. */

import type { Answer } from "../../hub-client/pending-request.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import type { Reported } from "../texts/engine-errors.ts";
import { asObject } from "../texts/outline.ts";
import type { ToolCall } from "./tool.ts";
import { TEXT_LIMIT } from "./tool-result.ts";

/** What is left free of an answer: entries differ in length. */
const FILLED = 0.9;
/** Each try has fewer entries; a few are enough for lists whose entries are alike. */
const MOST_TRIES = 12;

/** An answer and its text. */
export interface Page {
  readonly answer: Reported<Answer>;
  readonly text: string;
}

/**
 * Runs a command. The answer of one with `limit` and `cursor` fits a text, unless a single entry is too long for that: so its
 * cursor and its totals are those of what is shown. All of it is data where the caller asks for data.
 * @param textOf What a model reads of a result.
 */
export async function fittingPage(
  call: ToolCall,
  method: string,
  params: Record<string, unknown>,
  textOf: (result: unknown) => string,
): Promise<Page> {
  let answer = await call.command(method, params);
  let text = textOf(answer.result);
  if (call.format === "json" || !hasPages(method)) return { answer, text };
  let entries = Math.min(countOf(answer.result), limitOf(params));
  for (let tries = 0; text.length > TEXT_LIMIT && entries > 1 && tries < MOST_TRIES; tries += 1) {
    const fitting = Math.floor((entries * TEXT_LIMIT * FILLED) / text.length);
    entries = Math.max(1, Math.min(fitting, entries - 1));
    answer = await call.command(method, { ...params, limit: entries });
    text = textOf(answer.result);
  }
  return { answer, text };
}

/** True for a list that goes on at a cursor. */
export function hasPages(method: string): boolean {
  const shape = COMMANDS.get(method)?.params.shape ?? {};
  return "limit" in shape && "cursor" in shape;
}

function limitOf({ limit }: Record<string, unknown>): number {
  return typeof limit === "number" ? limit : Number.POSITIVE_INFINITY;
}

/** About how many entries a result has: of its lists and tables together, or nodes of its tree. */
function countOf(result: unknown): number {
  const counts = Object.values(asObject(result)).map((value) => {
    if (Array.isArray(value)) return value.reduce((sum: number, entry) => sum + Math.max(1, listsIn(entry)), 0);
    return typeof value === "object" && value !== null ? Math.max(Object.keys(value).length, nodesOf(value)) : 0;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Entries of the lists inside one entry: tests of a suite. */
function listsIn(entry: unknown): number {
  const lists = Object.values(asObject(entry)).filter((value) => Array.isArray(value));
  return lists.reduce((sum, list) => sum + list.length, 0);
}

function nodesOf(value: unknown): number {
  const { children } = asObject(value);
  return Array.isArray(children) ? children.reduce((sum: number, child) => sum + nodesOf(child), 1) : 1;
}
