/** No editor is started beside one that runs, and calls know of one that is on its way. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HubConfig } from "../../hub/config.ts";
import { isEditorOn } from "../../hub/launching/running-editor.ts";
import { LocalHub } from "../support/local-hub.ts";
import type { StubInstance } from "../support/stub-instance.ts";
import { until } from "../support/wait.ts";

const GRACE_MS = 100;

let root: string;
let hub: LocalHub;
let project: string;
const processes: ChildProcess[] = [];

beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "godot-hub-beside-")));
  project = folder("game");
});
afterEach(async () => {
  for (const child of processes.splice(0)) child.kill("SIGKILL");
  for (const pid of started()) process.kill(pid, "SIGKILL");
  await hub.dispose();
  rmSync(root, { recursive: true, force: true });
});

function folder(name: string): string {
  const path = join(root, name);
  mkdirSync(join(path, "addons/godot_mcp_hub"), { recursive: true });
  writeFileSync(join(path, "addons/godot_mcp_hub/plugin.cfg"), "");
  const enabled = 'enabled=PackedStringArray("res://addons/godot_mcp_hub/plugin.cfg")';
  writeFileSync(join(path, "project.godot"), `config/name="The ${name}"\n${enabled}\n`);
  return path;
}

/** A hub whose editors are a script: it notes that it was started, then does `what`. */
async function open(what = "exec sleep 600", config: Partial<HubConfig> = {}): Promise<void> {
  const godot = join(root, "godot");
  writeFileSync(godot, `#!/bin/sh\necho $$ >> '${root}/started'\n${what}\n`, { mode: 0o755 });
  hub = await LocalHub.start({ godot, launchRoots: [root], resumeGraceMs: GRACE_MS, ...config });
}

