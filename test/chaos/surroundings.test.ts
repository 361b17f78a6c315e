/** Runs the hub on a hostile machine: no disk, no state directory, another program on the port, a clock that jumps. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { environment, HubProcess } from "../support/hub-process.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter } from "../support/protocol-client.ts";
import { deferred, until, within } from "../support/wait.ts";

const PROGRAM = fileURLToPath(new URL("../../dist/godot-hub.js", import.meta.url));
const PORT_UNAVAILABLE = 4;
const STATE_UNUSABLE = 5;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "godot-hub-hostile-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** How a hub that is expected to give up ends, and what it says. */
async function runToItsEnd(
  args: readonly string[],
  { state = home, maxFileBlocks = "unlimited" } = {},
): Promise<{ code: number | null; lines: string[] }> {
  const shell = `ulimit -f ${maxFileBlocks}; exec "$@"`;
  const child = spawn("sh", ["-c", shell, "sh", process.execPath, PROGRAM, "run", ...args], {
    env: { ...environment(), GODOT_HUB_HOME: state },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  try {
    await within(once(child, "close"), { what: "the hub's end", deadlineMs: 30_000 });
  } finally {
    child.kill("SIGKILL");
  }
  return { code: child.exitCode, lines: output.split("\n").filter((line) => line !== "") };
}

describe("a state directory that can't be used ends the hub with a code and one line that names it", () => {
  it("when it lies below a file", async () => {
    writeFileSync(join(home, "file"), "");
    const state = join(home, "file", "state");
    const { code, lines } = await runToItsEnd(["--port", "0"], { state });
    expect(code).toBe(STATE_UNUSABLE);
    expect(lines).toEqual([expect.stringContaining(state)]);
  });

  it("when nothing can be made there", async () => {
    const { code, lines } = await runToItsEnd(["--port", "0"], { state: "/proc/godot-hub" });
    expect(code).toBe(STATE_UNUSABLE);
    expect(lines).toEqual([expect.stringContaining("/proc/godot-hub")]);
  });

  it("when nothing can be written there", async () => {
    const { code, lines } = await runToItsEnd(["--port", "0"], { maxFileBlocks: "0" });
    expect(code).toBe(STATE_UNUSABLE);
    expect(lines).toEqual([expect.stringContaining(home)]);
  });

  it("when a directory stands where hub.json should", async () => {
    mkdirSync(join(home, "hub.json"));
    const { code, lines } = await runToItsEnd(["--port", "0"]);
    expect(code).toBe(STATE_UNUSABLE);
    expect(lines).toEqual([expect.stringContaining(home)]);
  });
});

describe("a full disk", () => {
  it("costs a hub that runs its log and nothing else", async () => {
    symlinkSync("/dev/full", join(home, "hub.log"));
    const hub = await HubProcess.start({ home, args: ["--log-level", "trace"] });
    const { client } = await openAdapter(hub.url, hub.token);
    for (let round = 0; round < 50; round += 1) {
      expect((await client.request("hub.status")).error).toBeUndefined();
      const visitor = await openAdapter(hub.url, hub.token);
      await visitor.client.close();
    }
    expect(hub.isRunning).toBe(true);
    client.terminate();
    expect((await hub.stop()).code).toBe(0);
  });
});

describe("a foreign process on the port", () => {
  it.each(["says nothing", "speaks another protocol"])(
    "that %s ends the hub with a code and one line",
    async (manner) => {
      const foreigner = createServer((socket) => {
        socket.on("error", () => {});
        if (manner !== "says nothing") socket.end("220 mail.example ESMTP\r\n");
      });
      foreigner.listen(0, "127.0.0.1");
      await once(foreigner, "listening");
      const address = foreigner.address();
      const port = typeof address === "object" ? address?.port : undefined;
      const { code, lines } = await runToItsEnd(["--port", String(port)]);
      foreigner.close();
      expect(code).toBe(PORT_UNAVAILABLE);
      expect(lines).toEqual([expect.stringContaining(`${port}`)]);
    },
    60_000,
  );
});

describe("a clock that jumps", () => {
  afterEach(() => vi.useRealTimers());

  const DAY_MS = 24 * 60 * 60 * 1_000;

  it.each([DAY_MS, -DAY_MS])("by %i ms changes neither heartbeats nor deadlines nor leases", async (jumpMs) => {
    const hub = await LocalHub.start({ heartbeatIntervalMs: 100, heartbeatTimeoutMs: 1_000 });
    const hold = deferred<unknown>();
    const editor = await hub.editor({ handlers: { "node.add": () => hold.promise } });
    const [adapter, other, away] = [await hub.adapter(), await hub.adapter(), await openAdapter(hub.url, hub.token)];
    const silent = await hub.adapter({ answersHeartbeats: false });
    const write = { deadlineMs: 30_000, resources: ["scene:res://a.tscn"] };
    const running = adapter.request("node.add", {}, write);
    await until(() => editor.executed.length === 1, { what: "the command" });
    away.client.terminate();
    await until(async () => (await clientCount(other)) === 3, { what: "the departure" });
    vi.useFakeTimers({ now: Date.now() + jumpMs, toFake: ["Date"] });
    await silent.next(({ message }) => message.type === "heartbeat", { what: "a heartbeat" });
    expect((await silent.closed).code).toBe(4410);
    expect([adapter.isOpen, other.isOpen, editor.client.isOpen]).toEqual([true, true, true]);
    const blocked = await other.request("node.add", {}, { ...write, deadlineMs: 50 });
    expect(blocked.error).toMatchObject({ data: { kind: "LEASE_HELD" } });
    hold.resolve("added");
    expect((await running).result).toBe("added");
    const { resumeToken, clientId } = away.identified;
    const back = await openAdapter(hub.url, hub.token, { identify: { resumeToken } });
    expect(back.identified).toMatchObject({ clientId, resumed: true });
    back.client.terminate();
    await hub.dispose();
  });

  const clientCount = async (client: Awaited<ReturnType<LocalHub["adapter"]>>): Promise<number> => {
    const { result } = await client.request("hub.list_clients");
    return Object(result).clients.length;
  };
});
