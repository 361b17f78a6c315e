import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { HubDialer } from "../../hub-client/hub-dialer.ts";
import { HubLink } from "../../hub-client/hub-link.ts";
import { readHubFile } from "../../hub-client/state-dir.ts";
import { Log } from "../../mcp-adapter/process/log.ts";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import { type McpClient, startMcpClient } from "../support/mcp-client.ts";
import { until } from "../support/wait.ts";
import { ScriptedHub } from "./support/scripted-hub.ts";

const HUB_PROGRAM = fileURLToPath(new URL("../../dist/godot-hub.js", import.meta.url));
const errorSchema = z.looseObject({
  isError: z.literal(true),
  structuredContent: z.looseObject({ kind: z.string(), hint: z.string(), message: z.string() }),
});
const statusSchema = z.looseObject({
  structuredContent: z.looseObject({ hub: z.looseObject({ url: z.string(), version: z.string() }) }),
});

describe("starting a hub", () => {
  let home: string;
  let agents: McpClient[];
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "godot-launch-"));
    agents = [];
  });
  afterEach(async () => {
    await Promise.all(agents.map((agent) => agent.close()));
    await stopHub(home);
    rmSync(home, { recursive: true, force: true });
  });

  async function agent(env: Record<string, string> = {}): Promise<McpClient> {
    const started = await startMcpClient({ home, cwd: home, env: { GODOT_HUB_PORT: "0", ...env } });
    agents.push(started);
    return started;
  }

  const status = async (agent: McpClient) =>
    statusSchema.parse(await agent.client.callTool({ name: "hub_status", arguments: { format: "json" } }))
      .structuredContent.hub;

  it("happens at the first call, in the background, and the hub outlives the adapter", async () => {
    const mine = await agent();
    expect(readHubFile(home)).toBeUndefined();
    await status(mine);
    const hub = readHubFile(home);
    expect(hub).toMatchObject({ autoStarted: true, version: PRODUCT_VERSION });
    await mine.close();
    agents.length = 0;
    expect(await status(await agent())).toMatchObject({ url: hub?.url });
    expect(readHubFile(home)?.pid).toBe(hub?.pid);
  });

  it("makes one hub of twenty adapters that call at once", async () => {
    const started = await Promise.all(Array.from({ length: 20 }, () => agent()));
    const hubs = await Promise.all(started.map(status));
    expect(new Set(hubs.map(({ url }) => url)).size).toBe(1);
    expect(hubs[0]?.url).toBe(readHubFile(home)?.url);
    // The others have waited for it instead of starting their own.
    expect(idleStartsIn(home)).toBeLessThan(5);
  });

  it("is not held up by a claim that a killed adapter has left", async () => {
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(join(home, "hub-start.claim"), String(dead));
    expect((await status(await agent())).url).toBe(readHubFile(home)?.url);
    expect(readdirSync(home)).not.toContain("hub-start.claim");
  });

  it("happens again when that hub is killed", async () => {
    const mine = await agent();
    const first = await status(mine);
    process.kill(readHubFile(home)?.pid ?? 0, "SIGKILL");
    const second = await until(async () => (await status(mine).catch(() => undefined))?.url, {
      what: "a second hub",
      deadlineMs: 20_000,
    });
    expect(second).not.toBe(first.url);
  });

  it("does not happen when it is not wanted; the call says what to do and the adapter stays", async () => {
    for (const env of [{ GODOT_HUB_NO_LAUNCH: "1" }, { GODOT_HUB_URL: "ws://127.0.0.1:9" }]) {
      const mine = await agent(env);
      const failed = errorSchema.parse(await mine.client.callTool({ name: "scene_tree", arguments: {} }));
      expect(failed.structuredContent).toMatchObject({
        kind: "HUB_UNREACHABLE",
        hint: expect.stringContaining("godot-hub start"),
      });
      await mine.client.ping();
    }
    expect(readHubFile(home)).toBeUndefined();
  });

  it("that fails says what the hub said, and the adapter stays", async () => {
    const mine = await agent({ GODOT_HUB_PORT: "no-port" });
    const failed = errorSchema.parse(await mine.client.callTool({ name: "scene_tree", arguments: {} }));
    expect(failed.structuredContent).toMatchObject({
      kind: "HUB_START_FAILED",
      message: expect.stringContaining("no-port"),
    });
    expect(readFileSync(join(home, "hub-start.log"), "utf8")).toContain("no-port");
    await mine.client.ping();
  });

  it("replaces a hub.json without a hub", async () => {
    const gone = { pid: 2 ** 22 + 1, port: 9, url: "ws://127.0.0.1:9", version: "0.0.1", protocolVersion: 1 };
    writeFileSync(join(home, "hub.json"), JSON.stringify({ ...gone, startedAt: new Date(0).toISOString() }));
    expect((await status(await agent())).url).not.toBe(gone.url);
  });

  it("is not needed where another adapter's hub announces itself at this very moment", async () => {
    const hub = await ScriptedHub.start({ onRequest: () => ({ result: {} }) });
    rmSync(join(hub.home, "hub.json"));
    const log = new Log("silent").heardBy((_, message) => {
      if (message.startsWith("no hub answers")) hub.announce();
    });
    const link = new HubLink({
      dialer: new HubDialer({
        home: hub.home,
        url: undefined,
        token: undefined,
        tlsCa: undefined,
        mayLaunch: true,
        hubProgram: HUB_PROGRAM,
        env: { PATH: process.env.PATH, HOME: home, GODOT_HUB_PORT: "0" },
        log,
      }),
      log,
      identity: () => ({ clientType: "mcp" }),
      onConnected: () => {},
    });
    await link.request({ method: "hub.status" }, { deadlineAt: performance.now() + 30_000 });
    expect(hub.requests("hub.status")).toHaveLength(1);
    link.dispose();
    await hub.dispose();
  });

  it("happens in place of an older hub that an adapter had started", async () => {
    const older = await ScriptedHub.start({
      serverVersion: "0.0.1",
      autoStarted: true,
      onRequest: ({ method }, hub) => {
        if (method !== "hub.shutdown") return undefined;
        rmSync(join(hub.home, "hub.json"));
        setImmediate(() => hub.drop(1001));
        return { result: { stopping: true } };
      },
    });
    const env = { PATH: process.env.PATH, HOME: home, GODOT_HUB_PORT: "0" };
    const dialer = new HubDialer({
      home: older.home,
      url: undefined,
      token: undefined,
      tlsCa: undefined,
      mayLaunch: true,
      hubProgram: HUB_PROGRAM,
      env,
      log: new Log("silent"),
    });
    const link = new HubLink({
      dialer,
      log: new Log("silent"),
      identity: () => ({ clientType: "mcp" }),
      onConnected: () => {},
    });
    const { result } = await link.request({ method: "hub.status" }, { deadlineAt: performance.now() + 30_000 });
    expect(result).toMatchObject({ version: PRODUCT_VERSION });
    expect(older.requests("hub.shutdown")).toMatchObject([{ params: { ifAutoStarted: true } }]);
    expect(older.requests("hub.status")).toEqual([]);
    link.dispose();
    await stopHub(older.home);
    await older.dispose();
  });
});

/** How many hubs found that another one was there already: each of them says so. */
function idleStartsIn(home: string): number {
  return readFileSync(join(home, "hub-start.log"), "utf8").split("\n").filter(Boolean).length;
}

/** Ends the hub that an adapter started in `home`, by the pid that it wrote there. */
async function stopHub(home: string): Promise<void> {
  const pid = readHubFile(home)?.pid;
  if (pid === undefined || pid === process.pid || pid > 2 ** 22) return;
  process.kill(pid, "SIGTERM");
  await until(() => readHubFile(home) === undefined, { what: "the hub's end", deadlineMs: 20_000 });
}
