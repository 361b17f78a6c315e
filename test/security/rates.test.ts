/** Attacks on the limits per minute: a client that reconnects, under any name, has no more than before and takes nothing from others. */
import { afterEach, describe, expect, it } from "vitest";
import { createToken } from "../../hub/access/token-book.ts";
import type { HubConfig } from "../../hub/config.ts";
import type { Identify } from "../../protocol/messages.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import { within } from "../support/wait.ts";

const MOST = 3;

let hub: LocalHub;
const clients: ProtocolClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await hub.dispose();
});

async function start(config: Partial<HubConfig> = { writesPerMinute: MOST }): Promise<void> {
  hub = await LocalHub.start(config);
  await hub.editor({ readOnly: ["scene.get_tree"] });
}

const tokenOf = (name: string) => createToken(hub.home, { name, role: "agent", readOnly: false, allow: [], deny: [] });

async function come(identify: Partial<Identify> = {}, token = hub.token) {
  const { client, identified } = await openAdapter(hub.url, token, { identify });
  clients.push(client);
  return { client, resumeToken: identified.resumeToken };
}

async function leave(client: ProtocolClient, isPolite = false): Promise<void> {
  if (isPolite) await client.close();
  else client.terminate();
  await within(client.closed, { what: "the end" });
}

const kindOf = async (client: ProtocolClient, method = "node.add", params = {}) =>
  (await client.request(method, params)).error?.data?.kind;

/** Asks until no more is left. @returns how often it was carried out. */
async function spend(client: ProtocolClient, method = "node.add"): Promise<number> {
  for (let count = 0; count < 10 * MOST; count += 1) {
    if ((await kindOf(client, method)) === "RATE_LIMITED") return count;
  }
  return Number.POSITIVE_INFINITY;
}

describe("what an agent has spent stays spent", () => {
  it.each<[string, boolean, Partial<Identify>]>([
    ["when its connection breaks and it comes as a new client", false, {}],
    ["when it says goodbye first", true, {}],
    ["under another name", false, { name: "somebody-else", agent: { name: "another", version: "2" } }],
    ["as another program", true, { clientVersion: "9", pid: 1, cwd: "/elsewhere" }],
  ])("%s", async (_what, isPolite, identify) => {
    await start();
    const { client: first } = await come();
    expect(await spend(first)).toBe(MOST);
    for (let round = 0; round < 4; round += 1) {
      const leaving = clients.at(-1);
      if (leaving) await leave(leaving, isPolite);
      const { client } = await come(identify);
      expect(await kindOf(client), `round ${round}`).toBe("RATE_LIMITED");
      expect(await kindOf(client, "hub.acquire_lease", { resources: ["a"] })).toBe("RATE_LIMITED");
      expect(await kindOf(client, "scene.get_tree")).toBeUndefined();
    }
  });

  it("when it resumes, and when another one has come meanwhile", async () => {
    await start();
    const { client: first, resumeToken } = await come();
    expect(await spend(first)).toBe(MOST);
    await leave(first);
    const { client: meanwhile } = await come();
    expect(await kindOf(meanwhile)).toBe("RATE_LIMITED");
    const { client: again } = await come({ resumeToken });
    expect(await kindOf(again)).toBe("RATE_LIMITED");
  });

  it("in reads, too, where those are limited", async () => {
    await start({ readsPerMinute: MOST });
    const { client: first } = await come();
    expect(await spend(first, "scene.get_tree")).toBe(MOST);
    await leave(first);
    const { client } = await come();
    expect(await kindOf(client, "scene.get_tree")).toBe("RATE_LIMITED");
    expect(await kindOf(client, "hub.status")).toBe("RATE_LIMITED");
    expect(await kindOf(client)).toBeUndefined();
  });
});

describe("one further token", () => {
  it("has one budget for all who come with it, and no other's", async () => {
    await start();
    const [token, other] = [tokenOf("ci"), tokenOf("lab")];
    const all = [await come({}, token), await come({ name: "b" }, token), await come({ name: "c" }, token)];
    for (const { client } of all) expect(await kindOf(client)).toBeUndefined();
    for (const { client } of all) expect(await kindOf(client)).toBe("RATE_LIMITED");
    for (const { client } of all) await leave(client, true);
    expect(await kindOf((await come({}, token)).client)).toBe("RATE_LIMITED");
    expect(await kindOf((await come({}, other)).client)).toBeUndefined();
    expect(await kindOf((await come()).client)).toBeUndefined();
  });
});

describe("others", () => {
  it("that are connected at the same time keep their limits, before and after another one reconnects", async () => {
    await start();
    const [{ client: greedy }, { client: early }] = [await come(), await come()];
    expect(await kindOf(early)).toBeUndefined();
    expect(await spend(greedy)).toBe(MOST);
    const { client: late } = await come();
    expect(await kindOf(late)).toBeUndefined();
    await leave(greedy);
    const { client: again } = await come();
    expect(await kindOf(again)).toBe("RATE_LIMITED");
    expect(await kindOf(early)).toBeUndefined();
    expect(await kindOf(late)).toBeUndefined();
  });

  it("are not held to what one has spent that has left long ago: it has come back by then", async () => {
    await start({ writesPerMinute: 6_000 });
    const { client: first } = await come();
    for (let count = 0; count < 50; count += 1) expect(await kindOf(first)).toBeUndefined();
    await leave(first);
    const { client } = await come();
    for (let count = 0; count < 200; count += 1) expect(await kindOf(client)).toBeUndefined();
  });
});
