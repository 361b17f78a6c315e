/** A real editor that stands still or is killed while commands are on their way to it. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { InstanceInfo } from "../../protocol/hub-methods.ts";
import type { Response } from "../../protocol/rpc.ts";
import { GodotEditor } from "../support/godot-editor.ts";
import { HubObserver } from "../support/hub-observer.ts";
import { HubProcess } from "../support/hub-process.ts";
import { isLong } from "../support/length.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import { until } from "../support/wait.ts";
import { Bystander } from "./bystander.ts";
import { namesIn } from "./scene-tree.ts";
import { emptyScenes, scenePath } from "./scenes.ts";

/** The real times, or the same relations within seconds. */
const TIMES = isLong
  ? { args: [], stoppedMs: 45_000 }
  : { args: ["--heartbeat-interval-ms", "2000", "--heartbeat-timeout-ms", "10000"], stoppedMs: 3_000 };
const PATIENCE_MS = 180_000;
/** More than an editor is sent at once: some of them wait in the hub. */
const MANY = 32;

describe("an editor", { timeout: 300_000 }, () => {
  let hub: HubProcess;
  let editor: GodotEditor;
  let neighbour: GodotEditor;
  let observer: HubObserver;
  let adapter: ProtocolClient;
  let bystander: Bystander;
  let before: InstanceInfo | undefined;

  beforeAll(async () => {
    hub = await HubProcess.start({ args: TIMES.args });
    const env = { GODOT_HUB_HOME: hub.home };
    editor = GodotEditor.start({ name: "Victim", env, files: emptyScenes(3) });
    neighbour = GodotEditor.start({ name: "Neighbour", env, files: emptyScenes(1) });
    observer = await HubObserver.open(hub);
    await observer.untilPresent([editor.project, neighbour.project]);
    adapter = (await openAdapter(hub.url, hub.token)).client;
    bystander = new Bystander((await openAdapter(hub.url, hub.token)).client, neighbour.project);
  });

  afterAll(async () => {
    observer?.close();
    adapter?.terminate();
    await Promise.all([editor?.dispose(), neighbour?.dispose()]);
    await hub?.dispose();
  });

  beforeEach(async () => {
    await observer.client.request("hub.subscribe", { events: ["hub.instance_*"] });
    before = await observer.instanceOf(editor.project);
    bystander.start();
  });

  afterEach(async () => {
    const { answered, errors } = await bystander.stop();
    expect(errors).toEqual([]);
    expect(answered).toBeGreaterThan(0);
    const counters = await observer.untilIdle();
    expect(counters.accepted).toBe(counters.answered);
  });

  /** Names of `count` nodes that a test adds. */
  const names = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}_${index}`);

  /** Asks for nodes, one command each, without waiting in between. */
  const add = (scene: string, wanted: readonly string[]): Promise<Response>[] =>
    wanted.map((name) => {
      const params = { scene, parent: ".", type: "Node", name };
      const envelope = { target: editor.project, deadlineMs: PATIENCE_MS, resources: [`scene:${scene}`] };
      const answer = adapter.request("node.add", params, envelope, { deadlineMs: PATIENCE_MS });
      // A test that fails earlier has no eyes for it.
      answer.catch(() => {});
      return answer;
    });

  const failures = (responses: readonly Response[]) => responses.flatMap(({ error }) => (error ? [error.message] : []));

  /** What the hub has published about instances since the last look. */
  const instanceEvents = async (): Promise<string[]> => {
    await observer.status();
    return observer.client.queued.flatMap(({ message }) =>
      message.method === "event" ? [String(message.params?.event)] : [],
    );
  };

  /** How many commands the editor was sent, once the hub has accepted all of them. */
  const countInFlight = async (): Promise<number | undefined> => {
    const { counters, queues } = await observer.status();
    return counters.pending >= MANY ? queues.find(({ name }) => name === before?.name)?.inFlight : undefined;
  };

  it("that stands still for a while stays registered, and runs what has queued up in its order, once", async () => {
    const wanted = names("stopped", MANY);
    editor.signal("SIGSTOP");
    const answers = add(scenePath(0), wanted);
    await pause(TIMES.stoppedMs);
    expect(await instanceEvents()).not.toContain("hub.instance_away");
    editor.signal("SIGCONT");
    expect(failures(await Promise.all(answers))).toEqual([]);
    expect(await namesIn(adapter, editor.project, scenePath(0))).toEqual(wanted);
    expect(await instanceEvents()).not.toContain("hub.instance_away");
  });

  it("that stands still for too long is removed, resumes its identity, and runs everything once", async () => {
    const wanted = names("away", MANY);
    editor.signal("SIGSTOP");
    const early = add(scenePath(1), wanted.slice(0, MANY / 2));
    const isAway = async () => (await observer.instanceOf(editor.project))?.state === "away";
    await until(isAway, { what: "the editor's removal", deadlineMs: PATIENCE_MS });
    const late = add(scenePath(1), wanted.slice(MANY / 2));
    editor.signal("SIGCONT");
    expect(failures(await Promise.all([...early, ...late]))).toEqual([]);
    expect(await namesIn(adapter, editor.project, scenePath(1))).toEqual(wanted);
    const after = await observer.instanceOf(editor.project);
    expect([after?.id, after?.name, after?.epoch]).toEqual([before?.id, before?.name, before?.epoch]);
  });

  it("that is killed mid-write leaves outcomes that are unknown, at once, and a place for its successor", async () => {
    editor.signal("SIGSTOP");
    const wanted = names("killed", MANY);
    const answers = add(scenePath(2), wanted);
    const sentCount = await until(countInFlight, { what: "commands in flight" });
    await editor.kill("SIGKILL");
    const killedAt = performance.now();
    const kinds = (await Promise.all(answers.slice(0, sentCount))).map(({ error }) => error?.data?.kind);
    console.info(`${sentCount} outcomes unknown ${Math.round(performance.now() - killedAt)} ms after the kill`);
    expect(kinds).toEqual(kinds.map(() => "OUTCOME_UNKNOWN"));
    editor.launch();
    expect(failures(await Promise.all(answers.slice(sentCount)))).toEqual([]);
    // What was in flight died unsaved with its editor; what waited went to the successor.
    expect(await namesIn(adapter, editor.project, scenePath(2))).toEqual(wanted.slice(sentCount));
    const after = await observer.instanceOf(editor.project);
    expect([after?.id, after?.name]).toEqual([before?.id, before?.name]);
    expect(after?.epoch).not.toBe(before?.epoch);
  });
});