/** Process ids of the editors that were started. */
function started(): number[] {
  const path = join(root, "started");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").map(Number).filter(isAlive) : [];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A process that stands for a person's editor. */
function sleeper(...words: string[]): ChildProcess {
  const child = spawn("sleep", ["600"], { stdio: "ignore", argv0: words[0] ?? "sleep" });
  processes.push(child);
  return child;
}

const editorOf = (pid: number | undefined, name = "game"): Promise<StubInstance> =>
  hub.editor({ epoch: "e", projectPath: join(root, name), identify: { instance: { epoch: "e", pid: pid ?? 0 } } });

const launch = async (waitMs: number) => (await hub.adapter()).request("instance.launch", { project, waitMs });

async function listed(): Promise<{ state: string; detail?: string }[]> {
  const { result } = await (await hub.adapter()).request("hub.list_instances");
  return (result as { instances: { state: string; detail?: string }[] }).instances;
}

describe("an editor that says nothing and whose process lives", () => {
  it("is kept beyond its grace period, and no other is started beside it", async () => {
    await open();
    const { pid } = sleeper();
    const editor = await editorOf(pid);
    editor.client.terminate();
    await until(async () => (await listed())[0]?.state === "away", { what: "away" });
    const { error } = await launch(10 * GRACE_MS);
    expect(error).toMatchObject({ data: { kind: "TIMEOUT" }, message: expect.stringContaining(`process ${pid}`) });
    expect(error?.message).toContain("No second one is started");
    expect(await listed()).toMatchObject([
      { state: "away", detail: expect.stringMatching(`process ${pid} runs, silent`) },
    ]);
    const waited = await (await hub.adapter()).request("node.add", {}, { deadlineMs: 200 });
    expect(waited.error?.message).toContain(`process ${pid} runs`);
    expect(started()).toEqual([]);
  });

  it("is what a launch answers with when it is back", async () => {
    await open();
    const editor = await editorOf(sleeper().pid);
    editor.client.terminate();
    await until(async () => (await listed())[0]?.state === "away", { what: "away" });
    const asked = launch(20_000);
    await until(async () => (await listed()).length === 1, { what: "the list" });
    await editor.connect(hub.url, hub.token);
    expect((await asked).result).toMatchObject({ instance: { id: editor.identified.clientId } });
    expect((await launch(1_000)).result).toMatchObject({ instance: { id: editor.identified.clientId } });
    expect(started()).toEqual([]);
  });

  it("is importing where that is the last that it said, with how far it had come", async () => {
    await open();
    const editor = await editorOf(sleeper().pid);
    editor.emit("instance.state", { state: "importing", detail: "importing 250 files" });
    await until(async () => (await listed())[0]?.detail === "importing 250 files", { what: "the detail" });
    editor.client.terminate();
    await until(async () => (await listed())[0]?.detail?.includes("runs, silent"), { what: "the silence" });
    expect(await listed()).toMatchObject(
      [{ state: "importing", detail: /^importing 250 files, process/ }].map((each) => ({
        ...each,
        detail: expect.stringMatching(each.detail),
      })),
    );
  });

  it("is forgotten, and replaced, when its process has ended", async () => {
    await open();
    const child = sleeper();
    const editor = await editorOf(child.pid);
    editor.client.terminate();
    await until(async () => (await listed())[0]?.state === "away", { what: "away" });
    // Its grace period is over by then.
    await launch(5 * GRACE_MS);
    child.kill("SIGKILL");
    await until(async () => (await listed()).length === 0, { what: "its end" });
    await launch(500);
    expect(started()).toHaveLength(1);
  });

  it("is found by the next hub, though that has never met it", async () => {
    await open("exec sleep 600");
    const first = await launch(300);
    expect(first.error?.data?.kind).toBe("TIMEOUT");
    const { home } = hub;
    const next = await LocalHub.start({ home, godot: join(root, "godot"), launchRoots: [root] });
    const again = await (await next.adapter()).request("instance.launch", { project, waitMs: 300 });
    expect(again.error).toMatchObject({ data: { kind: "TIMEOUT" } });
    await next.dispose();
    expect(started()).toHaveLength(1);
  });

  it.each([
    [["/usr/bin/godot", "--path", "/p/game", "--editor"], "/", true],
    [["Godot_v4.6", "-e", "--path", "game"], "/p", true],
    [["godot4", "--editor", "/p/game/project.godot"], "/", true],
    [["godot", "-e"], "/p/game", true],
    [["godot", "--path", "/p/game"], "/", false],
    [["godot", "--path", "/p/game2", "--editor"], "/p/game", false],
    [["vim", "-e", "/p/game/project.godot"], "/p/game", false],
  ])("is known by its command line: %s in %s", (words, cwd, isIt) => {
    expect(isEditorOn({ words, cwd }, "/p/game")).toBe(isIt);
  });

  it.runIf(process.platform === "linux")("is seen among the processes where no hub has met it", async () => {
    await open();
    const program = join(root, "godot-of-a-person");
    writeFileSync(program, "#!/bin/sh\nsleep 600\n", { mode: 0o755 });
    // As the list of processes shows it: the shell that reads the script stands first, so the shell is called so.
    const child = spawn("/bin/sh", [program, "--editor", "--path", project], { stdio: "ignore", argv0: "godot" });
    processes.push(child);
    const { error } = await launch(1_000);
    expect(error?.message).toContain(`process ${child.pid}`);
    expect(started()).toEqual([]);
  });
});

describe("several launches at once", () => {
  it("start one editor", async () => {
    await open();
    const asked = await Promise.all([launch(500), launch(500), launch(500)]);
    for (const { error } of asked) expect(error?.data?.kind).toBe("TIMEOUT");
    expect(started()).toHaveLength(1);
  });
});

describe("while an editor is being started", () => {
  it("a call that means it waits for it, and says so at its deadline", async () => {
    await open();
    const launching = launch(30_000);
    await until(() => started().length === 1, { what: "the start" });
    const [pid] = started();
    const adapter = await hub.adapter();
    for (const target of [undefined, project, "game", "The game"]) {
      const { error } = await adapter.request("node.add", {}, { ...(target && { target }), deadlineMs: 100 });
      expect(error?.message, target).toBe(
        `An editor is being started on ${project} (process ${pid}) and has not connected yet.`,
      );
      expect(error?.data?.hint).not.toContain("start a headless editor");
    }
    const { error } = await adapter.request("node.add", {}, { target: "other", deadlineMs: 20_000 });
    expect(error?.message).toContain("Unknown target 'other'");
    expect((await adapter.request("hub.status")).result).toMatchObject({ launches: [{ project, pid }] });
    const asked = adapter.request("node.add", {}, { target: project, deadlineMs: 20_000 });
    const launchId = readdirSync(hub.home)
      .find((name) => name.endsWith(".log"))
      ?.slice("launched-editor-".length, -4);
    await hub.editor({
      epoch: "e",
      projectPath: project,
      identify: { instance: { epoch: "e", pid: pid ?? 0, ...(launchId && { launchId }) } },
    });
    expect((await asked).error).toBeUndefined();
    expect((await launching).error).toBeUndefined();
    expect((await adapter.request("hub.status")).result).toMatchObject({ launches: [] });
  });

  it("a call that waits hears at once that it has ended", async () => {
    await open(`while [ ! -e '${root}/end' ]; do sleep 0.05; done; exit 3`);
    const launching = launch(30_000);
    await until(() => started().length === 1, { what: "the start" });
    const asked = (await hub.adapter()).request("node.add", {}, { deadlineMs: 60_000 });
    writeFileSync(join(root, "end"), "");
    expect((await asked).error?.message).toContain("No Godot editor is connected");
    expect((await launching).error?.data?.hint).toContain("It ended with code 3.");
  });
});

describe("what an editor prints that was started", () => {
  it("learns only of its own launch, without the messages of a machine without sound", async () => {
    const noise =
      "ALSA lib confmisc.c:855: cannot find card\nERROR: All audio drivers failed, falling back to the dummy driver.\n   at: initialize (audio.cpp:1)";
    await open(`echo "of $4"; if [ "$4" = '${project}' ]; then echo '${noise}'; sleep 1; fi; exit 1`);
    const other = folder("other");
    const adapter = await hub.adapter();
    const [one, two] = await Promise.all(
      [project, other].map((path) => adapter.request("instance.launch", { project: path, waitMs: 20_000 })),
    );
    expect(one?.error?.message).toBe(`Godot ended before it connected. of ${project}`);
    expect(two?.error?.message).toBe(`Godot ended before it connected. of ${other}`);
    for (const { error } of [one, two].filter((each) => each !== undefined)) {
      const [, path = ""] = /Its whole output: (\S+)\. /.exec(error?.data?.hint ?? "") ?? [];
      expect(existsSync(path), path).toBe(true);
    }
  });

  it("is kept of the latest launches", async () => {
    await open("exit 1");
    for (let at = 0; at < 23; at += 1) await launch(20_000);
    expect(readdirSync(hub.home).filter((name) => name.endsWith(".log"))).toHaveLength(20);
  });

  it("is not named where it could not be kept", async () => {
    await open("exit 1");
    rmSync(hub.home, { recursive: true, force: true });
    const { error } = await launch(20_000);
    expect(error?.data?.hint).not.toContain("Its whole output");
  });
});
