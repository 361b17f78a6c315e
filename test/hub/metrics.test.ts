import { request } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hubStatusSchema } from "../../protocol/hub-methods.ts";
import { Exposition } from "../support/exposition.ts";
import { LocalHub } from "../support/local-hub.ts";
import { ProtocolClient } from "../support/protocol-client.ts";
import { deferred, until } from "../support/wait.ts";

let hub: LocalHub;
beforeEach(async () => {
  hub = await LocalHub.start();
});
afterEach(() => hub.dispose());

const address = () => hub.url.replace("ws:", "http:");

async function scrape(): Promise<Exposition> {
  const response = await fetch(`${address()}/metrics`, { headers: { Authorization: `Bearer ${hub.token}` } });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  return new Exposition(await response.text());
}

async function statusOf(client: ProtocolClient) {
  return hubStatusSchema.parse((await client.request("hub.status")).result);
}

describe("/metrics", () => {
  it("is for those who have the token", async () => {
    const anonymous = await fetch(`${address()}/metrics`);
    expect(anonymous.status).toBe(401);
    expect(await anonymous.text()).not.toContain("godot_hub");
    const guess = await fetch(`${address()}/metrics`, { headers: { Authorization: "Bearer wrong" } });
    expect(guess.status).toBe(401);
    expect((await scrape()).sum("godot_hub_rejected_total", { kind: "UNAUTHORIZED" })).toBe(1);
  });

  it("counts what hub.status counts, and each command by how it ended", async () => {
    const held = deferred<unknown>();
    const editor = await hub.editor({
      readOnly: ["classdb.get_class"],
      handlers: {
        "node.add": () => ({ ok: true }),
        "game_project.spawn": () => ({ ok: true }),
        "classdb.get_class": () => held.promise,
      },
    });
    const [one, two] = [await hub.adapter(), await hub.adapter()];
    for (let index = 0; index < 5; index += 1) await one.request("node.add");
    await two.request("game_project.spawn");
    await two.request("game_project.no_such_command");
    await two.request("node.add", {}, { target: "nowhere" });
    const read = ["classdb.get_class", { name: "Node" }, { shareable: true }] as const;
    const shared = [one.request(...read), two.request(...read)];
    await until(() => editor.executed.some(({ method }) => method === "classdb.get_class"), { what: "the read" });
    await until(async () => (await statusOf(one)).counters.coalesced === 1, { what: "the second read" });
    const during = await scrape();
    expect(during.sum("godot_hub_commands_pending")).toBe(2);
    expect(during.sum("godot_hub_in_flight", { godot: editor.identified.name })).toBe(1);
    // The editor's connection breaks and comes back: the read is sent again.
    editor.client.terminate();
    await editor.connect(hub.url, hub.token);
    held.resolve({ name: "Node" });
    await Promise.all(shared);

    const { counters } = await statusOf(one);
    const after = await scrape();
    expect(counters).toMatchObject({ accepted: 10, answered: 10, pending: 0, coalesced: 1, retried: 1 });
    expect({
      accepted: after.sum("godot_hub_commands_accepted_total"),
      answered: after.sum("godot_hub_commands_answered_total"),
      pending: after.sum("godot_hub_commands_pending"),
      late: after.sum("godot_hub_late_answers_total"),
      coalesced: after.sum("godot_hub_commands_coalesced_total"),
      cached: after.sum("godot_hub_commands_cached_total"),
      retried: after.sum("godot_hub_commands_retried_total"),
      outcomeUnknown: after.sum("godot_hub_outcome_unknown_total"),
    }).toEqual(counters);
    const commands = "godot_hub_commands_total";
    expect(after.sum(commands)).toBe(counters.answered);
    expect(after.sum(commands, { command: "node.add", group: "node", outcome: "OK" })).toBe(5);
    expect(after.sum(commands, { command: "node.add", outcome: "TARGET_NOT_FOUND" })).toBe(1);
    expect(after.sum(commands, { command: "classdb.get_class", outcome: "OK" })).toBe(2);
    expect(after.sum(commands, { command: "custom", group: "custom" })).toBe(2);
    expect(after.sum(commands, { outcome: "METHOD_NOT_FOUND" })).toBe(1);
    // Two agents that ask anything cannot make more than the table has.
    expect(after.valuesOf(commands, "command")).toEqual(["classdb.get_class", "custom", "node.add"]);
    const durations = "godot_hub_command_duration_seconds_count";
    expect(after.sum(durations, { stage: "total" })).toBe(10);
    // What was never sent, or got another's answer, has only a total.
    expect(after.sum(durations, { stage: "queued" })).toBe(8);
    expect(after.sum(durations, { stage: "editor" })).toBe(8);
  });

  it("shows what waits and what may be in flight, and forgets an instance that has left", async () => {
    const held = deferred<unknown>();
    const editor = await hub.editor({ handlers: { "node.add": () => held.promise } });
    const client = await hub.adapter();
    const all = Array.from({ length: 20 }, (_, index) => client.request("node.add", { index }));
    const { name: godot } = editor.identified;
    const filled = await until(
      async () => {
        const now = await scrape();
        return now.sum("godot_hub_queue_depth", { godot }) + now.sum("godot_hub_in_flight", { godot }) === 20 && now;
      },
      { what: "twenty commands in the hub" },
    );
    expect(filled.sum("godot_hub_in_flight", { godot })).toBe(filled.sum("godot_hub_window_size", { godot }));
    expect(filled.sum("godot_hub_instances", { state: "busy" })).toBe(1);
    held.resolve({});
    await Promise.all(all);
    await editor.client.close();
    const gone = await until(
      async () => {
        const now = await scrape();
        return now.valuesOf("godot_hub_queue_depth", "godot").length === 0 && now;
      },
      { what: "the instance's departure" },
    );
    expect(gone.sum("godot_hub_departures_total", { type: "godot", how: "gone" })).toBe(1);
  });

  it("tells stages apart: what waits for its turn, and what the editor takes", async () => {
    const held = deferred<unknown>();
    await hub.editor({ handlers: { "node.add": () => held.promise, "run.play": () => ({}) } });
    const client = await hub.adapter();
    const slow = client.request("node.add");
    await until(async () => (await scrape()).sum("godot_hub_in_flight") === 1, { what: "the command in flight" });
    const before = performance.now();
    await until(() => performance.now() - before >= 50, { what: "a while" });
    held.resolve({});
    await slow;
    const now = await scrape();
    const seconds = (stage: string) => now.sum("godot_hub_command_duration_seconds_sum", { stage, group: "node" });
    expect(seconds("editor")).toBeGreaterThanOrEqual(0.05);
    expect(seconds("queued")).toBeLessThan(seconds("editor"));
    expect(seconds("total")).toBeGreaterThanOrEqual(seconds("editor"));
  });

  it("counts comings and goings, calls, refusals, bytes, and why the hub has closed connections", async () => {
    await hub.editor({ handlers: { "node.add": () => "x".repeat(100_000) } });
    const client = await ProtocolClient.connect(hub.url, { token: hub.token });
    const { resumeToken } = await client.identify({ clientType: "mcp" });
    await client.request("node.add", { text: "y".repeat(50_000) });
    await client.request("hub.no_such_method");
    await client.request("hub.list_instances");
    client.sendFrame("[]");
    await client.response(null);
    const again = await ProtocolClient.connect(hub.url, { token: hub.token });
    await again.identify({ clientType: "mcp", resumeToken });
    await client.closed;
    const own = await ProtocolClient.connect(hub.url, { token: hub.token });
    await own.identify({ clientType: "a-type-of-its-own" });
    const now = await scrape();
    expect(now.sum("godot_hub_arrivals_total", { type: "mcp", how: "new" })).toBe(1);
    expect(now.sum("godot_hub_arrivals_total", { type: "mcp", how: "resumed" })).toBe(1);
    expect(now.sum("godot_hub_arrivals_total", { type: "other" })).toBe(1);
    expect(now.sum("godot_hub_clients", { type: "mcp" })).toBe(1);
    expect(now.sum("godot_hub_clients", { type: "godot" })).toBe(1);
    expect(now.sum("godot_hub_connections")).toBe(3);
    expect(now.sum("godot_hub_connections_closed_total", { reason: "REPLACED" })).toBe(1);
    expect(now.sum("godot_hub_method_calls_total", { method: "unknown", outcome: "METHOD_NOT_FOUND" })).toBe(1);
    expect(now.sum("godot_hub_method_calls_total", { method: "hub.list_instances", outcome: "OK" })).toBe(1);
    expect(now.sum("godot_hub_refused_total", { kind: "INVALID_REQUEST" })).toBe(1);
    // Each of the two payloads goes through the hub once: in from one side, out to the other.
    for (const name of ["godot_hub_received_bytes_total", "godot_hub_sent_bytes_total"]) {
      expect(now.sum(name)).toBeGreaterThan(150_000);
      expect(now.sum(name)).toBeLessThan(170_000);
    }
    again.terminate();
    own.terminate();
  });

  it("counts a consumer that is cut off because it does not read", async () => {
    await hub.dispose();
    hub = await LocalHub.start({ sendBufferBytes: 100_000, maxMessageBytes: 1_000_000 });
    await hub.editor({ handlers: { "node.add": () => "x".repeat(900_000) } });
    const lazy = await hub.adapter();
    lazy.stopReading();
    for (let index = 0; index < 40; index += 1) {
      lazy.sendMessage({ jsonrpc: "2.0", id: `lazy-${index}`, method: "node.add", params: {} });
    }
    // All answered is more than it may have waiting. It goes before the hub's patience with its close frame ends.
    await until(async () => (await scrape()).sum("godot_hub_commands_answered_total") === 40, { what: "the answers" });
    lazy.terminate();
    await until(
      async () => (await scrape()).sum("godot_hub_connections_closed_total", { reason: "SLOW_CONSUMER" }) === 1,
      { what: "the slow consumer's end" },
    );
  });

  it("says how the process does", async () => {
    const { types } = await scrape();
    expect([...types.keys()]).toEqual(
      expect.arrayContaining([
        "nodejs_eventloop_lag_p99_seconds",
        "process_cpu_seconds_total",
        "process_resident_memory_bytes",
      ]),
    );
  });

  it("is each hub's own, also where two run in one process", async () => {
    const other = await LocalHub.start();
    await other.editor();
    const client = await other.adapter();
    await client.request("node.add");
    expect((await scrape()).sum("godot_hub_commands_answered_total")).toBe(0);
    await other.dispose();
  });
});

