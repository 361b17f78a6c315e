/** Sends every frame of the corpus to a live hub: each gets what the corpus says, and the hub serves on. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Identify } from "../../protocol/messages.ts";
import { HUB_CASES, type HubCase } from "../corpus/corpus.ts";
import { HubProcess } from "../support/hub-process.ts";
import { ProtocolClient } from "../support/protocol-client.ts";
import { within } from "../support/wait.ts";

/** No instance is ever registered here, so that a command finds none. */
let empty: HubProcess;
let populated: HubProcess;

beforeAll(async () => {
  [empty, populated] = await Promise.all([HubProcess.start(), HubProcess.start()]);
});

afterAll(async () => {
  await Promise.all([empty?.dispose(), populated?.dispose()]);
});

async function send({ as, when, bytes, binary }: HubCase): Promise<ProtocolClient> {
  const hub = as === "godot" || when === "opening" ? populated : empty;
  const client = await ProtocolClient.connect(hub.url, { token: hub.token });
  await client.handshake();
  if (when === "identified") await client.identify({ clientType: as, ...(as === "godot" && GODOT) });
  client.sendFrame(bytes, { binary });
  return client;
}

const GODOT = { godotVersion: "4.6.3" } satisfies Partial<Identify>;

/** The answer that says that the frame was understood. */
async function expectAccepted(client: ProtocolClient, { answers, bytes, when }: HubCase): Promise<void> {
  const sent = JSON.parse(bytes.toString());
  if (sent.type === "heartbeat") await expectAck(client, sent.timestamp);
  else if (when === "opening")
    await client.next(({ message }) => message.type === "identified", { what: "identified" });
  else expect((await client.response(answers ?? sent.id)).error).toBeUndefined();
}

async function expectAck(client: ProtocolClient, timestamp: number): Promise<void> {
  const isAck = (message: { type?: string | undefined; timestamp?: unknown }) =>
    message.type === "heartbeat_ack" && message.timestamp === timestamp;
  await client.next(({ message }) => isAck(message), { what: "heartbeat_ack" });
}

async function expectError(client: ProtocolClient, { error, id, names }: HubCase["expect"]): Promise<void> {
  const response = await client.response(id ?? null);
  expect(response.error?.data?.kind).toBe(error);
  if (names) expect(response.error?.message).toContain(names);
}

/** Nothing but what was expected came, and the connection still answers. */
async function expectAlive(client: ProtocolClient): Promise<void> {
  client.sendMessage({ type: "heartbeat", timestamp: 4_711 });
  await expectAck(client, 4_711);
  expect(client.queued).toEqual([]);
}

describe("a live hub", () => {
  it.each(HUB_CASES.map((one) => [`${one.name} (${one.when}, ${one.as})`, one] as const))(
    "is held to: %s",
    async (_, one) => {
      const client = await send(one);
      try {
        const { ok, error, close } = one.expect;
        if (ok) await expectAccepted(client, one);
        if (error) await expectError(client, one.expect);
        if (close === undefined) await expectAlive(client);
        else expect((await within(client.closed, { what: "the close" })).code).toBe(close);
      } finally {
        client.terminate();
      }
    },
  );

  it("has survived all of it, and counted the responses to no request", async () => {
    for (const hub of [empty, populated]) {
      expect(hub.isRunning).toBe(true);
      const client = await ProtocolClient.connect(hub.url, { token: hub.token });
      await client.identify();
      const { result } = await client.request("hub.status");
      const late = hub === populated ? HUB_CASES.filter((one) => one.expect.ignored && one.as === "godot").length : 0;
      expect(result).toMatchObject({ counters: { late, pending: 0 } });
      await client.close();
    }
  });
});
