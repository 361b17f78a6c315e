/** Holds the envelope scanner to what JSON.parse says of the same frame. */

import { describe, expect, it } from "vitest";
import { type Envelope, readEnvelope } from "../../protocol/envelope.ts";
import { ERROR_CODES, WireError } from "../../protocol/errors.ts";
import { skipValue } from "../../protocol/json-scan.ts";
import { requestEnvelopeSchema } from "../../protocol/rpc.ts";
import { MAX_DEPTH } from "../../protocol/timing.ts";
import { fc } from "../support/random.ts";
import { anyObjectText, jsonText, mutate, mutation, objectText } from "./arbitraries.ts";

const OPAQUE = new Set(["params", "result", "error", "data"]);

/** Members of a request as name and JSON text, in any order. */
const requestMembers = fc
  .record({
    extra: fc.uniqueArray(
      fc.tuple(
        fc.string({ maxLength: 10 }).filter((name) => !OPAQUE.has(name) && name !== "id" && name !== "method"),
        jsonText,
      ),
      { maxLength: 5, selector: ([name]) => name },
    ),
    id: fc.oneof(fc.string({ minLength: 1 }), fc.integer()),
    method: fc.string({ minLength: 1 }),
    params: anyObjectText,
  })
  .chain(({ extra, id, method, params }) => {
    const members: [string, string][] = [
      ...extra.map(([name, value]): [string, string] => [JSON.stringify(name), value]),
      ['"id"', JSON.stringify(id)],
      ['"method"', JSON.stringify(method)],
      ['"params"', params],
    ];
    return fc.shuffledSubarray(members, { minLength: members.length });
  });

const requestText = requestMembers.chain((members) => objectText(members));

function textOf({ frame }: Envelope, range: Envelope["params"]): string {
  return range ? frame.toString("utf8", range.start, range.end) : "";
}

function parse(text: string): Record<string, unknown> {
  return JSON.parse(text);
}

