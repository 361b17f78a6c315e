import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { GodotEditor, godotBinary } from "../support/godot-editor.ts";
import { environment, HUB_PROGRAM } from "../support/hub-process.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import { type ListedInstance, Studio } from "../support/studio.ts";
import { until } from "../support/wait.ts";

describe("instance.launch", () => {
  let studio: Studio;
  let client: ProtocolClient;
  let project: GodotEditor;

  beforeAll(async () => {
    studio = await Studio.open({ env: { GODOT: godotBinary() }, args: ["--launch-roots", tmpdir()] });
    ({ client } = await openAdapter(studio.hub.url, studio.hub.token));
    project = GodotEditor.prepare({ name: "launched" });
  });
  afterAll(async () => {
    await client.close();
    await project.dispose();
    await studio.dispose();
  });

  const launch = async (): Promise<ListedInstance> => {
    const params = { project: project.project };
    const { result, error } = await client.request("instance.launch", params, {}, { deadlineMs: 100_000 });
    expect(error).toBeUndefined();
    return (result as { instance: ListedInstance }).instance;
  };

  it("starts a headless editor that takes commands, and instance.stop ends its process", async () => {
    const instance = await launch();
    const info = await client.request("project.get_info", {}, { target: instance.id });
    expect(info.result).toMatchObject({ path: project.project });
    expect((await client.request("instance.stop", { target: instance.id })).result).toEqual({ stopped: instance.name });
    expect(isProcessAlive(instance.pid)).toBe(false);
    expect(await studio.instances()).toEqual([]);
  });

  it("is not ended while another session holds something of it", async () => {
    const instance = await launch();
    const { client: other } = await openAdapter(studio.hub.url, studio.hub.token);
    const held = { resources: ["scene:res://a.tscn"], target: instance.id };
    expect((await other.request("hub.acquire_lease", { ...held, durationMs: 60_000 })).error).toBeUndefined();
    const { error } = await client.request("instance.stop", { target: instance.id });
    expect(error?.data).toMatchObject({ kind: "LEASE_HELD", resource: "scene:res://a.tscn" });
    expect(isProcessAlive(instance.pid)).toBe(true);
    expect((await other.request("hub.release_lease", held)).error).toBeUndefined();
    await other.close();
    expect((await client.request("instance.stop", { target: instance.id })).error).toBeUndefined();
  });

  it("is ended in its caller's turn where others write without a pause, and writes go on after a refusal", async () => {
    const instance = await launch();
    const { client: other } = await openAdapter(studio.hub.url, studio.hub.token);
    const scene = "res://made/busy.tscn";
    const on = { target: instance.id, resources: [`scene:${scene}`] };
    await other.request("scene.create", { path: scene, rootType: "Node2D", rootName: "Made" }, on);
    let isOver = false;
    let writes = 0;
    const write = async () => {
      while (!isOver) {
        const { error } = await other.request(
          "node.set_properties",
          { scene, path: ".", properties: { visible: writes % 2 === 0 } },
          on,
        );
        if (!error) writes += 1;
      }
    };
    const saved = async () => (await other.request("scene.save", { scene }, on)).error === undefined;
    const busy = write();
    const ask = (discard = false) => client.request("instance.stop", { target: instance.id, discard }, {}, {});
    await until(() => writes > 5, { what: "a busy writer" });
    await other.request("node.add", { scene, type: "Node2D", name: "Work" }, on);
    expect((await ask()).error?.data).toMatchObject({ kind: "CONFLICT", unsaved: [scene] });
    const before = writes;
    await until(() => writes > before + 5, { what: "writes after the refusal" });
    expect(await saved()).toBe(true);
    const leases = (await other.request("hub.list_leases")).result as { leases: { explicit: boolean }[] };
    expect(leases.leases.filter(({ explicit }) => explicit)).toEqual([]);
    const { error, result } = await ask(true);
    isOver = true;
    expect(error).toBeUndefined();
    expect(result).toEqual({ stopped: instance.name });
    await busy;
    await other.close();
  }, 180_000);

  it("is not ended while it has unsaved work of another session, unless that may be lost", async () => {
    const instance = await launch();
    const { client: other } = await openAdapter(studio.hub.url, studio.hub.token);
    const target = { target: instance.id };
    const scene = "res://made/unsaved.tscn";
    await other.request("scene.create", { path: scene, rootType: "Node2D", rootName: "Made" }, target);
    await other.request("node.add", { scene, type: "Node2D", name: "Work" }, target);
    const { error } = await client.request("instance.stop", target);
    expect(error).toMatchObject({
      message: expect.stringContaining(scene),
      data: { kind: "CONFLICT", unsaved: [scene] },
    });
    expect(error?.data?.hint).toContain("discard:true");
    expect(isProcessAlive(instance.pid)).toBe(true);
    const own = await other.request("instance.stop", target);
    expect(own.result).toEqual({ stopped: instance.name, lost: [scene] });
    await other.close();

    const next = await launch();
    await client.request("node.add", { scene, type: "Node2D", name: "Work" }, { target: next.id });
    const { client: third } = await openAdapter(studio.hub.url, studio.hub.token);
    expect((await third.request("instance.stop", { target: next.id })).error?.data).toMatchObject({ kind: "CONFLICT" });
    const ended = await third.request("instance.stop", { target: next.id, discard: true });
    expect(ended.result).toEqual({ stopped: next.name });
    await third.close();
  }, 180_000);

  it("is known to the hub that comes after the one that started it", async () => {
    const instance = await launch();
    await studio.hub.restart();
    ({ client } = await openAdapter(studio.hub.url, studio.hub.token));
    await until(
      async () => (await studio.instances()).some(({ id, state }) => id === instance.id && state === "ready"),
      {
        what: "its return",
      },
    );
    expect((await client.request("instance.stop", { target: instance.id })).error).toBeUndefined();
    expect(isProcessAlive(instance.pid)).toBe(false);
  });

  it("still knows the editor that has restarted itself, and ends its new process", async () => {
    const instance = await launch();
    const asked = await client.request("editor.restart", {}, { target: instance.id }, { deadlineMs: 100_000 });
    expect(asked.error).toBeUndefined();
    const restarted = await until(
      async () =>
        (await studio.instances()).find(({ pid, name }) => name === instance.name && pid !== instance.pid && pid > 0),
      { what: "the restarted editor", deadlineMs: 100_000 },
    );
    expect((await launch()).pid).toBe(restarted.pid);
    expect(launchesOf(studio.hub.home)).toHaveLength(1);
    expect((await client.request("instance.stop", { target: restarted.id })).result).toEqual({
      stopped: instance.name,
    });
    expect(isProcessAlive(restarted.pid)).toBe(false);
  }, 180_000);

  it("asked for again after the hub's death finds the editor that was started, and starts no other", async () => {
    const params = { project: project.project };
    const lost = client.request("instance.launch", params, {}, { deadlineMs: 100_000 });
    lost.catch(() => {});
    const [first] = await until(() => launchesOf(studio.hub.home).length > 0 && launchesOf(studio.hub.home), {
      what: "the start",
    });
    await studio.hub.restart();
    ({ client } = await openAdapter(studio.hub.url, studio.hub.token));
    const instance = await launch();
    expect(instance.pid).toBe(first?.pid);
    expect((await launch()).pid).toBe(first?.pid);
    expect(launchesOf(studio.hub.home)).toHaveLength(1);
    expect((await client.request("instance.stop", { target: instance.id })).error).toBeUndefined();
  });

  it("starts no program that an agent names", async () => {
    const params = { project: project.project, godot: godotBinary() };
    const { error } = await client.request("instance.launch", params, {}, { deadlineMs: 100_000 });
    expect(error).toMatchObject({ code: -32019 });
    expect(await studio.instances()).toEqual([]);
  });

  it("refuses to end an editor that it has not started, and projects that can't work, saying what to do", async () => {
    const [own] = await studio.editors(["own"]);
    const refused = await client.request("instance.stop", { target: "own" });
    expect(refused.error).toMatchObject({ code: -32019 });
    expect(own?.isRunning).toBe(true);
    const nowhere = await client.request("instance.launch", { project: studio.hub.home });
    expect(nowhere.error).toMatchObject({ code: -32001 });
    expect((await client.request("instance.launch", { project: "relative" })).error?.code).toBe(-32602);
    const asleep = join(studio.hub.home, "asleep");
    mkdirSync(join(asleep, "addons", "godot_mcp_hub"), { recursive: true });
    writeFileSync(join(asleep, "addons", "godot_mcp_hub", "plugin.cfg"), "");
    writeFileSync(join(asleep, "project.godot"), "config_version=5\n");
    const disabled = await client.request("instance.launch", { project: asleep });
    expect(disabled.error).toMatchObject({
      message: expect.stringContaining("not enabled"),
      data: { hint: expect.stringContaining(`godot-hub install ${asleep}`) },
    });
  });
});

