import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HubProcess } from "../support/hub-process.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { AdapterProcess, INITIALIZE } from "./support/adapter-process.ts";

/** The line that answers `tools/list`, as it came; with `afterCall`, once a tool has reached the hub. */
async function listLine(home: string, args: string[], { afterCall = false } = {}): Promise<string> {
  const adapter = new AdapterProcess(home, { args: ["--no-launch", ...args] });
  adapter.send(INITIALIZE);
  await adapter.answer(0);
  adapter.send({ jsonrpc: "2.0", method: "notifications/initialized" });
  if (afterCall) {
    adapter.send({
      jsonrpc: "2.0",
      id: 2,
      method: "tools/call",
      params: { name: "hub_status", arguments: { format: "json" } },
    });
    expect((await adapter.answer(2)).result).toMatchObject({ structuredContent: { instances: [{}] } });
  }
  adapter.send({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  await adapter.answer(1);
  adapter.child.stdin?.end();
  await adapter.ended();
  const line = adapter.stdout.split("\n").find((each) => each.includes('"tools":['));
  if (line === undefined) throw new Error("No tools were listed.");
  return line;
}

describe("tools/list", () => {
  let hub: HubProcess;
  let editor: StubInstance;
  let empty: string;
  beforeAll(async () => {
    empty = mkdtempSync(join(tmpdir(), "godot-no-hub-"));
    hub = await HubProcess.start();
    editor = new StubInstance({
      identify: {
        capabilities: {
          features: ["journal"],
          commands: [{ name: "quest.start", description: "Starts a quest.", readOnly: false, paramsSchema: {} }],
        },
      },
    });
    await editor.connect(hub.url, hub.token);
  });
  afterAll(async () => {
    editor.client.terminate();
    await hub.dispose();
    rmSync(empty, { recursive: true, force: true });
  });

  it.each(["compact", "full", "graphql"])(
    "of the preset %s is the same to the byte in every process, with a hub and an editor or without",
    async (preset) => {
      const args = ["--preset", preset];
      const alone = await listLine(empty, args);
      expect(await listLine(empty, args)).toBe(alone);
      expect(await listLine(hub.home, args, { afterCall: true })).toBe(alone);
    },
  );
});
