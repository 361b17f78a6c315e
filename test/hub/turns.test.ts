/** Writers that never pause share a scene, a script or the run slot: each gets its turn, counted by what an editor has executed. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalHub } from "../support/local-hub.ts";
import type { ProtocolClient } from "../support/protocol-client.ts";
import type { StubInstance } from "../support/stub-instance.ts";
import { deferred, until } from "../support/wait.ts";

const SCENE = "scene:res://a.tscn";
const ROUNDS = 2;
/** Longer than any wait of these tests, so that only turns let a write through. */
const PATIENCE_MS = 120_000;

let hub: LocalHub;
let editor: StubInstance;
beforeEach(async () => {
  hub = await LocalHub.start({ implicitLeaseMs: PATIENCE_MS, resumeGraceMs: 100 });
  editor = await hub.editor({ readOnly: ["scene.get_tree"] });
});
afterEach(() => hub.dispose());

const adapters = (count: number) => Promise.all(Array.from({ length: count }, () => hub.adapter()));

const write = (client: ProtocolClient, resources: string[], envelope = {}) =>
  client.request("node.add", {}, { resources, deadlineMs: PATIENCE_MS, ...envelope }, { deadlineMs: PATIENCE_MS });

/** Whose turn it was, one after the other: writes of one session in a row are one turn. */
function turns(): string[] {
  const writers = editor.executed.map(({ context }) => String(context.clientId));
  return writers.filter((writer, index) => writer !== writers[index - 1]);
}

/** Turns that each writer has had. */
function counts(): Map<string, number> {
  const all = new Map<string, number>();
  for (const writer of turns()) all.set(writer, (all.get(writer) ?? 0) + 1);
  return all;
}

/** Has each of `jobs` done again and again until every one of `writers` sessions has had `ROUNDS` turns. */
async function inRounds(writers: number, jobs: readonly (() => Promise<void>)[]): Promise<number[]> {
  const isOver = () => counts().size >= writers && [...counts().values()].every((count) => count >= ROUNDS);
  const again = async (job: () => Promise<void>) => {
    while (!isOver()) await job();
  };
  await Promise.all(jobs.map(again));
  return [...counts().values()];
}

const writesOf = (resource: string) => (client: ProtocolClient) => async () => {
  expect((await write(client, [resource])).error).toBeUndefined();
};

/** Each has one turn in N; who ends the last round may have had one more. */
function expectFair(shares: readonly number[]): void {
  expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
}

describe("busy writers", () => {
  it.each([
    [2, SCENE],
    [4, "script:res://a.gd"],
    [20, "run"],
  ])("%i of them have one turn in that many, on %s", async (count, resource) => {
    const clients = await adapters(count);
    expectFair(await inRounds(count, clients.map(writesOf(resource))));
  });

  it("go round with one that keeps many writes waiting and with writes that name nothing", async () => {
    const [many, ...others] = await adapters(4);
    const [unnamed] = others.splice(2);
    if (!many || !unnamed) throw new Error("no adapters");
    const jobs = [
      ...Array.from({ length: 30 }, () => writesOf(SCENE)(many)),
      ...others.map(writesOf(SCENE)),
      async () => {
        expect((await unnamed.request("custom.write", {}, { deadlineMs: PATIENCE_MS })).error).toBeUndefined();
      },
    ];
    const shares = await inRounds(4, jobs);
    expect(Math.max(...shares)).toBeLessThanOrEqual(2 * Math.min(...shares));
  });

  it("go round with one that takes explicit leases, which wait for their turn, too", async () => {
    const [explicit, ...others] = await adapters(4);
    if (!explicit) throw new Error("no adapters");
    const reserved = async () => {
      const params = { resources: [SCENE], durationMs: 5_000 };
      const taken = await explicit.request("hub.acquire_lease", params, { deadlineMs: PATIENCE_MS });
      expect(taken.error).toBeUndefined();
      for (let index = 0; index < 3; index += 1) await writesOf(SCENE)(explicit)();
      expect((await explicit.request("hub.release_lease")).result).toEqual({ released: [SCENE] });
    };
    expectFair(await inRounds(4, [reserved, ...others.map(writesOf(SCENE))]));
  });

  it("of two things at once are not passed by those who write to one of them", async () => {
    const [both, one, two] = await adapters(3);
    if (!both || !one || !two) throw new Error("no adapters");
    const onBoth = async () => {
      expect((await write(both, [SCENE, "settings"])).error).toBeUndefined();
    };
    const shares = await inRounds(3, [onBoth, writesOf(SCENE)(one), writesOf("settings")(two)]);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(ROUNDS);
  });
});

