/** Broken frames and valid ones in any order: the hub answers each by the protocol and serves on. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { HUB_CASES } from "../corpus/corpus.ts";
import { mutate, mutation } from "../protocol/arbitraries.ts";
import { FrameBarrage } from "../support/frame-barrage.ts";
import { HubObserver } from "../support/hub-observer.ts";
import { isLong } from "../support/length.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, ProtocolClient } from "../support/protocol-client.ts";
import { fc } from "../support/random.ts";
import { within } from "../support/wait.ts";

const FACTOR = isLong ? 50 : 1;

/** Frames of every kind that the hub reads, to be broken. */
const SEEDS: readonly Buffer[] = [
  ...HUB_CASES.filter(({ when, binary }) => when === "identified" && !binary).map(({ bytes }) => bytes),
  ...[
    '{"jsonrpc":"2.0","id":"c1","method":"node.add","target":"stub-game","deadlineMs":5000,"resources":["scene:res://a.tscn"],"params":{"parent":".","type":"Node2D"}}',
    '{"jsonrpc":"2.0","id":"c2","method":"scene.get_tree","shareable":true,"params":{"depth":3,"x":1.50}}',
    '{"jsonrpc":"2.0","id":9,"method":"hub.list_instances","params":{}}',
    '{"jsonrpc":"2.0","id":"c3","method":"hub.subscribe","params":{"events":["scene.*"]}}',
    '{"jsonrpc":"2.0","id":"c4","method":"hub.acquire_lease","params":{"resources":["run"],"durationMs":1}}',
    '{"jsonrpc":"2.0","method":"event","params":{"event":"scene.saved","seq":17,"data":{}}}',
    '{"jsonrpc":"2.0","method":"progress","params":{"id":"c1","progress":3}}',
  ].map((text) => Buffer.from(text)),
];

let hub: LocalHub;
let observer: HubObserver;
beforeAll(async () => {
  hub = await LocalHub.start({ commandDeadlineMs: 500 });
  await hub.editor();
  observer = await HubObserver.open(hub);
});
afterAll(async () => {
  observer.close();
  await hub.dispose();
});

/** The counters balance and nothing is the hub's own fault. */
async function expectBalanced(): Promise<void> {
  const { counters } = await observer.status();
  expect(counters.accepted).toBe(counters.answered + counters.pending);
}

describe("a broken frame", () => {
  const broken = fc
    .tuple(fc.constantFrom(...SEEDS), fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([seed, mutations]) => mutations.reduce(mutate, seed));

  it(
    "of an identified client gets its one answer, and the connection lives unless it was no UTF-8",
    async () => {
      const barrage = new FrameBarrage(hub);
      const survives = async (frame: Buffer) => void (await barrage.fire(frame));
      await fc.assert(fc.asyncProperty(broken, survives), { numRuns: 2_000 * FACTOR });
      barrage.close();
      await expectBalanced();
    },
    120_000 * FACTOR,
  );

  const OPENINGS = HUB_CASES.filter(({ when, binary }) => when === "opening" && !binary);
  const brokenOpening = fc
    .tuple(fc.constantFrom(...OPENINGS), fc.array(mutation, { maxLength: 3 }))
    .map(([{ bytes }, mutations]) => mutations.reduce(mutate, bytes));

  it(
    "before identify is answered, or closed with a code of the opening",
    async () => {
      const survives = async (frame: Buffer) => {
        const client = await ProtocolClient.connect(hub.url, { token: hub.token });
        await client.handshake();
        client.sendFrame(frame);
        const answered = client
          .next(() => true, { what: "an answer" })
          .then(
            ({ message }) => message.type ?? message.error?.code,
            () => undefined,
          );
        const silent = client.isOpen && isSilent(frame);
        const outcome = silent
          ? "silent"
          : ((await answered) ?? (await within(client.closed, { what: "the close" })).code);
        client.terminate();
        expect([...OPENING_OUTCOMES]).toContain(outcome);
      };
      await fc.assert(fc.asyncProperty(brokenOpening, survives), { numRuns: 150 * FACTOR });
      await expectBalanced();
    },
    120_000 * FACTOR,
  );
});

