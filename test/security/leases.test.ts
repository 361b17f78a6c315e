/** Attacks by leases: a session that takes as many as it can neither delays nor slows others. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CommandRules, NO_RULES, type Permission } from "../../hub/access/permission.ts";
import { Client } from "../../hub/clients/client.ts";
import { Instance } from "../../hub/clients/instance.ts";
import { Leases } from "../../hub/scheduling/leases.ts";
import { identifySchema } from "../../protocol/messages.ts";
import { LocalHub } from "../support/local-hub.ts";
import type { ProtocolClient } from "../support/protocol-client.ts";
import { TurnWatch } from "../support/turn-watch.ts";

const names = (from: number, count: number, prefix = "script:res://") =>
  Array.from({ length: count }, (_, index) => `${prefix}${from + index}.gd`);

describe("a session", () => {
  let hub: LocalHub;
  let greedy: ProtocolClient;
  let other: ProtocolClient;
  beforeEach(async () => {
    hub = await LocalHub.start();
    await hub.editor({ readOnly: ["scene.get_tree"] });
    [greedy, other] = [await hub.adapter(), await hub.adapter()];
  });
  afterEach(() => hub.dispose());

  const acquire = (resources: string[]) => greedy.request("hub.acquire_lease", { resources, durationMs: 600_000 });
  const held = async () => ((await other.request("hub.list_leases")).result as { leases: unknown[] }).leases.length;

  it("takes 256 leases and no more, whole requests of them or none, and more when it gives some back", async () => {
    for (let from = 0; from < 256; from += 64) expect((await acquire(names(from, 64))).error).toBeUndefined();
    for (const refused of [["one"], names(1_000, 64), [...names(0, 3), "one"]]) {
      expect((await acquire(refused)).error).toMatchObject({ data: { kind: "BUSY", hint: expect.any(String) } });
    }
    expect(await held()).toBe(256);
    expect((await acquire(names(0, 64))).error).toBeUndefined();
    await greedy.request("hub.release_lease", { resources: names(0, 2) });
    expect((await acquire(["one", "two"])).error).toBeUndefined();
    expect(await held()).toBe(256);
  });

  it("that asks for 19,500 leases holds the loop for no time that others notice", async () => {
    const watch = new TurnWatch();
    await Promise.all(Array.from({ length: 305 }, (_, index) => acquire(names(index * 64, 64))));
    for (let write = 0; write < 20; write += 1) {
      const { error } = await other.request("node.add", {}, { resources: [`scene:res://${write}.tscn`] });
      expect(error).toBeUndefined();
    }
    expect(watch.stop()).toBeLessThan(400);
    expect(await held()).toBeLessThanOrEqual(256 + 20);
  });

  it("keeps no more than 256 leases of its writes, and what it wrote to last", async () => {
    for (let from = 0; from < 640; from += 64) {
      expect((await greedy.request("node.add", {}, { resources: names(from, 64) })).error).toBeUndefined();
    }
    expect(await held()).toBe(256);
    const free = await other.request("node.add", {}, { resources: names(0, 1), deadlineMs: 30_000 });
    expect(free.error).toBeUndefined();
    const kept = await other.request("node.add", {}, { resources: names(639, 1), deadlineMs: 50 });
    expect(kept.error?.data?.kind).toBe("LEASE_HELD");
  });

  it("does not fill memory with names: they have 64 KiB together", async () => {
    const long = (from: number) => names(from, 8, "x".repeat(4_000));
    expect((await acquire(long(0))).error).toBeUndefined();
    expect((await acquire(long(8))).error).toBeUndefined();
    expect((await acquire(long(16))).error).toMatchObject({ data: { kind: "BUSY" } });
    for (let from = 100; from < 400; from += 8) {
      expect((await greedy.request("node.add", {}, { resources: long(from) })).error).toBeUndefined();
    }
    expect(await held()).toBeLessThanOrEqual(17);
  });
});

describe("the book of leases", () => {
  const IDENTIFY = identifySchema.parse({ type: "identify", clientType: "mcp" });
  const permission: Permission = { name: "guest", role: "agent", rules: new CommandRules(NO_RULES) };

  /** Leases of so many sessions, 256 each, all of one editor. */
  function crowded(sessions: number) {
    const leases = new Leases(10_000, () => {});
    const instance = new Instance("editor", "editor", { ...IDENTIFY, clientType: "godot" });
    const holders = Array.from({ length: sessions }, (_, index) => new Client(`c${index}`, `c${index}`, IDENTIFY));
    for (const [index, holder] of holders.entries()) leases.acquire(instance, holder, names(index * 256, 256), 600_000);
    return { leases, instance, holders };
  }

  /** Processor time, ms, of many questions, writes and returns beside `sessions * 256` leases. */
  function costBeside(sessions: number): number {
    const { leases, instance } = crowded(sessions);
    const writer = new Client("writer", "writer", IDENTIFY);
    const before = process.cpuUsage();
    for (let round = 0; round < 3_000; round += 1) {
      const own = [`scene:res://${round % 50}.tscn`];
      leases.conflict(instance, writer, own);
      leases.hold(instance, writer, own);
      if (round % 10 === 0) leases.release(writer, instance, own);
    }
    const { user } = process.cpuUsage(before);
    leases.dispose();
    return user / 1_000;
  }

  it("answers as fast with 16,000 leases as with 256", () => {
    costBeside(1);
    const [few, many] = [costBeside(1), costBeside(62)];
    expect(many).toBeLessThan(8 * few + 20);
  });

  it("finds the session that keeps a write from the whole editor, and until when, with any number of leases", () => {
    const { leases, instance, holders } = crowded(40);
    const [first, last] = [holders[0], holders.at(-1)];
    if (!first || !last) throw new Error("no holders");
    leases.release(last, instance, names(39 * 256, 1));
    leases.acquire(instance, last, ["longest"], 900_000);
    expect(leases.conflict(instance, first, ["*"])?.resource).toBe("longest");
    leases.release(last, instance, ["longest"]);
    expect(leases.conflict(instance, first, ["*"])?.holder).not.toBe(first);
    for (const holder of holders.slice(1)) leases.release(holder);
    expect(leases.conflict(instance, first, ["*"])).toBeUndefined();
    expect(leases.size).toBe(256);
    leases.forget(instance);
    expect(leases.size).toBe(0);
    leases.dispose();
  });

  it("has room for the owner, however many guests' sessions there are", () => {
    const leases = new Leases(10_000, () => {});
    const instance = new Instance("editor", "editor", { ...IDENTIFY, clientType: "godot" });
    const session = (name: string, of?: Permission) => {
      const client = new Client(name, name, IDENTIFY);
      client.permission = of;
      return client;
    };
    let refused = 0;
    for (let index = 0; index < 64; index += 1) {
      try {
        leases.acquire(instance, session(`guest ${index}`, permission), names(index * 256, 256), 600_000);
      } catch {
        refused += 1;
      }
    }
    expect(refused).toBe(32);
    expect(leases.acquire(instance, session("owner"), names(900_000, 256), 600_000)).toHaveLength(256);
    leases.dispose();
  });
});
