import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OWNER_PERMISSION } from "../../hub/access/permission.ts";
import { ClientRegistry, IdleWatch } from "../../hub/clients/client-registry.ts";
import { ResumeTokens } from "../../hub/clients/resume-token.ts";
import { Connection, type Socket } from "../../hub/connections/connection.ts";
import { CommandLine } from "./cli/command-line.ts";

const IDLE_MS = 1_000;
const GRACE_MS = 120_000;

const stream = { cork: () => {}, uncork: () => {} };
const socket: Socket = {
  ...{ send: () => {}, ping: () => {}, pong: () => {}, close: () => {}, terminate: () => {} },
  ...{ bufferedAmount: 0, readyState: 1, OPEN: 1 },
};

describe("an unused hub", () => {
  let registry: ClientRegistry;
  let onIdle: ReturnType<typeof vi.fn<() => void>>;
  let watch: IdleWatch;
  beforeEach(() => {
    vi.useFakeTimers();
    registry = new ClientRegistry({ tokens: new ResumeTokens(() => "token"), resumeGraceMs: GRACE_MS });
    onIdle = vi.fn<() => void>();
    watch = new IdleWatch(registry, IDLE_MS, onIdle);
  });
  afterEach(() => {
    watch.dispose();
    registry.dispose();
    vi.useRealTimers();
  });

  const connect = (clientType: string) => {
    const origin = { permission: OWNER_PERMISSION, address: "127.0.0.1", typeHint: clientType, maxMessageBytes: 1 };
    const connection = new Connection(socket, stream, origin, { softBytes: 1, hardBytes: 1, stallMs: 1 });
    const identify = { type: "identify", clientType, clientVersion: "1", protocolVersion: 1 } as const;
    const { client } = registry.register(connection, identify, clientType);
    return { leave: (code: number) => registry.disconnect(client, connection, code) };
  };

  it("ends after a while without any client", () => {
    vi.advanceTimersByTime(IDLE_MS - 1);
    expect(onIdle).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onIdle).toHaveBeenCalledOnce();
  });

  it.each(["mcp", "godot", "cli"])("stays while a client of type %s is connected", (clientType) => {
    const { leave } = connect(clientType);
    vi.advanceTimersByTime(100 * IDLE_MS);
    expect(onIdle).not.toHaveBeenCalled();
    leave(1000);
    vi.advanceTimersByTime(IDLE_MS);
    expect(onIdle).toHaveBeenCalledOnce();
  });

  it("begins to count when the last one is gone, also when that one may come back", () => {
    const [first, last] = [connect("mcp"), connect("godot")];
    first.leave(1006);
    vi.advanceTimersByTime(10 * IDLE_MS);
    expect(onIdle).not.toHaveBeenCalled();
    last.leave(1006);
    vi.advanceTimersByTime(IDLE_MS);
    expect(onIdle).toHaveBeenCalledOnce();
  });

  it("asks no more once the hub stops", () => {
    watch.dispose();
    vi.advanceTimersByTime(10 * IDLE_MS);
    expect(onIdle).not.toHaveBeenCalled();
  });
});

describe("the process of such a hub", () => {
  it("ends with 0 when an adapter has started it", async () => {
    const cli = new CommandLine();
    const { code } = await cli.run(["run", "--port", "0", "--auto-started", "--idle-exit-ms", "200"]);
    expect(code).toBe(0);
    expect(await cli.run(["status"])).toMatchObject({ code: 1, stdout: expect.stringMatching(/^No hub runs\. /) });
  });

  it("stays when a person has started it", async () => {
    const cli = new CommandLine();
    expect(await cli.run(["start", "--port", "0", "--idle-exit-ms", "1"])).toMatchObject({ code: 0 });
    expect(await cli.run(["status"])).toMatchObject({ code: 0 });
    expect(await cli.run(["stop"])).toMatchObject({ code: 0 });
  });
});
