/** Reads each frame of the corpus with the protocol's own code: the reader of frames, then the schemas. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Envelope, readEnvelope } from "../../protocol/envelope.ts";
import { type ErrorKind, WireError } from "../../protocol/errors.ts";
import { clientMessageSchema, hubMessageSchema, identifySchema } from "../../protocol/messages.ts";
import { NOTIFICATIONS, requestEnvelopeSchema, requestIdSchema } from "../../protocol/rpc.ts";
import { HUB_CASES, type HubCase, INSTANCE_CASES } from "../corpus/corpus.ts";

/** What reading a frame comes to. */
interface Verdict {
  readonly error?: ErrorKind;
  readonly id?: string | number | null;
  readonly issues?: readonly string[];
}

function readFrame(frame: Buffer): Envelope | Verdict {
  try {
    return readEnvelope(frame);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { error: error.kind, id: null };
  }
}

function members(envelope: Envelope): Record<string, unknown> {
  return Object.fromEntries(envelope.members);
}

/** Checks the envelope against the schema of what it is. */
function checkSchema(envelope: Envelope, messages: z.ZodType = clientMessageSchema): Verdict {
  const readable = requestIdSchema.safeParse(envelope.members.get("id"));
  const id = readable.success ? readable.data : null;
  const schema = envelope.kind === "message" ? messages : requestEnvelopeSchema;
  const checked = schema.safeParse(members(envelope));
  if (checked.success) return { id };
  const error = members(envelope).type === "identify" ? "INVALID_PARAMS" : "INVALID_REQUEST";
  return { error, id, issues: checked.error.issues.map((issue) => String(issue.path[0])) };
}

const at = (layer: HubCase["layer"]) =>
  HUB_CASES.filter((one) => one.layer === layer).map((one) => [one.name, one] as const);

describe("frames for the hub", () => {
  it.each(at("frame"))("reading finds the fault of %s", (_, { bytes, expect: expected }) => {
    expect(readFrame(bytes)).toEqual({ error: expected.error, id: null });
  });

  it.each(at("schema").filter(([, one]) => one.expect.error))(
    "the schema finds the fault of %s",
    (_, { bytes, expect: expected }) => {
      const verdict = checkSchema(readEnvelope(bytes));
      expect(verdict).toMatchObject({ error: expected.error, id: expected.id ?? null });
      if (expected.names) expect(verdict.issues).toContain(expected.names);
    },
  );

  it.each(at("schema").filter(([, one]) => !one.expect.error))(
    "reading and schema accept %s",
    (_, { bytes, answers }) => {
      const verdict = checkSchema(readEnvelope(bytes));
      expect(verdict.error).toBeUndefined();
      if (answers) expect(verdict.id).toBe(answers);
    },
  );

  it.each(at("hub").filter(([, one]) => !one.binary && one.expect.close !== 1007))(
    "reading leaves %s to the hub",
    (_, { bytes }) => {
      const envelope = readEnvelope(bytes);
      if (envelope.kind === "request") expect(checkSchema(envelope).error).toBeUndefined();
      if (envelope.members.get("type") === "identify")
        expect(identifySchema.safeParse(members(envelope)).success).toBe(true);
    },
  );
});

describe("frames for an instance", () => {
  const frames = INSTANCE_CASES.filter(({ layer }) => layer === "frame").map((one) => [one.name, one] as const);

  it.each(
    frames.filter(
      ([
        ,
        {
          expect: { error },
        },
      ]) => error === "PARSE_ERROR",
    ),
  )("%s is no JSON", (_, { frame }) => {
    expect(readFrame(Buffer.from(frame))).toEqual({ error: "PARSE_ERROR", id: null });
  });

  it.each(
    frames.filter(
      ([
        ,
        {
          expect: { kind },
        },
      ]) => kind,
    ),
  )("%s is what the hub sends", (_, { frame, expect: { kind, method, type, id } }) => {
    const envelope = readEnvelope(Buffer.from(frame));
    expect(envelope.kind).toBe(kind);
    if (kind === "request") expect(checkSchema(envelope)).toEqual({ id });
    if (kind === "message") expect(checkSchema(envelope, hubMessageSchema).error).toBeUndefined();
    if (type) expect(envelope.members.get("type")).toBe(type);
    if (method) expect(envelope.members.get("method")).toBe(method);
    if (kind === "notification") expect(z.string().parse(method) in NOTIFICATIONS).toBe(true);
  });
});
