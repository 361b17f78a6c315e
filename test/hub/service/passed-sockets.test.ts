/** Tests socket activation: a hub that serves on sockets which another process has bound. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { passedSockets } from "../../../hub/config.ts";
import { readHubFile, readToken } from "../../../hub-client/state-dir.ts";
import { environment, HUB_PROGRAM } from "../../support/hub-process.ts";
import { openAdapter } from "../../support/protocol-client.ts";
import { installSystemdTools } from "../../support/systemd.ts";
import { until } from "../../support/wait.ts";

describe("passedSockets", () => {
  it("are those that LISTEN_FDS counts, from the third on", () => {
    expect(passedSockets({ LISTEN_PID: "7", LISTEN_FDS: "2" }, 7)).toEqual([3, 4]);
  });

  it("are none when they were meant for another process, or the count is none", () => {
    expect(passedSockets({ LISTEN_PID: "8", LISTEN_FDS: "2" }, 7)).toEqual([]);
    expect(passedSockets({ LISTEN_PID: "7", LISTEN_FDS: "many" }, 7)).toEqual([]);
    expect(passedSockets({ LISTEN_FDS: "1" }, 7)).toEqual([]);
    expect(passedSockets({}, 7)).toEqual([]);
  });
});

describe("a hub that is given its sockets", () => {
  let home: string;
  let child: ChildProcess | undefined;
  let server: Server | undefined;
  beforeAll(installSystemdTools);
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "godot-hub-activated-"));
  });
  afterEach(async () => {
    child?.kill("SIGKILL");
    const pid = readHubFile(home)?.pid;
    if (pid !== undefined && pid !== child?.pid) process.kill(pid, "SIGKILL");
    server?.close();
    rmSync(home, { recursive: true, force: true });
    child = server = undefined;
  });

  const command = () => [process.execPath, HUB_PROGRAM, "run", "--home", home, "--service", "--quiet"];

  it("is started by systemd's activation at the first connection, which it serves, on each of the addresses", async () => {
    const port = await freePort();
    const sockets = ["-l", `127.0.0.1:${port}`, "-l", `[::1]:${port}`];
    const variables = ["PATH", "HOME"].flatMap((name) => ["-E", `${name}=${process.env[name]}`]);
    child = spawn("systemd-socket-activate", [...sockets, ...variables, ...command()], {
      env: environment(),
      stdio: ["ignore", "ignore", "pipe"],
    });
    const said = collect(child);
    await until(() => said().split("Listening on").length === 3, { what: "the sockets", deadlineMs: 30_000 });
    expect(readHubFile(home)).toBeUndefined();
    expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()).toBe("ok\n");
    expect(await (await fetch(`http://[::1]:${port}/healthz`)).text()).toBe("ok\n");
    expect(readHubFile(home)).toMatchObject({ port, url: `ws://127.0.0.1:${port}`, service: true });
    const { client } = await openAdapter(`ws://127.0.0.1:${port}`, readToken(home) ?? "");
    expect((await client.request("hub.status")).result).toMatchObject({ autoStarted: false });
    await client.close();
  });

  it("refuses one that other machines can reach, unless a token was given explicitly", async () => {
    server = await listening("0.0.0.0");
    const refused = await run(server, environment());
    expect(refused.code).toBe(2);
    expect(refused.said).toContain("0.0.0.0");
    expect(readHubFile(home)).toBeUndefined();
    const token = "an-explicit-token-of-the-owner";
    const { port } = server.address() as AddressInfo;
    child = passing(server, { ...environment(), GODOT_HUB_TOKEN: token });
    await until(() => readHubFile(home), { what: "hub.json", deadlineMs: 30_000 });
    expect(readHubFile(home)?.port).toBe(port);
  });

  /** The hub with `socket` as its third descriptor, and variables that say so to this very process. */
  function passing(socket: Server, env: NodeJS.ProcessEnv): ChildProcess {
    return spawn("sh", ["-c", 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"', "sh", ...command()], {
      env,
      stdio: ["ignore", "ignore", "pipe", descriptorOf(socket)],
    });
  }

  async function run(socket: Server, env: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
    child = passing(socket, env);
    const said = collect(child);
    const [code] = await once(child, "close");
    return { code, said: said() };
  }
});

function descriptorOf(server: Server): number {
  const handle: unknown = Reflect.get(server, "_handle");
  const fd = typeof handle === "object" && handle !== null && Reflect.get(handle, "fd");
  if (typeof fd !== "number") throw new Error("The server has no descriptor.");
  return fd;
}

function collect({ stderr }: ChildProcess): () => string {
  let text = "";
  stderr?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

async function listening(host: string): Promise<Server> {
  const server = createServer();
  server.listen(0, host);
  await once(server, "listening");
  return server;
}

async function freePort(): Promise<number> {
  const server = await listening("127.0.0.1");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