describe("health", () => {
  async function get(path: string): Promise<[number, string]> {
    const response = await fetch(`${address()}${path}`);
    return [response.status, (await response.text()).trim()];
  }

  it("is public: alive, and ready", async () => {
    expect(await get("/healthz")).toEqual([200, "ok"]);
    expect(await get("/readyz")).toEqual([200, "ready"]);
  });

  it("of a hub that drains: alive, not ready, and closed to new clients", async () => {
    const held = deferred<unknown>();
    await hub.editor({ handlers: { "node.add": () => held.promise } });
    const client = await hub.adapter();
    const last = client.request("node.add");
    await until(async () => (await scrape()).sum("godot_hub_in_flight") === 1, { what: "the command in flight" });
    const [healthz, readyz] = [await begin("/healthz"), await begin("/readyz")];
    const stopped = hub.hub.stop();
    expect(await healthz.finish()).toMatch(/HTTP\/1\.1 200 [\s\S]*\bok\n/);
    expect(await readyz.finish()).toMatch(/HTTP\/1\.1 503 [\s\S]*\bstopping\n/);
    await expect(fetch(`${address()}/readyz`)).rejects.toThrow();
    held.resolve({});
    expect((await last).error).toBeUndefined();
    await stopped;
  });

  /** A request of which the hub has read the first half: it came in one packet with another one, which is answered. */
  async function begin(path: string): Promise<{ finish: () => Promise<string> }> {
    const { hostname, port, host } = new URL(address());
    const socket = connect(Number(port), hostname);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    const head = (of: string) => `GET ${of} HTTP/1.1\r\nHost: ${host}\r\n`;
    socket.write(`${head("/healthz")}\r\n${head(path)}`);
    await until(() => text.includes("ok\n"), { what: "the first answer" });
    return {
      finish: async () => {
        text = "";
        socket.write("Connection: close\r\n\r\n");
        await closed;
        return text;
      },
    };
  }

  it("is not answered before the hub has said where it listens", async () => {
    const announced = deferred<void>();
    const port = deferred<number>();
    const starting = LocalHub.start({}, 0, async (bound) => {
      port.resolve(bound);
      await announced.promise;
    });
    let isAnswered = false;
    const answer = new Promise<number | undefined>((resolve, reject) => {
      void port.promise.then((bound) => {
        const asked = request({ port: bound, host: "127.0.0.1", path: "/readyz" }, (response) => {
          isAnswered = true;
          resolve(response.resume().statusCode);
        });
        asked.once("error", reject);
        asked.end();
      });
    });
    // The other hub answers, over the same loop: what was asked of this one before has had its chance.
    await port.promise;
    for (let round = 0; round < 5; round += 1) expect((await get("/readyz"))[0]).toBe(200);
    expect(isAnswered).toBe(false);
    announced.resolve();
    const started = await starting;
    expect(await answer).toBe(200);
    await started.dispose();
  });
});
