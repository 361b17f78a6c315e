/** Tests an AI client with a token budget, and the reports of its use, through a real hub and a real adapter. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { environment, HUB_PROGRAM, HubProcess } from "../support/hub-process.ts";
import { type McpClient, startMcpClient } from "../support/mcp-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { Agent, textOf } from "../support/studio.ts";
import { until } from "../support/wait.ts";

const SOURCE = "var speed: float = 1.0\n".repeat(600);

let hub: HubProcess;
let editor: StubInstance;
let mcp: McpClient;
beforeAll(async () => {
  hub = await HubProcess.start();
  const script = { path: "res://a.gd", hash: "h", lines: 600, source: SOURCE };
  editor = new StubInstance({ project: "my-game", handlers: { "script.read": () => script } });
  await editor.connect(hub.url, hub.token);
  mcp = await startMcpClient({ home: hub.home, cwd: hub.home, name: "thrifty", args: ["--token-budget", "6000"] });
});
afterAll(async () => {
  await mcp.close();
  editor.client.terminate();
  await hub.dispose();
});

it("warns at four fifths of the budget and answers less from then on, and never fails", async () => {
  const agent = new Agent(mcp);
  const read = async () => textOf(await agent.call("script_read", { path: "res://a.gd" }));
  const first = await read();
  expect(first).toContain(SOURCE);
  expect(first).not.toContain("budget");
  await read();
  const third = await read();
  expect(third).toMatch(/\(\d+ % of the budget of 6000 tokens used: ask for little at a time\.\)$/);
  expect(third.length).toBeLessThan(first.length / 2);
});

it("is counted by agent, tool and instance, in hub_status and on the command line", async () => {
  const name = editor.identified.name;
  const env = { ...environment(), GODOT_HUB_HOME: hub.home };
  const printed = async () => (await promisify(execFile)(process.execPath, [HUB_PROGRAM, "usage"], { env })).stdout;
  // Adapters report a while after a call.
  const usage = await until(async () => /^.*thrifty.*script_read.*$/m.exec(await printed())?.[0], {
    what: "the count",
    deadlineMs: 30_000,
  });
  expect(usage).toContain(name);
  const seen = textOf(await new Agent(mcp).call("hub_status", { verbose: true }));
  expect(seen).toMatch(/^- thrifty: \d+ in 3 calls, \d+ saved: script_read \d+; on /m);
  expect(seen).toContain(`; on ${name}`);
});
