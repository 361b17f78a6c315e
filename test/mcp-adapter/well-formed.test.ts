import { describe, expect, it } from "vitest";
import { requireSendable } from "../../hub-client/sendable.ts";
import { wellFormed } from "../../mcp-adapter/texts/well-formed.ts";
import { readForwarded } from "../../protocol/answer-text.ts";
import { WireError } from "../../protocol/errors.ts";
import { fc } from "../support/random.ts";

/** The error for params that can't be sent. */
function complaint(params: Record<string, unknown>): string | undefined {
  try {
    requireSendable(params);
    return undefined;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    expect(error.kind).toBe("INVALID_PARAMS");
    return error.message;
  }
}

function mendedByHand(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(mendedByHand);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toWellFormed(), mendedByHand(member)]));
}

describe("params", () => {
  it.each([
    [{ name: "\ud83d" }, "'name' has half of a character"],
    [{ properties: { text: "cut \ud83d" } }, "'properties.text' has half of a character"],
    [{ operations: [{}, { params: { list: ["a", "\udc00b"] } }] }, "'operations[1].params.list[1]' has half"],
    [{ "a\udfff": 1 }, "half of a character"],
    [{ source: "extends Node\u0000" }, "'source' has U+0000"],
    [{ value: Number.POSITIVE_INFINITY }, "'value' is no number"],
    [{ value: [1, Number.NaN] }, "'value[1]' is no number"],
    [JSON.parse(`{"deep":${"[".repeat(127)}${"]".repeat(127)}}`), "nested deeper than 127 levels"],
  ])("that the engine can't read as they are meant are refused by the member's name: %j", (params, message) => {
    expect(complaint(params)).toContain(message);
  });

  it.each([
    [{ name: "\ud83d\ude00", list: [1, -0, 1e308], nothing: null, yes: true }],
    [{ text: "\ufffd\uffff\ufeff" }],
    [JSON.parse(`{"deep":${"[".repeat(126)}${"]".repeat(126)}}`)],
  ])("that it can read are not: %j", (params) => {
    expect(complaint(params)).toBeUndefined();
  });
});

describe("what leaves the adapter", () => {
  it("has U+FFFD in place of halves of characters, and is otherwise the same", () => {
    const value = fc.jsonValue({ noUnicodeString: false });
    const halves = fc.string({
      unit: fc.constantFrom("a", "\\", "\\u", '"', "\ud83d", "\ude00", "\ud83d\ude00", "d83d"),
    });
    fc.assert(
      fc.property(fc.oneof(value, fc.dictionary(halves, fc.array(halves))), (given) => {
        const text = JSON.stringify(wellFormed(given));
        expect(text).not.toMatch(/(?<=(?<!\\)(?:\\\\)*)\\ud[89a-f]/);
        expect(text).toBe(JSON.stringify(mendedByHand(given)));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the very same value where there is nothing to mend", () => {
    const value = { text: "\ud83d\ude00 \\ud83d", list: [{ a: 1 }] };
    expect(wellFormed(value)).toBe(value);
    expect(wellFormed({ text: "cut \ud83d", "\udc00": ["\\\ud83d"] })).toEqual({
      text: "cut \ufffd",
      "\ufffd": ["\\\ufffd"],
    });
  });
});

describe("a forwarded frame that is no JSON", () => {
  const read = (text: string) => readForwarded(Buffer.from(text), JSON.parse);

  it("is an error for its request, where it answers one", () => {
    for (const result of ["nan", "[1,]", '"\\x"', '{"a":inf}', "", "1}"]) {
      expect(read(`{"jsonrpc":"2.0","id":"a1","result":${result}}`)).toMatchObject({
        id: "a1",
        error: { data: { kind: "INTERNAL_ERROR" }, message: expect.stringContaining("no JSON") },
      });
    }
  });

  it("is nothing where it answers none", () => {
    for (const text of [
      "",
      "nonsense",
      "{",
      '{"jsonrpc":"2.0","method":"event","params":{"a":nan}}',
      '{"result":nan',
    ]) {
      expect(read(text)).toBeUndefined();
    }
  });
});
