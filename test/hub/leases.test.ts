import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HubConfig } from "../../hub/config.ts";
import { LocalHub } from "../support/local-hub.ts";
import type { ProtocolClient } from "../support/protocol-client.ts";
import { deferred, until } from "../support/wait.ts";

describe("leases", () => {
  let hub: LocalHub;
  let one: ProtocolClient;
  let two: ProtocolClient;
  beforeEach(() => open({}));
  afterEach(() => hub.dispose());

  /** Leases of writes hold for the usual time, so that none lapses while a test looks at it. */
  async function open(config: Partial<HubConfig>): Promise<void> {
    hub = await LocalHub.start({ resumeGraceMs: 100, ...config });
    await hub.editor({ readOnly: ["scene.get_tree"] });
    [one, two] = [await hub.adapter(), await hub.adapter()];
  }

  /** Begins again with a hub whose leases of writes lapse soon. */
  async function openWithShortLeases(): Promise<void> {
    await hub.dispose();
    await open({ implicitLeaseMs: 300 });
  }

  const write = (client: ProtocolClient, scene: string, envelope = {}) =>
    client.request("node.add", {}, { resources: [`scene:${scene}`], ...envelope });

  it("makes another session's write to the same scene wait until the lease has lapsed", async () => {
    await openWithShortLeases();
    await write(one, "res://a.tscn");
    const before = performance.now();
    expect((await write(two, "res://a.tscn")).error).toBeUndefined();
    expect(performance.now() - before).toBeGreaterThan(200);
  });

  it("lets reads, the same session, and writes to other scenes pass at once", async () => {
    await one.request("hub.acquire_lease", { resources: ["scene:res://a.tscn"], durationMs: 60_000 });
    for (const asked of [two.request("scene.get_tree", {}), write(two, "res://b.tscn"), write(one, "res://a.tscn")]) {
      expect((await asked).error).toBeUndefined();
    }
  });

  it("tells an instance what others hold with a command that writes more than it names, and with no other", async () => {
    const editor = await hub.editor({ project: "other" });
    const target = { target: "other" };
    await one.request("hub.acquire_lease", { resources: ["scene:res://a.tscn"], durationMs: 60_000, ...target });
    await two.request("hub.acquire_lease", { resources: ["scene:res://b.tscn"], durationMs: 60_000, ...target });
    const contextOf = async (client: ProtocolClient, method: string) => {
      expect((await client.request(method, {}, { resources: [], ...target })).error).toBeUndefined();
      return editor.executed.at(-1)?.context;
    };
    for (const method of ["scene.save_all", "editor.restart", "editor.reload_plugin", "resource.move", "run.play"]) {
      expect((await contextOf(one, method))?.held).toEqual({ "scene:res://b.tscn": expect.any(String) });
      expect((await contextOf(two, method))?.held).toEqual({ "scene:res://a.tscn": expect.any(String) });
    }
    expect(await contextOf(two, "node.add")).not.toHaveProperty("held");
    await one.request("hub.release_lease", target);
    expect(await contextOf(two, "scene.save_all")).not.toHaveProperty("held");
  });

  it("refuses at once, saying who and until when, what could only be written after its deadline", async () => {
    await one.request("hub.acquire_lease", { resources: ["scene:res://a.tscn"], durationMs: 60_000 });
    const { error } = await write(two, "res://a.tscn", { deadlineMs: 5_000 });
    expect(error).toMatchObject({
      code: -32018,
      data: { kind: "LEASE_HELD", holder: "test-agent", resource: "scene:res://a.tscn" },
    });
    expect(Date.parse(String(error?.data?.until))).toBeGreaterThan(Date.now() + 50_000);
    const again = await two.request("hub.acquire_lease", { resources: ["scene:res://a.tscn"] });
    expect(again.error?.code).toBe(-32018);
  });

  it("answers LEASE_HELD when the wait outlasts the deadline", async () => {
    await write(one, "res://a.tscn");
    const { error } = await write(two, "res://a.tscn", { deadlineMs: 60 });
    expect(error?.code).toBe(-32018);
  });

  it("holds a write that names nothing back while anything of the instance is held, and lets it lock no session out", async () => {
    expect((await one.request("custom.write")).error).toBeUndefined();
    expect((await two.request("custom.write")).error).toBeUndefined();
    await one.request("hub.acquire_lease", { resources: ["script:res://a.gd"], durationMs: 60_000 });
    expect((await two.request("custom.write", {}, { deadlineMs: 1_000 })).error?.code).toBe(-32018);
  });

  it("takes no lease for a write that the editor refuses", async () => {
    const refusing = await hub.editor({ project: "refusing", handlers: {} });
    const target = { target: refusing.identified.name };
    expect((await write(one, "res://a.tscn", target)).error?.code).toBe(-32601);
    const { result } = await one.request("hub.list_leases");
    expect(result).toEqual({ leases: [] });
  });

  it("lets a waiting write go when the holder gives the lease back, or leaves", async () => {
    await one.request("hub.acquire_lease", { resources: ["*"], durationMs: 60_000 });
    const waiting = write(two, "res://a.tscn", { deadlineMs: 600_000 });
    await until(async () => (await two.request("hub.status")).result && true, { what: "the hub" });
    expect((await one.request("hub.release_lease")).result).toEqual({ released: ["*"] });
    expect((await waiting).error).toBeUndefined();
    // Longer than any wait of this test: only its holder's departure ends it.
    await two.request("hub.acquire_lease", { resources: ["*"], durationMs: 500_000 });
    const next = write(one, "res://b.tscn", { deadlineMs: 600_000 });
    two.terminate();
    expect((await next).error).toBeUndefined();
    expect((await one.request("hub.list_leases")).result).toMatchObject({
      leases: [{ resource: "scene:res://b.tscn" }],
    });
  });

  it("takes nothing from the session that holds the resource when another session's slow write ends", async () => {
    await openWithShortLeases();
    const slow = await hub.editor({ project: "slow" });
    const done = deferred<unknown>();
    slow.handlers.set("node.add", () => done.promise);
    const asked = write(one, "res://a.tscn", { target: "slow" });
    await until(() => slow.executed.length === 1, { what: "the write" });
    const lapsed = async () => {
      const { leases } = (await two.request("hub.list_leases")).result as { leases: unknown[] };
      return leases.length === 0;
    };
    await until(lapsed, { what: "the end of its lease" });
    for (const resources of [["scene:res://a.tscn"], ["*"]]) {
      const params = { resources, durationMs: 60_000, target: "slow" };
      expect((await two.request("hub.acquire_lease", params)).error).toBeUndefined();
    }
    done.resolve({});
    expect((await asked).error).toBeUndefined();
    const { leases } = (await one.request("hub.list_leases")).result as { leases: { holder: string }[] };
    expect(leases.map(({ holder }) => holder)).toEqual(["test-agent-2", "test-agent-2"]);
  });

  describe("of the run slot", () => {
    /** A game that the hub's editor plays. */
    const plays = async (project: string) => {
      const { clientId: id } = (await hub.editor({ project })).identified;
      const game = (name: string) =>
        hub.editor({ project, identify: { clientType: "game", parent: id, name }, readOnly: ["game.get_tree"] });
      return { editor: { id }, games: [await game(`${project}.one`), await game(`${project}.two`)] };
    };
    const act = (client: ProtocolClient, method: string, target: string, deadlineMs = 20_000) =>
      client.request(method, {}, { resources: ["run"], target, deadlineMs });
    /** The error that the second session gets soon, because it may not act. */
    const refusal = async (method: string, target: string) => (await act(two, method, target, 60)).error?.data;

    it("keeps others from stopping a game that one session plays with, and says who that is", async () => {
      const { editor } = await plays("arcade");
      await act(one, "game.send_input", "arcade.one");
      expect(await refusal("run.stop", editor.id)).toMatchObject({ kind: "LEASE_HELD", holder: "test-agent" });
      expect(await refusal("game.send_input", "arcade.one")).toMatchObject({ kind: "LEASE_HELD" });
      expect((await act(one, "run.stop", editor.id)).error).toBeUndefined();
    });

    it("keeps others out of a game that one session has just started, and leaves them another game", async () => {
      const { editor } = await plays("arcade");
      await act(one, "run.play", editor.id);
      expect(await refusal("game.step", "arcade.one")).toMatchObject({ kind: "LEASE_HELD" });
      expect((await two.request("game.get_tree", {}, { target: "arcade.one" })).error).toBeUndefined();
      await one.request("hub.release_lease", { target: editor.id });
      await act(one, "game.step", "arcade.one");
      expect((await act(two, "game.step", "arcade.two")).error).toBeUndefined();
    });

    it("lets who waits go on when it lapses, or when the game has gone", async () => {
      await openWithShortLeases();
      const { editor, games } = await plays("arcade");
      await act(one, "game.send_input", "arcade.one");
      expect((await act(two, "run.stop", editor.id)).error).toBeUndefined();
      await one.request("hub.acquire_lease", { target: "arcade.two", resources: ["run"], durationMs: 15_000 });
      const stopping = act(two, "run.stop", editor.id, 30_000);
      await two.request("hub.status");
      await games[1]?.client.close();
      expect((await stopping).error).toBeUndefined();
    });
  });
});