describe("writes that wait", () => {
  /** Names the writes in the order in which they were executed. */
  const order = () => editor.executed.map(({ params }) => params.as);
  const named = (client: ProtocolClient, as: string, resources = [SCENE], envelope = {}) =>
    client.request("node.add", { as }, { resources, deadlineMs: PATIENCE_MS, ...envelope });
  /** The hub has read what these sessions have sent. */
  const read = (...clients: ProtocolClient[]) => Promise.all(clients.map((each) => each.request("hub.list_leases")));
  let [a, b, c]: ProtocolClient[] = [];
  const sessions = () => {
    if (!a || !b || !c) throw new Error("no adapters");
    return { a, b, c };
  };
  beforeEach(async () => {
    [a, b, c] = await adapters(3);
  });

  it("go in the order of asking, those of one session together", async () => {
    const { a, b, c } = sessions();
    await a.request("hub.acquire_lease", { resources: [SCENE], durationMs: 500_000 });
    const patient = { deadlineMs: 600_000 };
    const asked = [named(b, "b1", [SCENE], patient)];
    await read(b);
    asked.push(named(c, "c1", [SCENE], patient));
    await read(c);
    asked.push(named(b, "b2", [SCENE], patient), named(b, "b3", [SCENE], patient));
    await read(b);
    await a.request("hub.release_lease");
    for (const each of asked) expect((await each).error).toBeUndefined();
    expect(order()).toEqual(["b1", "b2", "b3", "c1"]);
  });

  it("leave the lease as it was when they give up", async () => {
    const { a, b } = sessions();
    await named(a, "a1");
    const { error } = await named(b, "b1", [SCENE], { deadlineMs: 30 });
    expect(error?.data).toMatchObject({ kind: "LEASE_HELD", resource: SCENE });
    const { leases } = (await b.request("hub.list_leases")).result as { leases: { until: string }[] };
    expect(Date.parse(leases[0]?.until ?? "")).toBeGreaterThan(Date.now() + PATIENCE_MS / 2);
  });

  it("for an explicit lease hold up no session that wants another resource", async () => {
    const { a, b, c } = sessions();
    await a.request("hub.acquire_lease", { resources: ["script:res://a.gd"], durationMs: 60_000 });
    const unnamed = b.request("custom.write", { as: "b1" }, { deadlineMs: PATIENCE_MS });
    await read(b);
    expect((await named(c, "c1")).error).toBeUndefined();
    expect(order()).toEqual(["c1"]);
    await a.request("hub.release_lease");
    expect((await unnamed).error).toBeUndefined();
  });

  it("wait for the answer to a write that is under way, however long that takes", async () => {
    const { a, b, c } = sessions();
    const answer = deferred<object>();
    editor.handlers.set("script.edit", () => answer.promise);
    const slow = a.request("script.edit", { as: "slow" }, { resources: [SCENE], deadlineMs: PATIENCE_MS });
    await until(() => order().includes("slow"), { what: "the slow write" });
    const waiting = named(b, "b1");
    await read(b);
    // Turns of others go by: more time than a turn of the slow one would have.
    const other = (await adapters(1)).concat(c);
    await inRounds(
      3,
      other.map(writesOf("settings")).concat(async () => void (await write(a, ["b"]))),
    );
    expect(order()).not.toContain("b1");
    answer.resolve({});
    for (const each of [slow, waiting]) expect((await each).error).toBeUndefined();
  });

  it("learn which session asked before them when their deadline comes first", async () => {
    const { a, b, c } = sessions();
    await named(a, "a1");
    const both = named(b, "b1", [SCENE, "settings"]);
    await read(b);
    const { error } = await named(c, "c1", ["settings"], { deadlineMs: 30 });
    expect(error?.data).toMatchObject({ kind: "LEASE_HELD", holder: "test-agent-2", resource: "settings" });
    expect((await both).error).toBeUndefined();
  });

  it("go on when the first of the line is taken back or its session leaves", async () => {
    const { a, b, c } = sessions();
    await a.request("hub.acquire_lease", { resources: [SCENE], durationMs: 500_000 });
    const ask = b.request("hub.acquire_lease", { resources: [SCENE] }, { deadlineMs: 600_000 });
    void ask.catch(() => undefined);
    await read(b);
    const waiting = named(c, "c1", [SCENE], { deadlineMs: 600_000 });
    await read(c);
    b.terminate();
    await a.request("hub.release_lease");
    expect((await waiting).error).toBeUndefined();
  });
});
