/** Whose process `instance.stop` ends, when an instance says that it comes from a launch. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { LocalHub } from "../support/local-hub.ts";

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
});
