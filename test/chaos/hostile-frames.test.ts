/** Frames that no honest client sends, against a hub process: a named error each, and the process lives. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HUB_CASES } from "../corpus/corpus.ts";
import { mutate, mutation } from "../protocol/arbitraries.ts";
import { FrameBarrage } from "../support/frame-barrage.ts";
import { HubObserver } from "../support/hub-observer.ts";
import { HubProcess } from "../support/hub-process.ts";
import { isLong } from "../support/length.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import { fc } from "../support/random.ts";
import { within } from "../support/wait.ts";

const MUTATIONS = isLong ? 100_000 : 1_000;
const MIB = 1024 * 1024;

let hub: HubProcess;
let bystander: ProtocolClient;
beforeAll(async () => {
  hub = await HubProcess.start();
  bystander = (await openAdapter(hub.url, hub.token)).client;
});
afterAll(async () => {
  bystander?.terminate();
  await hub?.dispose();
});

/** The same process still serves the client that did nothing wrong, and its log knows of no defect. */
async function expectUnharmed(): Promise<void> {
  const { result } = await bystander.request("hub.status");
  expect(result).toMatchObject({ pid: hub.pid, counters: { pending: 0 } });
  expect(hub.output).not.toMatch(/uncaught|unhandled|could not be handled/);
}

const request = (members: string) => `{"jsonrpc":"2.0","id":"h","method":"hub.status"${members}}`;

/** Frames with what must come of each: the kind of an error, or a close code. */
const HOSTILE: readonly (readonly [name: string, frame: string | Buffer, outcome: string | number])[] = [
  ["invalid UTF-8", Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]), 1007],
  ["an overlong encoding", Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 1007],
  ["a lone surrogate", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 1007],
  ["a megabyte of opening brackets", "[".repeat(MIB), "PARSE_ERROR"],
  ["a megabyte of objects in objects", '{"a":'.repeat(MIB / 4), "PARSE_ERROR"],
  ["a megabyte of quotes", '"'.repeat(MIB), "PARSE_ERROR"],
  ["a megabyte of backslashes", `"${"\\".repeat(MIB)}`, "PARSE_ERROR"],
  ["a megabyte of digits", "9".repeat(MIB), "INVALID_REQUEST"],
  ["a megabyte of white space", " ".repeat(MIB), "PARSE_ERROR"],
  ["a megabyte of NUL", "\0".repeat(MIB), "PARSE_ERROR"],
  ["an id of a megabyte", `{"jsonrpc":"2.0","id":"${"i".repeat(MIB)}","method":"hub.status"}`, "INVALID_REQUEST"],
  [
    "an id with a million digits",
    `{"jsonrpc":"2.0","id":${"9".repeat(1_000_000)},"method":"hub.status"}`,
    "INVALID_REQUEST",
  ],
  ["a method of a megabyte", `{"jsonrpc":"2.0","id":"h","method":"${"m".repeat(MIB)}"}`, "INVALID_REQUEST"],
  ["a target of a megabyte", request(`,"target":"${"t".repeat(MIB)}"`), "INVALID_REQUEST"],
  ["a target of four megabytes", request(`,"target":"${"t".repeat(4 * MIB)}"`), "INVALID_REQUEST"],
  [
    "a hundred thousand members",
    `{${Array.from({ length: 100_000 }, (_, n) => `"m${n}":${n}`).join()}}`,
    "INVALID_REQUEST",
  ],
  ["wrong types everywhere", '{"jsonrpc":[],"id":{},"method":[],"params":7}', "INVALID_REQUEST"],
  ["a prototype as a member", '{"__proto__":{"type":"identify"},"constructor":1}', "INVALID_REQUEST"],
];

describe("a hub process", () => {
  it.each(HOSTILE)("survives %s", async (_name, frame, outcome) => {
    const { client } = await openAdapter(hub.url, hub.token);
    client.sendFrame(Buffer.isBuffer(frame) ? frame : Buffer.from(frame));
    if (typeof outcome === "number") expect((await within(client.closed, { what: "the close" })).code).toBe(outcome);
    else {
      const isError = ({ message }: { message: { error?: unknown } }) => message.error !== undefined;
      const { message } = await client.next(isError, { what: "the error", deadlineMs: 30_000 });
      expect(message.error).toMatchObject({ data: { kind: outcome } });
      expect((await client.request("hub.status")).error).toBeUndefined();
    }
    client.terminate();
    await expectUnharmed();
  });

  it("closes a frame over twice the limit with 1009, and answers TOO_LARGE between the two", async () => {
    const small = await HubProcess.start({ args: ["--max-message-bytes", "100000"] });
    const { client } = await openAdapter(small.url, small.token);
    const large = await client.request("hub.status", { text: "x".repeat(150_000) });
    expect(large.error).toMatchObject({ data: { kind: "TOO_LARGE", limit: 100_000 } });
    expect((await client.request("hub.status")).error).toBeUndefined();
    client.sendFrame(Buffer.from(request(`,"params":{"text":"${"x".repeat(250_000)}"}`)));
    expect((await within(client.closed, { what: "the close" })).code).toBe(1009);
    expect(small.isRunning).toBe(true);
    await small.dispose();
  });

  it(`survives ${MUTATIONS} random mutations of valid frames`, { timeout: 60_000 + 20 * MUTATIONS }, async () => {
    const frames = HUB_CASES.filter(({ when, binary, expect }) => when === "identified" && !binary && expect.ok);
    const mutants = fc
      .tuple(fc.constantFrom(...frames), fc.array(mutation, { minLength: 1, maxLength: 3 }))
      .map(([{ bytes }, mutations]) => mutations.reduce(mutate, bytes));
    const barrage = new FrameBarrage(hub);
    const survives = async (frame: Buffer) => void (await barrage.fire(frame));
    await fc.assert(fc.asyncProperty(mutants, survives), { numRuns: MUTATIONS });
    barrage.close();
    await expectUnharmed();
    const observer = await HubObserver.open(hub);
    const counters = await observer.untilIdle();
    expect(counters.accepted).toBe(counters.answered);
    observer.close();
  });
});
