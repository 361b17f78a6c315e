/** Tests the members that the hub writes into a forwarded frame, and the bytes that it leaves alone. */

import { describe, expect, it } from "vitest";
import {
  encodeContext,
  encodeError,
  encodeRequest,
  encodeRespondent,
  encodeResult,
  type ForwardedEnvelope,
  spliceRequest,
  spliceResponse,
} from "../../protocol/codec.ts";
import { readEnvelope } from "../../protocol/envelope.ts";
import { WireError } from "../../protocol/errors.ts";
import { fc } from "../support/random.ts";
import { anyObjectText, jsonText, objectText } from "./arbitraries.ts";

const FORWARDED: ForwardedEnvelope = {
  id: "client:a1",
  method: "node.add",
  deadlineMs: 24_000,
  attempt: 1,
  epoch: "9c1f",
  context: encodeContext({ clientId: "client", agent: "claude" }),
};
const INSTANCE = { id: "0b4e", name: "my-game@3f2a", epoch: "9c1f" };
const RESPONDENT = encodeRespondent(INSTANCE);

/** Values that a trip through JavaScript's numbers would change. */
const FRAGILE = '{"one":1.0,"large":9223372036854775807,"small":1E-7,"negative":-0,"escaped":"\\u00e9\\/"}';

function parse(text: string | Buffer): Record<string, unknown> {
  return JSON.parse(text.toString());
}

describe("spliceRequest", () => {
  it("keeps params and puts the routing members for the instance before them", () => {
    fc.assert(
      fc.property(anyObjectText, (params) => {
        const source = readEnvelope(
          Buffer.from(`{"jsonrpc":"2.0","id":"a1","method":"node.add","target":"t","params":${params}}`),
        );
        expect(parse(spliceRequest(source, FORWARDED))).toEqual({
          jsonrpc: "2.0",
          ...FORWARDED,
          context: { clientId: "client", agent: "claude" },
          params: parse(params),
        });
      }),
    );
  });

  it("keeps params byte for byte", () => {
    const source = readEnvelope(Buffer.from(`{"params":${FRAGILE},"id":"a1","method":"node.add"}`));
    expect(spliceRequest(source, FORWARDED).toString()).toContain(`"params":${FRAGILE}}`);
  });

  it("gives a request without params empty ones", () => {
    const source = readEnvelope(Buffer.from('{"jsonrpc":"2.0","id":"a1","method":"node.add"}'));
    expect(parse(spliceRequest(source, FORWARDED)).params).toEqual({});
  });

  it("leaves out what a request did not have", () => {
    const source = readEnvelope(Buffer.from('{"jsonrpc":"2.0","id":"a1","method":"m"}'));
    const { id, method, context } = FORWARDED;
    expect(Object.keys(parse(spliceRequest(source, { id, method, context })))).toEqual([
      "jsonrpc",
      "id",
      "method",
      "context",
      "params",
    ]);
  });
});

describe("spliceResponse", () => {
  /** Members of a response, the outcome at any place. */
  const responseText = fc
    .tuple(fc.constantFrom('"result"', '"error"'), jsonText, fc.string())
    .chain(([outcome, value, id]) => {
      const members: [string, string][] = [
        ['"jsonrpc"', '"2.0"'],
        ['"id"', JSON.stringify(id)],
        [outcome, value],
      ];
      return fc.shuffledSubarray(members, { minLength: members.length });
    })
    .chain((members) => objectText(members));

  it("changes id and instance, and nothing else, wherever the members stand", () => {
    fc.assert(
      fc.property(responseText, fc.constantFrom('"a1"', "7", '"\\u00e9"'), (text, id) => {
        const spliced = Buffer.concat(spliceResponse(readEnvelope(Buffer.from(text)), Buffer.from(id), RESPONDENT));
        expect(parse(spliced)).toEqual({ ...parse(text), id: JSON.parse(id), instance: INSTANCE });
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps the result byte for byte and writes the instance last", () => {
    const response = readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":"client:a1","result":${FRAGILE}}\n`));
    expect(Buffer.concat(spliceResponse(response, Buffer.from('"a1"'), RESPONDENT)).toString()).toBe(
      `{"jsonrpc":"2.0","id":"a1","result":${FRAGILE},"instance":${JSON.stringify(INSTANCE)}}`,
    );
  });

  it("refuses a response that has no id: it has no receiver", () => {
    const response = readEnvelope(Buffer.from('{"jsonrpc":"2.0","result":1}'));
    expect(() => spliceResponse(response, Buffer.from("1"), RESPONDENT)).toThrow(RangeError);
  });
});

describe("encoding", () => {
  it("writes the params of a request last, so that a router has seen everything else before them", () => {
    const text = encodeRequest({ params: { a: 1 }, jsonrpc: "2.0", id: "a1", method: "m", target: "t" });
    expect(text).toBe('{"jsonrpc":"2.0","id":"a1","method":"m","target":"t","params":{"a":1}}');
  });

  it("writes the id of a response before its result", () => {
    expect(encodeResult("a1", { ok: true })).toBe('{"jsonrpc":"2.0","id":"a1","result":{"ok":true}}');
  });

  it("writes an error with code, kind and next step, and an instance where one answered", () => {
    const error = new WireError("NOT_FOUND", "No node 'Enmy'.", {
      hint: "Look.",
      candidates: ["Enemy"],
    }).toErrorObject();
    expect(parse(encodeError(null, error, INSTANCE))).toEqual({
      jsonrpc: "2.0",
      id: null,
      instance: INSTANCE,
      error: {
        code: -32001,
        message: "No node 'Enmy'.",
        data: { kind: "NOT_FOUND", retryable: false, hint: "Look.", candidates: ["Enemy"] },
      },
    });
  });
});
