/** Attempts to have a write carried out a second time: its answer is lost, a thousand others follow, and it is sent again. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rotateToken } from "../../hub-client/state-files.ts";
import type { RequestId, Response } from "../../protocol/rpc.ts";
import { JOURNAL_SIZE } from "../../protocol/timing.ts";
import { Relay } from "../chaos/relay.ts";
import { namesIn } from "../chaos/scene-tree.ts";
import { emptyScenes, scenePath } from "../chaos/scenes.ts";
import type { GodotEditor } from "../support/godot-editor.ts";
import { HubObserver } from "../support/hub-observer.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import { kindOf, type ListedInstance, Studio } from "../support/studio.ts";
import { until } from "../support/wait.ts";

/** More than the journal keeps the answers of. */
const MANY = JOURNAL_SIZE + 76;
const PATIENCE_MS = 120_000;
/** Ids as adapters, the command line and strangers make them. */
const IDS: readonly RequestId[] = ["k3Jx_9Z-1", `cli-${randomUUID()}-1`, 7, randomUUID(), 'é 😀 "quoted"', "once"];

let studio: Studio;
/** Leads to the hub, which is told its port. */
let relay: Relay;
let editor: GodotEditor;
let instance: ListedInstance;
let other: ProtocolClient;

beforeAll(async () => {
  relay = await Relay.start();
  studio = await Studio.open({ args: ["--implicit-lease-ms", "0", "--allow-ports", String(relay.port)] });
  relay.hubPort = studio.hub.port;
  [editor] = (await studio.editors(["Once"], { files: emptyScenes(6) })) as [GodotEditor];
  instance = await studio.ready(editor);
  other = (await openAdapter(studio.hub.url, studio.hub.token)).client;
}, 240_000);
afterAll(async () => {
  other?.terminate();
  relay?.dispose();
  await studio?.dispose();
});

/** Sends a write that adds a node, for the first time or again. */
function add(client: ProtocolClient, scene: string, name: string, envelope: object): Promise<Response> {
  const routing = { target: instance.id, resources: [`scene:${scene}`], deadlineMs: PATIENCE_MS, ...envelope };
  return client.request("node.add", { scene, type: "Node", name }, routing, { deadlineMs: PATIENCE_MS });
}

/** As many writes by another session as make the journal forget the answers before them. */
async function writeMuch(): Promise<void> {
  const scene = scenePath(5);
  const at = (index: number) => ({ path: ".", properties: { position: { type: "Vector2", x: index, y: 0 } } });
  for (let done = 0; done < MANY; done += 200) {
    const batch = Array.from({ length: Math.min(200, MANY - done) }, (_, index) =>
      other.request(
        "node.set_properties",
        { scene, ...at(done + index) },
        { target: instance.id },
        { deadlineMs: PATIENCE_MS },
      ),
    );
    for (const { error } of await Promise.all(batch)) expect(error).toBeUndefined();
  }
}

/** The hub is killed and another takes its place; the editor is back, and so is `other`. */
async function replaceHub(): Promise<void> {
  await studio.hub.restart();
  await studio.ready(editor);
  other = (await openAdapter(studio.hub.url, studio.hub.token)).client;
}

async function back(resumeToken: string): Promise<ProtocolClient> {
  return (await openAdapter(studio.hub.url, studio.hub.token, { identify: { resumeToken } })).client;
}

const kinds = (responses: readonly Response[]) => responses.map(({ error }) => error?.data?.kind);

