import { type ChildProcess, spawn } from "node:child_process";
import stringWidth from "string-width";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { screenLines, shareOut } from "../../hub/cli/top-screen.ts";
import { Model } from "../../hub/dashboard/page/model.ts";
import type { ActivityReport } from "../../protocol/activity.ts";
import { environment, HUB_PROGRAM, HubProcess } from "../support/hub-process.ts";
import { openAdapter } from "../support/protocol-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { until } from "../support/wait.ts";

const STARTED = "2026-01-01T12:00:00.000Z";

/** A report of a hub with that many instances and clients. */
function report(instances: number, clients: number, changes: Partial<ActivityReport> = {}): ActivityReport {
  const counters = {
    accepted: 9,
    answered: 9,
    pending: 0,
    late: 0,
    coalesced: 0,
    cached: 0,
    retried: 0,
    outcomeUnknown: 0,
  };
  return {
    whole: true,
    at: "2026-01-01T12:05:00.000Z",
    periodMs: 500,
    hub: { version: "1.2.3", pid: 42, startedAt: STARTED, counters },
    rate: { answered: 10, failed: 1, p50Ms: 1.25, p95Ms: 12 },
    instances: Array.from({ length: instances }, (_, index) => ({
      id: `i${index}`,
      name: `game-${index}`,
      clientType: "godot",
      parent: null,
      project: null,
      godotVersion: "4.6.3",
      pid: 1,
      headless: true,
      state: "ready",
      paused: false,
      connectedAt: STARTED,
    })),
    clients: Array.from({ length: clients }, (_, index) => ({
      id: `c${index}`,
      name: `agent-${index}`,
      clientType: "mcp",
      agent: null,
      target: null,
      drives: "i0",
      connectedAt: STARTED,
      pending: 0,
    })),
    gone: [],
    loads: { i0: { answered: 10, failed: 0, p50Ms: 1.25, p95Ms: 12, inFlight: 2, queued: 3 } },
    leases: [],
    commands: [],
    omitted: 0,
    ...changes,
  };
}

function modelOf(...reports: ActivityReport[]): Model {
  const model = new Model();
  for (const each of reports) model.apply(each);
  return model;
}

