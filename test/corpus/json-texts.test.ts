/** Holds scanner and hub to the texts: what JSON.parse reads, they read; what Godot could not read never gets there; each is answered. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnvelope } from "../../protocol/envelope.ts";
import { LocalHub } from "../support/local-hub.ts";
import type { ProtocolClient } from "../support/protocol-client.ts";
import type { StubInstance } from "../support/stub-instance.ts";
import { frameWith, JSON_TEXTS, type JsonText, nameOf, type Verdict } from "./json-texts.ts";

/** What JSON.parse and the strings that it gives say of a text. */
function judged(json: string): Verdict {
  try {
    return JSON.stringify(JSON.parse(json)).match(/(?<!\\)(?:\\\\)*\\u(?:d[89a-f]..|0000)/) ? "fault" : "text";
  } catch {
    return "none";
  }
}

function scanned(json: string): Verdict {
  try {
    return readEnvelope(Buffer.from(frameWith(json, "a"))).textFault === undefined ? "text" : "fault";
  } catch {
    return "none";
  }
}

const isTooDeep = ({ json }: JsonText) => json.startsWith("[[[[[[[[[[") || json.startsWith('{"a":{"a":{"a":');
const cases = JSON_TEXTS.map((text) => [nameOf(text), text] as const);

it("there are more than 300 texts, of every kind", () => {
  expect(JSON_TEXTS.length).toBeGreaterThan(300);
  expect(new Set(JSON_TEXTS.map(({ json }) => json)).size).toBe(JSON_TEXTS.length);
});

describe("JSON.parse and the scanner agree", () => {
  it.each(cases)("about %s", (_name, text) => {
    if (!isTooDeep(text)) expect(judged(text.json)).toBe(text.verdict);
    expect(scanned(text.json)).toBe(text.verdict);
  });
});

describe("a hub", () => {
  let hub: LocalHub;
  let editor: StubInstance;
  let client: ProtocolClient;
  beforeAll(async () => {
    hub = await LocalHub.start();
    editor = await hub.editor({ handlers: { "text.echo": ({ params }) => ({ v: params.v }) } });
    client = await hub.adapter();
  });
  afterAll(() => hub.dispose());

  it.each(cases)("answers what has %s", async (_name, { json, verdict }) => {
    const before = editor.executed.length;
    const id = randomUUID();
    client.sendFrame(frameWith(json, id));
    const { error, result } = await client.response(verdict === "none" ? null : id);
    expect(error?.data?.kind).toBe({ text: undefined, fault: "INVALID_PARAMS", none: "PARSE_ERROR" }[verdict]);
    expect(editor.executed.length - before).toBe(verdict === "text" ? 1 : 0);
    // The stub returns null for a value that is no JSON number.
    if (verdict === "text") expect(result).toEqual({ v: JSON.parse(JSON.stringify(JSON.parse(json))) });
  });
});