describe("a write whose answer is lost", { timeout: 400_000 }, () => {
  it("is not carried out again after a thousand others, whatever its id looks like and however often it is sent", async () => {
    const scene = scenePath(0);
    const first = await openAdapter(studio.hub.url, studio.hub.token);
    for (const [index, id] of IDS.entries()) await add(first.client, scene, `n${index}`, { id });
    const names = await namesIn(other, instance.id, scene);
    expect(names).toHaveLength(IDS.length);
    await replaceHub();
    await writeMuch();
    const again = await back(first.identified.resumeToken);
    const resend = (attempt: number) =>
      Promise.all(IDS.map((id, index) => add(again, scene, `n${index}`, { id, attempt, epoch: instance.epoch })));
    expect(kinds(await resend(2))).toEqual(IDS.map(() => "OUTCOME_UNKNOWN"));
    expect(kinds(await resend(3))).toEqual(IDS.map(() => "OUTCOME_UNKNOWN"));
    // One that does not say that it is a resend.
    expect(kinds([await add(again, scene, "n0", { id: "k3Jx_9Z-1" })])).toEqual(["OUTCOME_UNKNOWN"]);
    expect(await namesIn(other, instance.id, scene)).toEqual(names);
    again.terminate();
  });

  it("does not keep from running what has surely not run: new ids, and old ones that never came", async () => {
    const scene = scenePath(1);
    const first = await openAdapter(studio.hub.url, studio.hub.token);
    await add(first.client, scene, "ran", { id: "k3Jx_9Z-9" });
    await replaceHub();
    await writeMuch();
    const again = await back(first.identified.resumeToken);
    const answers = [
      await add(again, scene, "a", { id: "k3Jx_9Z-8", attempt: 2, epoch: instance.epoch }),
      await add(again, scene, "b", { id: randomUUID(), attempt: 4, epoch: instance.epoch }),
      await add(again, scene, "c", { id: "k3Jx_9Z-10" }),
    ];
    expect(kinds(answers)).toEqual([undefined, undefined, undefined]);
    expect(await namesIn(other, instance.id, scene)).toEqual(["ran", "a", "b", "c"]);
    again.terminate();
  });

  it("is not carried out again for a sender whom the next hub knows by another id", async () => {
    const scene = scenePath(2);
    const first = await openAdapter(studio.hub.url, studio.hub.token);
    await add(first.client, scene, "n", { id: "lost-identity" });
    rotateToken(studio.hub.home);
    await replaceHub();
    const stranger = await openAdapter(studio.hub.url, studio.hub.token, {
      identify: { resumeToken: first.identified.resumeToken },
    });
    expect(stranger.identified.clientId).not.toBe(first.identified.clientId);
    const resend = { id: "lost-identity", attempt: 2, epoch: instance.epoch };
    expect(kinds([await add(stranger.client, scene, "n", resend)])).toEqual(["OUTCOME_UNKNOWN"]);
    await writeMuch();
    expect(kinds([await add(stranger.client, scene, "n", resend)])).toEqual(["OUTCOME_UNKNOWN"]);
    expect(await namesIn(other, instance.id, scene)).toEqual(["n"]);
    stranger.client.terminate();
  });

  it("is not said to be undone where the next hub keeps it from its editor", async () => {
    const scene = scenePath(3);
    const first = await openAdapter(studio.hub.url, studio.hub.token);
    await add(first.client, scene, "n", { id: "kept-back" });
    await replaceHub();
    const again = await back(first.identified.resumeToken);
    const resend = { id: "kept-back", attempt: 2, epoch: instance.epoch };
    const elsewhere = await add(again, scene, "n", { ...resend, target: "no such project", deadlineMs: 500 });
    const holder = (await openAdapter(studio.hub.url, studio.hub.token)).client;
    const lease = { resources: [`scene:${scene}`], durationMs: PATIENCE_MS, target: instance.id };
    expect((await holder.request("hub.acquire_lease", lease)).error).toBeUndefined();
    const held = await add(again, scene, "n", { ...resend, deadlineMs: 500 });
    expect(kinds([elsewhere, held])).toEqual(["OUTCOME_UNKNOWN", "OUTCOME_UNKNOWN"]);
    // A request that is sent for the first time gets the plain error.
    expect(kinds([await add(again, scene, "m", { id: "new", deadlineMs: 500 })])).toEqual(["LEASE_HELD"]);
    await holder.close();
    expect((await add(again, scene, "n", resend)).error).toBeUndefined();
    expect(await namesIn(other, instance.id, scene)).toEqual(["n"]);
    again.terminate();
  });

  it("is not carried out again by an adapter that could not hear while the hub died and a thousand others followed", async () => {
    const scene = scenePath(4);
    const agent = await studio.agent("deaf", {
      args: ["--deadline-ms", String(PATIENCE_MS)],
      env: { GODOT_HUB_URL: relay.url, GODOT_HUB_TOKEN: studio.hub.token },
    });
    await agent.run("scene.get_tree", { scene }, editor.project);
    const observer = await HubObserver.open(studio.hub);
    editor.signal("SIGSTOP");
    const params = { scene, type: "Node", name: "n" };
    const asked = agent.call("command_run", { command: "node.add", target: editor.project, params });
    const isSent = async () => (await observer.status()).queues.some(({ inFlight }) => inFlight === 1);
    await until(isSent, { what: "the write in flight" });
    observer.close();
    relay.swallow();
    editor.signal("SIGCONT");
    await until(async () => (await namesIn(other, instance.id, scene)).length === 1, { what: "the write" });
    await replaceHub();
    await writeMuch();
    relay.cut();
    expect(kindOf(await asked)).toBe("OUTCOME_UNKNOWN");
    expect(await namesIn(other, instance.id, scene)).toEqual(["n"]);
  });
});