describe("the screen of godot-hub top", () => {
  it("shows who drives what, queues, rates and latency", () => {
    const text = screenLines(modelOf(report(1, 1)), { columns: 100, rows: 30 }).join("\n");
    expect(text).toContain("godot-hub 1.2.3, pid 42, up 5 min");
    expect(text).toMatch(/^20\/s .* p50 1\.3 ms {2}p95 12 ms {2}2 running {2}3 waiting {2}1 failed$/m);
    expect(text).toMatch(/^game-0 +busy +2\/3 +20 +1\.3 ms +agent-0$/m);
    expect(text).toMatch(/^agent-0 +mcp +game-0 +0$/m);
  });

  it.each([
    [80, 24],
    [40, 10],
    [20, 3],
  ])("fits %i columns and %i rows, whatever there is to show", (columns, rows) => {
    const command = { seq: 1, at: STARTED, clientId: "c0", client: "a".repeat(200), instance: null, queuedMs: null };
    const ended = {
      ...command,
      command: "scene.get_tree",
      outcome: "TIMEOUT",
      message: "x".repeat(300),
      durationMs: 1,
    };
    const model = modelOf(report(50, 200, { commands: [ended] }));
    const lines = screenLines(model, { columns, rows }, "q: quit");
    expect(lines).toHaveLength(rows);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.at(-1)).toBe("q: quit");
  });

  it("says how many rows there was no room for, and shows everything where there is no limit", () => {
    const model = modelOf(report(50, 200));
    const small = screenLines(model, { columns: 80, rows: 24 }).join("\n");
    const shown = small.match(/^game-\d+ /gm)?.length ?? 0;
    expect(small).toContain(`... and ${50 - shown} more`);
    const unlimited = { columns: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY };
    const all = screenLines(model, unlimited).join("\n");
    expect(all.match(/^game-\d+ /gm)).toHaveLength(50);
    expect(all.match(/^agent-\d+ /gm)).toHaveLength(200);
  });

  it("counts the columns that names take, so that no line runs over", () => {
    const wide = report(2, 1);
    const names = ["\u8d85\u7ea7\u5e73\u53f0\u6e38\u620f@3f2a", "\u{1f3ae}\u{1f469}\u200d\u{1f4bb}e\u0301@3f2b"];
    for (const [index, row] of wide.instances.entries()) row.name = names[index] ?? "";
    const lines = screenLines(modelOf(wide), { columns: 120, rows: 30 });
    const starts = lines
      .filter((line) => /@3f2[ab] +(busy|ready)/.test(line))
      .map((line) => stringWidth(line.split(/busy|ready/)[0] ?? ""));
    expect(new Set(starts).size).toBe(1);
    for (const columns of [1, 7, 20, 41]) {
      const narrow = screenLines(modelOf(wide), { columns, rows: 12 });
      expect(narrow).toHaveLength(12);
      expect(Math.max(...narrow.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
    }
  });

  it("lets no name steer the terminal", () => {
    const [row] = report(1, 0).instances;
    const instances = row ? [{ ...row, name: "evil\u001b]0;owned\u0007\u202egame\u009b2J\n" }] : [];
    const text = screenLines(modelOf(report(0, 0, { instances })), { columns: 80, rows: 24 }).join("\n");
    expect(text).toContain("evil?]0;owned??game?2J?");
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });

  it("gives each table what it needs, and shares the rest fairly", () => {
    expect(shareOut([2, 100, 100], 10)).toEqual([2, 4, 4]);
    expect(shareOut([1, 1], 10)).toEqual([1, 1]);
    expect(shareOut([5, 5], 0)).toEqual([0, 0]);
  });
});

describe("godot-hub top", () => {
  let hub: HubProcess;

  beforeAll(async () => {
    hub = await HubProcess.start();
    const editor = new StubInstance({ project: "platformer" });
    await editor.connect(hub.url, hub.token);
  });
  afterAll(() => hub.dispose());

  function start(command: string, args: readonly string[]): { child: ChildProcess; output: () => string } {
    const env = { ...environment(), GODOT_HUB_HOME: hub.home, TERM: "xterm" };
    const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
    }
    return { child, output: () => text };
  }

  const ended = (child: ChildProcess) =>
    until(() => child.exitCode !== null && { code: child.exitCode }, { what: "its end", deadlineMs: 30_000 });

  it("prints once, without any escape sequence, where no terminal is", async () => {
    const { child, output } = start(process.execPath, [HUB_PROGRAM, "top"]);
    expect(await ended(child)).toEqual({ code: 0 });
    expect(output()).toMatch(/^platformer@\w+ +ready +0\/0/m);
    expect(output()).not.toContain("\u001b");
  });

  it("refreshes in place on a terminal of 80 by 24, and leaves it as it was on q", async () => {
    const command = `stty cols 80 rows 24; exec '${process.execPath}' '${HUB_PROGRAM}' top`;
    const { child, output } = start("script", ["-qec", command, "/dev/null"]);
    await until(() => output().includes("platformer@"), { what: "the first screen", deadlineMs: 30_000 });
    const { client: agent } = await openAdapter(hub.url, hub.token);
    await agent.request("scene.get_tree");
    await until(() => /scene\.get_tree +test-agent/.test(output()), { what: "the command", deadlineMs: 30_000 });
    child.stdin?.write("q");
    expect(await ended(child)).toEqual({ code: 0 });
    await agent.close();
    const frames = output().split("\u001b[H").slice(1);
    expect(frames.length).toBeGreaterThan(2);
    expect(frames.at(-1)?.split("\n")).toHaveLength(24);
    expect(output().indexOf("\u001b[?1049h")).toBeLessThan(output().indexOf("platformer@"));
    expect(output().trimEnd().endsWith("\u001b[?25h\u001b[?1049l")).toBe(true);
  });

  it("says so when no hub runs", async () => {
    const { child, output } = start(process.execPath, [HUB_PROGRAM, "top", "--home", `${hub.home}/none`]);
    expect(await ended(child)).toEqual({ code: 1 });
    expect(output()).toContain("No hub runs");
  });
});
