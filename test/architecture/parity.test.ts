/** Holds the GDScript side to the TypeScript one where a fact of the wire has to be written twice. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOOKS, MAY_BE_SECRET, SECRET_NAME } from "../../hub/access/redaction.ts";
import { PROMPT_LISTINGS } from "../../mcp-adapter/prompts/prompts.ts";
import { CLOSE_CODES, isTerminalClose } from "../../protocol/close-codes.ts";
import { COMMAND_GROUPS } from "../../protocol/commands/index.ts";
import { ERROR_CODES, type ErrorKind, WireError } from "../../protocol/errors.ts";
import { EDITOR_EVENT_GROUPS, HUB_EVENT_GROUP } from "../../protocol/event-names.ts";
import { JOURNAL_SIZE, MAX_DEPTH, MAX_ID_LENGTH, MAX_MESSAGE_BYTES } from "../../protocol/timing.ts";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import { ROOT } from "./source-files.ts";

const ADDON = "godot-client/addons/godot_mcp_hub";
const read = (file: string) => readFileSync(join(ROOT, ADDON, file), "utf8");
const script = read("wire/protocol.gd");

/** The text of a constant's value in protocol.gd: up to the end of the line, or of the bracket that it opens. */
function constant(name: string, source = script): string {
  const [, value] =
    new RegExp(`^const ${name}(?:: [\\w\\[\\]]+)? :?= ([\\[{][\\s\\S]*?^[\\]}]|.*)$`, "m").exec(source) ?? [];
  if (value === undefined) throw new Error(`There is no constant ${name}.`);
  return value;
}

/** A dictionary or array of literals: JSON but for a comma before the closing bracket. */
function literal(name: string, source?: string): unknown {
  return JSON.parse(constant(name, source).replace(/,(\s*[\]}])/g, "$1"));
}

function product(name: string, source?: string): number {
  return constant(name, source)
    .split("*")
    .map((factor) => Number(factor.replaceAll("_", "")))
    .reduce((all, factor) => all * factor);
}

describe("protocol.gd", () => {
  it("has the error codes of protocol/errors.ts", () => {
    expect(literal("ERROR_CODES")).toEqual(ERROR_CODES);
  });

  it("calls the same errors retryable", () => {
    const isRetryable = (kind: ErrorKind) => new WireError(kind, "").toErrorObject().data?.retryable === true;
    const kinds = Object.keys(ERROR_CODES).filter((kind): kind is ErrorKind => isRetryable(kind as ErrorKind));
    expect(literal("RETRYABLE")).toEqual(kinds);
  });

  it("has the close codes of protocol/close-codes.ts, and obeys the same ones", () => {
    expect(literal("CLOSE_CODES")).toEqual(CLOSE_CODES);
    expect(literal("TERMINAL_CLOSE_CODES")).toEqual(Object.values(CLOSE_CODES).filter(isTerminalClose));
  });

  it("has the protocol's version and limits", () => {
    expect(product("VERSION")).toBe(PROTOCOL_VERSION);
    expect(product("MAX_MESSAGE_BYTES")).toBe(MAX_MESSAGE_BYTES);
    expect(product("MAX_DEPTH")).toBe(MAX_DEPTH);
    expect(product("MAX_ID_LENGTH")).toBe(MAX_ID_LENGTH);
  });
});

describe("the addon", () => {
  it("remembers as many ids as the protocol promises", () => {
    expect(product("CAPACITY", read("routing/journal.gd"))).toBe(JOURNAL_SIZE);
  });

  it("knows credentials by the same names and looks as the hub", () => {
    const own = [...read("texts/secrets.gd").matchAll(/r"""(.*?)"""(?:, "(.*?)")?/g)].map(([, looks, instead]) => [
      looks,
      instead,
    ]);
    const pattern = ({ source, flags }: RegExp) =>
      `${flags.includes("i") ? "(?i)" : ""}${source.replaceAll("\\/", "/")}`;
    expect(own).toEqual([
      [pattern(SECRET_NAME), undefined],
      [pattern(MAY_BE_SECRET), undefined],
      ...LOOKS.map(([looks, instead]) => [pattern(looks), instead]),
    ]);
  });

  it("keeps the groups from a project's own commands and events that are the hub's and its own", () => {
    const source = read("custom/custom_commands.gd");
    const list = (name: string): string[] => JSON.parse(constant(name, source).replace(/,(\s*\])/g, "$1"));
    expect(list("RESERVED_GROUPS")).toEqual(expect.arrayContaining([HUB_EVENT_GROUP, "instance", ...COMMAND_GROUPS]));
    expect(list("EVENT_GROUPS")).toEqual(EDITOR_EVENT_GROUPS);
  });

  it("keeps the prompts of every project from its own code", () => {
    expect(literal("RESERVED_NAMES", read("custom/custom_prompts.gd"))).toEqual(
      PROMPT_LISTINGS.map(({ name }) => name),
    );
  });

  it("has the product's version", () => {
    expect(/^version="(.*)"$/m.exec(read("plugin.cfg"))?.[1]).toBe(PRODUCT_VERSION);
  });
});
