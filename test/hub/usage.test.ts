import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HubProcess } from "../support/hub-process.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";

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

  it("is summed up by agent, tool and instance, whoever asks and whoever has left", async () => {
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

  it("that makes no sense is refused", async () => {
    const client = await agent("claude");
    const { error } = await client.request("hub.report_usage", { entries: [{ tool: "x", calls: -1 }] });
    expect(error?.data).toMatchObject({ kind: "INVALID_PARAMS" });
  });
});