const OPENING_OUTCOMES = new Set([
  ...["identified", "heartbeat_ack", "silent"],
  ...[-32700, -32600, -32602, -32023],
  ...[1007, 4400, 4401],
]);

/** An acknowledgement of a heartbeat is the one frame of the opening that nothing follows. */
function isSilent(frame: Buffer): boolean {
  return frame.includes("heartbeat_ack");
}

const messageSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
});

/** One step of a crowd: who sends what. */
interface Step {
  readonly sender: number;
  readonly frame: string;
}

/** Valid frames of the corpus; JSON.parse takes the last of two equal names, the hub the first. */
const VALID_CASES = HUB_CASES.filter(
  ({ when, expect, name }) => when === "identified" && expect.ok && !name.includes("stands twice"),
);

const CROWD = ["mcp", "mcp", "mcp", "observer", "dashboard", "godot", "godot", "game"] as const;

describe("valid frames in any order from many clients", () => {
  const id = fc.integer({ min: 0, max: 40 }).map((number) => `i${number}`);
  const command = fc.constantFrom("node.add", "scene.get_tree", "custom.thing", "hub.status", "hub.list_clients");
  const target = fc.constantFrom("stub-game", "nowhere", "/projects/stub-game", undefined);
  const request = fc
    .record({ id, method: command, target, attempt: fc.constantFrom(1, undefined), shareable: fc.boolean() })
    .map((members) => JSON.stringify({ jsonrpc: "2.0", ...members, deadlineMs: 100, params: {} }));
  const binding = fc
    .record({ id, target: fc.constantFrom("stub-game", "nowhere", null) })
    .map(({ id, target }) => JSON.stringify({ jsonrpc: "2.0", id, method: "hub.bind_target", params: { target } }));
  const cancel = id.map((id) => JSON.stringify({ jsonrpc: "2.0", method: "cancel", params: { id } }));
  const response = id.map((id) => JSON.stringify({ jsonrpc: "2.0", id, result: {} }));
  const event = fc
    .nat(50)
    .map((seq) => JSON.stringify({ jsonrpc: "2.0", method: "event", params: { event: "e", seq } }));
  const heartbeat = fc.nat().map((timestamp) => JSON.stringify({ type: "heartbeat", timestamp }));
  const corpusFrame = fc.constantFrom(...VALID_CASES).map(({ bytes }) => bytes.toString());
  const step: fc.Arbitrary<Step> = fc.record({
    sender: fc.nat(CROWD.length - 1),
    frame: fc.oneof({ weight: 4, arbitrary: request }, binding, cancel, response, event, heartbeat, corpusFrame),
  });
  const arrive = (clientType: string) => openAdapter(hub.url, hub.token, { identify: { clientType } });

  it("get one answer to each request, and disconnect no client", { timeout: 120_000 * FACTOR }, async () => {
    const clients = (await Promise.all(CROWD.map(arrive))).map(({ client }) => client);
    const sent = CROWD.map((): string[] => []);
    const play = async (steps: readonly Step[]) => {
      for (const { sender, frame } of steps) {
        clients[sender]?.sendFrame(frame);
        sent[sender]?.push(frame);
        await expectBalanced();
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), play), { numRuns: 30 * FACTOR });
    const counters = await observer.untilIdle();
    expect(counters.accepted).toBe(counters.answered);
    expect(await Promise.all(clients.map(answeredIds))).toEqual(sent.map(requestIds));
    for (const client of clients) client.terminate();
  });
});

/** Ids of the requests among `frames`, in a fixed order. */
function requestIds(frames: readonly string[]): string[] {
  const messages = frames.map((frame) => messageSchema.parse(JSON.parse(frame)));
  return messages
    .flatMap(({ id, method }) => (id !== undefined && method !== undefined ? [String(id)] : []))
    .toSorted();
}

/** Ids of all answers that a client has had, in the same order. */
async function answeredIds(client: ProtocolClient): Promise<string[]> {
  await client.request("hub.status");
  const answers = client.queued.filter(({ message }) => message.method === undefined && message.id != null);
  return answers.map(({ message }) => String(message.id)).toSorted();
}