describe("an editor that is stopped for longer than it is waited for", () => {
  it("has no other started beside it, is known by its process, and is used again when it goes on", async () => {
    const times = ["--heartbeat-interval-ms", "300", "--heartbeat-timeout-ms", "900", "--resume-grace-ms", "300"];
    const args = [...times, "--launch-roots", tmpdir()];
    const studio = await Studio.open({ env: { GODOT: godotBinary() }, args });
    const [editor] = await studio.editors(["stopped"]);
    if (!editor) throw new Error("There is no editor.");
    try {
      const agent = await studio.agent("launcher");
      const { id } = await studio.ready(editor);
      editor.signal("SIGSTOP");
      await until(async () => (await studio.instances())[0]?.state === "away", { what: "its silence" });
      const launch = { project: editor.project, waitMs: 1_000 };
      const launched = async () => {
        const { client } = await openAdapter(studio.hub.url, studio.hub.token);
        const { error } = await client.request("instance.launch", launch, {}, { deadlineMs: 60_000 });
        await client.close();
        return error;
      };
      expect(await launched()).toMatchObject({
        message: expect.stringMatching(`process ${editor.pid}.*runs, silent for.*No second one is started beside it`),
        data: { kind: "TIMEOUT" },
      });
      const status = await agent.call("hub_status", {});
      expect(JSON.stringify(status.content)).toContain(`process ${editor.pid} runs, silent`);
      // A hub that has never met it sees its process.
      await studio.hub.restart();
      expect(await launched()).toMatchObject({ message: expect.stringContaining(`process ${editor.pid}`) });
      expect(existsSync(join(studio.hub.home, "launched.json"))).toBe(false);
      editor.signal("SIGCONT");
      await studio.ready(editor);
      const use = { target: editor.project, launch: true };
      expect((await agent.call("hub_use", use)).isError).toBeFalsy();
      expect(await studio.instances()).toMatchObject([{ id, pid: editor.pid }]);
    } finally {
      editor.signal("SIGCONT");
      await studio.dispose();
    }
  }, 240_000);
});

