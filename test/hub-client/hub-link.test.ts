import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HubDialer } from "../../hub-client/hub-dialer.ts";
import { HubLink } from "../../hub-client/hub-link.ts";
import { Log } from "../../mcp-adapter/process/log.ts";
import { ScriptedHub } from "../mcp-adapter/support/scripted-hub.ts";
import { until } from "../support/wait.ts";

const log = new Log("silent");
const patience = (ms = 10_000) => ({ deadlineAt: performance.now() + ms });
const echo = () => ({ result: "ok" });

describe("the link to the hub", () => {
  let hub: ScriptedHub;
  let link: HubLink;
  let connected: number;

  function linkTo({ url, home }: { url?: string; home: string }): HubLink {
    const dialer = new HubDialer({
      home,
      url,
      token: undefined,
      tlsCa: undefined,
      mayLaunch: false,
      hubProgram: "",
      env: {},
      log,
    });
    const identity = () => ({ clientType: "mcp", agent: { name: "agent", version: "1" }, cwd: "/somewhere" });
    return new HubLink({ dialer, log, identity, onConnected: () => (connected += 1) });
  }

  beforeEach(async () => {
    connected = 0;
    hub = await ScriptedHub.start({ onRequest: echo });
    link = linkTo(hub);
  });
  afterEach(async () => {
    link.dispose();
    await hub.dispose();
  });

  it("proves its token to the hub of hub.json without sending it, and says nothing to who listens there and does not know it", async () => {
    link = linkTo({ home: hub.home });
    await link.request({ method: "a.zero" }, patience());
    expect(hub.authorizations).toEqual([
      expect.stringMatching(new RegExp(`^Challenge 127.0.0.1:${hub.port} [0-9a-f]{64} [0-9a-f]{64}$`)),
    ]);
    expect(hub.identities[0]?.proof).toMatch(/^[0-9a-f]{64}$/);
    link.dispose();
    hub.frames.length = hub.identities.length = 0;
    hub.script.isImpostor = true;
    link = linkTo({ home: hub.home });
    const asked = link.request({ method: "a.one", params: { secret: 1 } }, patience());
    await expect(asked).rejects.toMatchObject({ verdict: "absent", message: expect.stringContaining("token") });
    expect(hub.authorizations.join()).not.toContain("a".repeat(64));
    expect([...hub.frames, ...hub.identities]).toEqual([]);
  });

  it("asks the hub that took another one's place, though it had looked for that other one", async () => {
    hub.announce({ startedAt: new Date(1).toISOString() });
    hub.script.wasReplaced = true;
    link = linkTo({ home: hub.home });
    expect((await link.request({ method: "a.zero" }, patience())).result).toBe("ok");
    expect(hub.authorizations).toHaveLength(2);
  });

  it("connects with the first request, not before, and says who it is", async () => {
    expect(hub.authorizations).toEqual([]);
    const [one, two] = await Promise.all([
      link.request({ method: "a.one" }, patience()),
      link.request({ method: "a.two" }, patience()),
    ]);
    expect([one.result, two.result]).toEqual(["ok", "ok"]);
    expect(hub.authorizations).toEqual([expect.stringMatching(/^Challenge /)]);
    expect(hub.frames.map(({ method }) => method)).toEqual(["a.one", "a.two"]);
    expect(hub.identities).toMatchObject([
      {
        clientType: "mcp",
        agent: { name: "agent", version: "1" },
        cwd: "/somewhere",
        pid: process.pid,
        protocolVersion: 1,
      },
    ]);
    expect(hub.identities[0]).not.toHaveProperty("resumeToken");
  });

  it("comes back after a loss with its resume token and asks again what was open", async () => {
    hub.script.onRequest = ({ method }) => {
      if (hub.requests("a.slow").length > 1) return { result: method };
      hub.drop();
      return undefined;
    };
    const answer = await link.request({ method: "a.slow", epoch: "e" }, patience());
    expect(answer.result).toBe("a.slow");
    const [first, second] = hub.requests("a.slow");
    expect(second).toMatchObject({ id: first?.id, attempt: 2, epoch: "e" });
    expect(hub.identities.map(({ resumeToken }) => resumeToken)).toEqual([undefined, "resume-1"]);
    expect(connected).toBe(2);
  });

  it("comes back without being asked", async () => {
    await link.request({ method: "a.b" }, patience());
    hub.drop(1001);
    await until(() => hub.identities.length === 2, { what: "the second connection" });
  });

  it("answers the hub's heartbeats", async () => {
    await link.request({ method: "a.b" }, patience());
    hub.send({ type: "heartbeat", timestamp: 77 });
    await until(() => hub.frames.find(({ type }) => type === "heartbeat_ack"), { what: "the answer" });
    expect(hub.frames.at(-1)).toEqual({ type: "heartbeat_ack", timestamp: 77 });
  });

  it("says where it looked and what to do when there is no hub, and finds one that comes later", async () => {
    link.dispose();
    const url = hub.url;
    await hub.dispose();
    link = linkTo({ home: hub.home });
    await expect(link.request({ method: "a.b" }, patience())).rejects.toMatchObject({
      kind: "HUB_UNREACHABLE",
      message: expect.stringContaining(hub.home),
      hint: expect.stringContaining("godot-hub start"),
    });
    const dead = linkTo({ home: hub.home, url });
    await expect(dead.request({ method: "a.b" }, patience())).rejects.toMatchObject({
      message: expect.stringContaining(url),
      hint: expect.stringContaining("GODOT_HUB_URL"),
    });
    dead.dispose();

    hub = await ScriptedHub.start({ onRequest: echo });
    link = linkTo(hub);
    await expect(link.request({ method: "a.b" }, patience())).resolves.toMatchObject({ result: "ok" });
  });

  it("tells apart a program that is no hub", async () => {
    hub.script.refuseWith = 404;
    await expect(link.request({ method: "a.b" }, patience())).rejects.toThrow(/no hub \(HTTP 404\)/);
  });

  it.each([
    ["an HTTP status", { refuseWith: 401 }],
    ["a close code", { closeWith: 4401 }],
  ])("stops at a wrong token, told by %s, says what to do, and tries anew at the next request", async (_, refusal) => {
    Object.assign(hub.script, refusal);
    await expect(link.request({ method: "a.b" }, patience())).rejects.toMatchObject({
      kind: "HUB_REFUSED",
      hint: expect.stringContaining("GODOT_HUB_HOME"),
    });
    const attempts = hub.authorizations.length;
    await expect(link.request({ method: "a.b" }, patience())).rejects.toMatchObject({ kind: "HUB_REFUSED" });
    expect(hub.authorizations.length).toBe(attempts * 2);
    Object.assign(hub.script, { refuseWith: undefined, closeWith: undefined });
    await expect(link.request({ method: "a.b" }, patience())).resolves.toMatchObject({ result: "ok" });
  });

  it("says plainly when the hub speaks another protocol version", async () => {
    Object.assign(hub.script, { protocolVersion: 99, serverVersion: "9.0.0" });
    await expect(link.request({ method: "a.b" }, patience())).rejects.toMatchObject({
      kind: "HUB_REFUSED",
      message: expect.stringContaining("9.0.0"),
    });
  });

  it("does not fight for a session that another connection took over", async () => {
    await link.request({ method: "a.b" }, patience());
    hub.drop(4409);
    await until(() => !link.isConnected, { what: "the loss" });
    await expect(link.request({ method: "a.b" }, patience())).resolves.toMatchObject({ result: "ok" });
    expect(hub.identities.map(({ resumeToken }) => resumeToken)).toEqual([undefined, undefined]);
  });

  it("waits for a busy hub", async () => {
    hub.script.refuseWith = 503;
    const asked = link.request({ method: "a.b" }, patience());
    await until(() => hub.authorizations.length >= 2, { what: "another attempt" });
    delete hub.script.refuseWith;
    expect((await asked).result).toBe("ok");
  });

  it("uses an older hub that a person started, as long as the protocol is the same", async () => {
    Object.assign(hub.script, { serverVersion: "0.0.1" });
    hub.announce();
    await expect(link.request({ method: "a.b" }, patience())).resolves.toMatchObject({ result: "ok" });
    expect(hub.requests("hub.shutdown")).toEqual([]);
  });

  it("carries integers that a JavaScript number can't hold", async () => {
    hub.script.onRequest = (request) => {
      hub.sendText(`{"jsonrpc":"2.0","id":"${request.id}","result":{"big":9223372036854775807,"f":1.0}}`);
      return undefined;
    };
    const { result } = await link.request({ method: "a.b" }, patience());
    expect(result).toEqual({ big: "9223372036854775807", f: 1 });
  });
});
