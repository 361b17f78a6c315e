/** Tests whose process `instance.stop` ends, and when. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { LocalHub } from "../support/local-hub.ts";
import { deferred, until } from "../support/wait.ts";

const LAUNCH_ID = "0b8f6b5e-launch";

describe("an instance that says which launch it comes from", () => {
  let home: string;
  let hub: LocalHub;
  let sleeping: ChildProcess;
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "godot-hub-launches-"));
    hub = await LocalHub.start({ home });
  });
  afterEach(async () => {
    sleeping.kill("SIGKILL");
    await hub.dispose();
    rmSync(home, { recursive: true, force: true });
  });

  /** A process that does nothing, with or without the variable that a launch gives. */
  function sleeper(env: Record<string, string>): number {
    sleeping = spawn("sleep", ["600"], { env: { PATH: "/usr/bin:/bin", ...env }, stdio: "ignore" });
    return sleeping.pid ?? 0;
  }

  /** What the hub has written down: a launch whose first process has ended, or is `pid`. */
  function launched(pid = spawnSync("true").pid): void {
    const launch = { launchId: LAUNCH_ID, pid, project: "/projects/game", startedAt: Date.now() };
    writeFileSync(join(home, "launched.json"), JSON.stringify([launch]));
  }

  async function stop(pid: number) {
    await hub.editor({ project: "game", identify: { instance: { epoch: "e1", pid, launchId: LAUNCH_ID } } });
    return (await hub.adapter()).request("instance.stop", { target: "game" });
  }

  it.runIf(process.platform === "linux")("has its process ended when that one was given the launch", async () => {
    launched();
    const pid = sleeper({ GODOT_HUB_LAUNCH_ID: LAUNCH_ID });
    expect((await stop(pid)).error).toBeUndefined();
    expect(isProcessAlive(pid)).toBe(false);
  });

  it.runIf(process.platform === "linux")("can't have another process ended by claiming its id", async () => {
    launched();
    const pid = sleeper({});
    expect((await stop(pid)).error).toMatchObject({ code: -32019 });
    expect(isProcessAlive(pid)).toBe(true);
  });

  it("does not take the place of an editor that still runs", async () => {
    launched(process.pid);
    const pid = sleeper({ GODOT_HUB_LAUNCH_ID: LAUNCH_ID });
    expect((await stop(pid)).error).toMatchObject({ code: -32019 });
    expect(isProcessAlive(pid)).toBe(true);
  });

  describe("and to which others write", () => {
    const deadline = { deadlineMs: 5_000 };
    const scene = (name: string) => ({ target: "game", resources: [`scene:res://${name}.tscn`] });
    let checks: string[][];
    const open = async (answer: () => unknown = () => ({ lost: [] })) => {
      const pid = sleeper({});
      launched(pid);
      checks = [];
      const editor = await hub.editor({
        project: "game",
        identify: { instance: { epoch: "e1", pid, launchId: LAUNCH_ID } },
        handlers: {
          "node.add": () => "added",
          "editor.validate_stop": () => {
            checks.push(editor.executed.map(({ method }) => method));
            return answer();
          },
        },
      });
      return { pid, editor };
    };
    /** Two sessions that write to a scene each, without a pause, until `end` is called; how many of their writes were done. */
    const busy = async () => {
      const counts = { a: 0, b: 0 };
      let isOver = false;
      const write = async (name: "a" | "b") => {
        const adapter = await hub.adapter();
        while (!isOver) {
          const { error } = await adapter.request("node.add", {}, { ...scene(name), ...deadline });
          if (error) return;
          counts[name] += 1;
        }
      };
      const writing = [write("a"), write("b")];
      await until(() => counts.a > 5 && counts.b > 5, { what: "the writers" });
      const end = async () => {
        isOver = true;
        await Promise.all(writing);
      };
      return { counts, end };
    };

    it("is ended when its caller's turn has come", async () => {
      const { pid } = await open();
      const { end } = await busy();
      const stopper = await hub.adapter();
      expect((await stopper.request("instance.stop", { target: "game" }, deadline)).error).toBeUndefined();
      expect(isProcessAlive(pid)).toBe(false);
      await end();
    });

    it("goes on for all of them when unsaved work would be lost, and nothing is written between question and answer", async () => {
      const answered = deferred<void>();
      const { pid, editor } = await open(() => answered.promise.then(() => ({ lost: 1 })));
      const { counts, end } = await busy();
      const stopper = await hub.adapter();
      const asked = stopper.request("instance.stop", { target: "game" }, deadline);
      await until(() => checks.length === 1, { what: "the question" });
      const writes = await hub.adapter();
      const late = await writes.request("node.add", {}, { ...scene("c"), deadlineMs: 100 });
      expect(late.error?.data).toMatchObject({ kind: "LEASE_HELD" });
      expect(editor.executed).toHaveLength(checks[0]?.length ?? 0);
      answered.resolve();
      expect((await asked).error?.data).toMatchObject({ kind: "CONFLICT" });
      const before = { ...counts };
      await until(() => counts.a > before.a + 5 && counts.b > before.b + 5, { what: "the writers to go on" });
      await end();
      expect(isProcessAlive(pid)).toBe(true);
      const { result } = await stopper.request("hub.list_leases");
      expect((result as { leases: { explicit: boolean }[] }).leases.filter(({ explicit }) => explicit)).toEqual([]);
    });

    it("is not ended beside a lease that was asked for, at once where it outlasts the deadline, and keeps its caller's own", async () => {
      const { pid } = await open(() => ({ lost: 1 }));
      const [holder, stopper] = [await hub.adapter(), await hub.adapter()];
      const resources = ["scene:res://a.tscn"];
      await holder.request("hub.acquire_lease", { target: "game", resources, durationMs: 60_000 });
      const refused = await stopper.request("instance.stop", { target: "game", discard: true }, deadline);
      expect(refused.error?.data).toMatchObject({ kind: "LEASE_HELD", resource: resources[0] });
      await holder.request("hub.release_lease", { target: "game" });
      const own = { target: "game", resources: ["*"], durationMs: 60_000 };
      await stopper.request("hub.acquire_lease", own);
      expect((await stopper.request("instance.stop", { target: "game" }, deadline)).error?.data).toMatchObject({
        kind: "CONFLICT",
      });
      const { result } = await stopper.request("hub.list_leases");
      expect(result).toMatchObject({ leases: [{ resource: "*", explicit: true }] });
      expect(isProcessAlive(pid)).toBe(true);
    });
  });
});
