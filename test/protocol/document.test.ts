/** Holds the code to PROTOCOL.md: codes, methods, and the examples that a reader will copy. */
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { kindOf } from "../../hub/access/roles.ts";
import { hubFileSchema } from "../../hub-client/state-dir.ts";
import { CLOSE_CODES, isTerminalClose } from "../../protocol/close-codes.ts";
import { ERROR_CODES, errorKind } from "../../protocol/errors.ts";
import { HUB_METHODS } from "../../protocol/hub-methods.ts";
import { handshakeSchema, identifiedSchema, identifySchema } from "../../protocol/messages.ts";
import { NOTIFICATIONS, requestEnvelopeSchema, responseSchema } from "../../protocol/rpc.ts";
import {
  COMMAND_DEADLINE_MAX_MS,
  COMMAND_DEADLINE_MS,
  JOURNAL_SIZE,
  MAX_DEPTH,
  MAX_ID_LENGTH,
  MAX_MESSAGE_BYTES,
  RESUME_GRACE_MS,
} from "../../protocol/timing.ts";
import { examples, PROTOCOL_DOCUMENT, tableRows } from "./protocol-document.ts";

/** Close codes that WebSocket itself gives: the hub's socket sends them, no table of ours does. */
const OF_WEBSOCKET = new Set([1007, 1009]);

describe("the tables of PROTOCOL.md", () => {
  it("list every error code with its kind, and no other", () => {
    const documented = Object.fromEntries(tableRows("code").map(([code, kind]) => [kind, Number(code)]));
    expect(documented).toEqual(ERROR_CODES);
  });

  it("list every close code, and no other", () => {
    const documented = tableRows("close code").map(([code]) => Number(code));
    expect(documented.filter((code) => !OF_WEBSOCKET.has(code))).toEqual(Object.values(CLOSE_CODES));
  });

  it("say of each close code what isTerminalClose says", () => {
    for (const [code, , reconnects] of tableRows("close code")) {
      expect([code, isTerminalClose(Number(code))]).toEqual([code, reconnects === "no"]);
    }
  });

  it("list every member of identify and of a request, and no other", () => {
    const documented = (header: string) => tableRows(header).map(([member]) => member?.replaceAll("`", ""));
    const required = ["type", "clientType", "clientVersion", "godotVersion"];
    const optional = Object.keys(identifySchema.shape).filter((member) => !required.includes(member));
    expect(documented("member | of").toSorted()).toEqual(optional.toSorted());
    expect(["jsonrpc", ...documented("member | meaning")].toSorted()).toEqual(
      [...Object.keys(requestEnvelopeSchema.shape), "params"].toSorted(),
    );
  });

  it("have a heading for every method of the hub, and no other, with its params and the members of its result", () => {
    const [, section = ""] = PROTOCOL_DOCUMENT.split("## The hub's own methods");
    const entries = [
      ...(section.split("\n## ")[0] ?? "").matchAll(/^#### ([a-z_.]+)\n`\{(.*?)\}` → `\{(.*)\}` · (\w+)$/gm),
    ];
    const documented = entries.map(([, method, params]) => [method, params?.split(", ").filter(Boolean)]);
    const declared = Object.entries(HUB_METHODS).map(([method, { params }]) => [
      method,
      Object.entries(params.shape).map(([name, schema]) => (schema.isOptional() ? `${name}?` : name)),
    ]);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(declared));
    for (const [, method = "", , result, kind] of entries) {
      const members = (result ?? "")
        .replace(/: \[.*\]/, "")
        .replaceAll("?", "")
        .split(", ");
      const { shape } = HUB_METHODS[method as keyof typeof HUB_METHODS].result;
      expect([method, ...members]).toEqual([method, ...Object.keys(shape)]);
      expect([method, kind]).toEqual([method, kindOf(method)]);
    }
  });

  it("name every notification", () => {
    for (const method of Object.keys(NOTIFICATIONS)) expect(PROTOCOL_DOCUMENT).toContain(`"method":"${method}"`);
  });

  it("state the limits that the code has", () => {
    const limits = [COMMAND_DEADLINE_MAX_MS, COMMAND_DEADLINE_MS, JOURNAL_SIZE, MAX_MESSAGE_BYTES];
    for (const limit of limits) expect(PROTOCOL_DOCUMENT).toContain(limit.toLocaleString("en-US"));
    expect(PROTOCOL_DOCUMENT).toContain(`nested deeper than ${MAX_DEPTH}`);
    expect(PROTOCOL_DOCUMENT).toContain(`1 to ${MAX_ID_LENGTH} characters`);
    expect(PROTOCOL_DOCUMENT).toContain(`grace period (${RESUME_GRACE_MS / 1_000} s)`);
  });
});

describe("the examples of PROTOCOL.md", () => {
  const schemas: Record<string, z.ZodType> = {
    "## Transport": hubFileSchema,
    "### handshake (hub → client)": handshakeSchema,
    "### identify (client → hub)": identifySchema,
    "### identified (hub → client)": identifiedSchema,
    "### request (client → hub → instance)": requestEnvelopeSchema,
    "### response (instance → hub → client)": responseSchema,
  };

  it.each(Object.entries(schemas))("below '%s' are what the schema accepts", (heading, schema) => {
    const lines = examples(heading);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(schema.safeParse(JSON.parse(line)).error).toBeUndefined();
  });

  it("give each error the code of its kind", () => {
    const responses = examples("### response (instance → hub → client)").map((line) =>
      responseSchema.parse(JSON.parse(line)),
    );
    const errors = responses.flatMap(({ error }) => (error ? [error] : []));
    expect(errors.length).toBeGreaterThan(0);
    for (const { code, data } of errors) expect(errorKind(code)).toBe(data?.kind);
  });
});