/** What went wrong while reading `frame`; undefined when nothing did. Anything but a WireError is passed on. */
function failure(frame: Buffer): WireError | undefined {
  try {
    readEnvelope(frame);
    return undefined;
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
}

function isJson(frame: Buffer): boolean {
  try {
    JSON.parse(frame.toString());
    return true;
  } catch {
    return false;
  }
}

describe("readEnvelope", () => {
  it("sees in any request what JSON.parse sees, whatever the order and the writing of its members", () => {
    fc.assert(
      fc.property(requestText, (text) => {
        const envelope = readEnvelope(Buffer.from(text));
        const { params, ...rest } = parse(text);
        expect(envelope.kind).toBe("request");
        expect(Object.fromEntries(envelope.members)).toEqual(rest);
        expect(parse(textOf(envelope, envelope.params))).toEqual(params);
        expect(JSON.parse(textOf(envelope, envelope.id))).toEqual(rest.id);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([20_000, 3_000_000])("does not take a target of %i characters for absent", (length) => {
    const text = `{"jsonrpc":"2.0","id":"a","method":"node.add","target":"${"t".repeat(length)}"}`;
    const { members } = readEnvelope(Buffer.from(text));
    expect(requestEnvelopeSchema.safeParse(Object.fromEntries(members)).success).toBe(false);
  });

  it("delimits params byte for byte", () => {
    fc.assert(
      fc.property(anyObjectText, (params) => {
        const envelope = readEnvelope(Buffer.from(`{"id":"a","params":  ${params} ,"method":"m"}`));
        expect(textOf(envelope, envelope.params)).toBe(params);
      }),
    );
  });

  it("accepts exactly what JSON.parse accepts, and throws nothing but a WireError, for 100,000 mutated requests", {
    timeout: 180_000,
  }, () => {
    fc.assert(
      fc.property(requestText, fc.array(mutation, { minLength: 100, maxLength: 100 }), (text, mutations) => {
        const frame = Buffer.from(text);
        for (const edit of mutations) {
          const mutated = mutate(frame, edit);
          // Compared by hand: an expectation for each takes longer than all the reading.
          const isRefused = failure(mutated)?.kind === "PARSE_ERROR";
          if (isRefused === isJson(mutated)) expect.fail(`${isRefused ? "refused" : "accepted"}: ${mutated}`);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("throws nothing but a WireError for random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void failure(Buffer.from(bytes))),
      { numRuns: 5_000 },
    );
  });

  it("names each kind of frame", () => {
    const kind = (frame: string) => readEnvelope(Buffer.from(frame)).kind;
    expect(kind('{"type":"heartbeat","timestamp":1}')).toBe("message");
    expect(kind('{"jsonrpc":"2.0","id":1,"method":"m"}')).toBe("request");
    expect(kind('{"jsonrpc":"2.0","method":"event","params":{}}')).toBe("notification");
    expect(kind('{"jsonrpc":"2.0","id":1,"result":null}')).toBe("response");
    expect(kind('{"jsonrpc":"2.0","error":{},"id":1}')).toBe("response");
  });

  it("reads a response no further than its result when the id came before", () => {
    const envelope = readEnvelope(Buffer.from('{"jsonrpc":"2.0","id":"a","result":{"never":'));
    expect(envelope).toMatchObject({ kind: "response", outcome: "result" });
    expect(textOf(envelope, envelope.id)).toBe('"a"');
  });

  it("finds the id of a response that has it last", () => {
    const envelope = readEnvelope(Buffer.from('{"jsonrpc":"2.0","error":{"id":"no"},"id":"a"}'));
    expect(envelope).toMatchObject({ kind: "response", outcome: "error" });
    expect(envelope.members.get("id")).toBe("a");
  });

  it("lets the first of two equal names count", () => {
    const { members } = readEnvelope(Buffer.from('{"id":"a","method":"m","id":"b","method":"n"}'));
    expect([members.get("id"), members.get("method")]).toEqual(["a", "m"]);
  });

  it("does not decode a member that is too large for an envelope", () => {
    const { members } = readEnvelope(Buffer.from(`{"id":"${"i".repeat(3_000_000)}","method":"m"}`));
    expect(members.has("id")).toBe(true);
    expect(members.get("id")).toBeNull();
  });

  it("keeps a member named __proto__ an ordinary one", () => {
    const { members } = readEnvelope(Buffer.from('{"__proto__":{"method":"x"},"id":"a","method":"m"}'));
    expect(members.get("__proto__")).toEqual({ method: "x" });
    expect(members.get("method")).toBe("m");
  });

  it("says at which byte a frame stops being JSON", () => {
    const error = failure(Buffer.from('{"id":"a","method":nonsense}'));
    expect(error?.toErrorObject()).toMatchObject({
      code: ERROR_CODES.PARSE_ERROR,
      message: expect.stringContaining("byte 20"),
    });
  });
});

describe("skipValue", () => {
  it("ends where the value ends", () => {
    fc.assert(
      fc.property(jsonText, fc.constantFrom("", " ", ",1", "]", "}"), (text, rest) => {
        expect(skipValue(Buffer.from(text + rest), 0)).toBe(Buffer.byteLength(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("allows as many open brackets as the limit says, and not one more", () => {
    const nested = (depth: number) => Buffer.from("[".repeat(depth) + "]".repeat(depth));
    expect(skipValue(nested(MAX_DEPTH), 0)).toBe(2 * MAX_DEPTH);
    expect(() => skipValue(nested(MAX_DEPTH + 1), 0)).toThrow(WireError);
  });

  it("survives a million open brackets", () => {
    expect(() => skipValue(Buffer.alloc(1_000_000, "["), 0)).toThrow(WireError);
    expect(() => skipValue(Buffer.from('{"a":'.repeat(200_000)), 0)).toThrow(WireError);
  });
});
