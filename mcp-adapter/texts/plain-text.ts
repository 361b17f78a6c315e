/** Takes out of texts what steers a terminal: the engine colours what it prints, and a model has no use for it. */
import { stripVTControlCharacters } from "node:util";

/** What a sequence that steers a terminal begins with: ESC, and the same with two of its characters in one. */
const BEGINNINGS = ["\u001b", "\u009b"] as const;

/** `text` without it. */
export function plainText(text: string): string {
  if (!BEGINNINGS.some((each) => text.includes(each))) return text;
  return BEGINNINGS.reduce((rest, each) => rest.replaceAll(each, ""), stripVTControlCharacters(text));
}

/** The same data with every text in it without that. */
export function withoutEscapes(data: Record<string, unknown>): Record<string, unknown> {
  const json = JSON.stringify(data);
  if (!json.includes("\\u001b") && !json.includes("\u009b")) return data;
  return JSON.parse(json, (_, each: unknown) => (typeof each === "string" ? plainText(each) : each));
}
