import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hubStatusSchema } from "../../protocol/hub-methods.ts";
import { environment, HUB_PROGRAM, HubProcess } from "../support/hub-process.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { deferred, until } from "../support/wait.ts";

describe("token use", () => {
  let hub: HubProcess;
  let clients: ProtocolClient[];
  beforeEach(async () => {
    hub = await HubProcess.start();
    clients = [];
  });
  afterEach(async () => {
    for (const client of clients) client.terminate();
    await hub.dispose();
  });

  async function agent(name: string): Promise<ProtocolClient> {
    const { client } = await openAdapter(hub.url, hub.token, {
      identify: { clientType: "mcp", agent: { name, version: "1" } },
    });
    clients.push(client);
    return client;
  }

  it("is summed up by agent, tool and instance, for every reader and with agents that have left", async () => {
    const [one, two] = [await agent("claude"), await agent("codex")];
    const entry = { tool: "scene_tree", instance: "game@1", calls: 1, tokens: 100, saved: 30 };
    await one.request("hub.report_usage", {
      entries: [entry, { ...entry, tool: "hub_status", instance: null, tokens: 5 }],
    });
    await one.request("hub.report_usage", { entries: [entry] });
    await two.request("hub.report_usage", { entries: [{ ...entry, tokens: 1_000 }] });
    await one.close();
    const { result } = await two.request("hub.usage");
    expect(result).toMatchObject({
      rows: [
        { agent: "codex", tool: "scene_tree", calls: 1, tokens: 1_000 },
        { agent: "claude", tool: "scene_tree", instance: "game@1", calls: 2, tokens: 200, saved: 60 },
        { agent: "claude", tool: "hub_status", instance: null, calls: 1, tokens: 5 },
      ],
    });
  });

  it("tells which reads editors were spared, by agent and instance", async () => {
    const gate = deferred<object>();
    const stub = new StubInstance({ handlers: { "editor.get_state": () => gate.promise } });
    await stub.connect(hub.url, hub.token);
    const [one, two] = [await agent("claude"), await agent("codex")];
    const first = one.request("editor.get_state", {}, { shareable: true });
    await until(() => stub.executed.length === 1, { what: "the read" });
    const second = two.request("editor.get_state", {}, { shareable: true });
    await until(async () => (await coalesced(one)) === 1, { what: "the other's sharing it" });
    gate.resolve({ state: "ready" });
    await Promise.all([first, second]);
    const instance = stub.identified.name;
    const { result } = await one.request("hub.usage");
    expect(result).toMatchObject({ spared: [{ agent: "codex", instance, coalesced: 1, cached: 0 }] });
    expect(await printed()).toMatch(new RegExp(`^codex +${instance} +0 +1$`, "m"));
    stub.client.terminate();
  });

  /** What `godot-hub usage` prints. */
  async function printed(): Promise<string> {
    const env = { ...environment(), GODOT_HUB_HOME: hub.home };
    return (await promisify(execFile)(process.execPath, [HUB_PROGRAM, "usage"], { env })).stdout;
  }

  async function coalesced(client: ProtocolClient): Promise<number> {
    return hubStatusSchema.parse((await client.request("hub.status")).result).counters.coalesced;
  }

  it("that makes no sense is refused", async () => {
    const client = await agent("claude");
    const { error } = await client.request("hub.report_usage", { entries: [{ tool: "x", calls: -1 }] });
    expect(error?.data).toMatchObject({ kind: "INVALID_PARAMS" });
  });
});