/** What a state directory remembers of launches. */
function launchesOf(home: string): { pid: number }[] {
  return z.array(z.object({ pid: z.number() })).parse(JSON.parse(readFileSync(join(home, "launched.json"), "utf8")));
}

describe("an editor that was started by a hub", () => {
  it("ends by itself when there has been no hub for long", async () => {
    const studio = await Studio.open({
      env: { GODOT: godotBinary(), GODOT_HUB_LAUNCH_LINGER_MS: "500", GODOT_HUB_LAUNCH_ROOTS: tmpdir() },
    });
    const project = GodotEditor.prepare({ name: "orphan" });
    const { client } = await openAdapter(studio.hub.url, studio.hub.token);
    const params = { project: project.project };
    const { result } = await client.request("instance.launch", params, {}, { deadlineMs: 100_000 });
    const { pid } = (result as { instance: ListedInstance }).instance;
    await studio.dispose();
    await until(() => !isProcessAlive(pid), { what: "the editor's own end", deadlineMs: 30_000 });
    await project.dispose();
  });
});

describe("godot-hub launch", () => {
  it("starts an editor on a project, by the program that is named, and ends it again", async () => {
    const studio = await Studio.open({ env: { GODOT: "/no/such/godot" } });
    const project = GodotEditor.prepare({ name: "from-the-shell" });
    const hub = (...args: string[]) =>
      promisify(execFile)(process.execPath, [HUB_PROGRAM, ...args], {
        env: { ...environment(), GODOT: "", GODOT_HUB_HOME: studio.hub.home },
      });
    try {
      await expect(hub("launch", project.project)).rejects.toMatchObject({
        stderr: expect.stringContaining("godot-hub launch --godot"),
      });
      const { stdout } = await hub("launch", "--godot", godotBinary(), project.project);
      expect(stdout).toContain("from-the-shell@");
      const [instance] = await studio.instances();
      expect((await hub("launch", "--stop", instance?.name ?? "")).stdout).toContain("has ended");
      expect(await studio.instances()).toEqual([]);
      await expect(hub("launch", studio.hub.home)).rejects.toMatchObject({
        stderr: expect.stringContaining("no project.godot"),
      });
    } finally {
      await project.dispose();
      await studio.dispose();
    }
  });
});
