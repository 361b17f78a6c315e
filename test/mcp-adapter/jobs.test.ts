import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Jobs } from "../../mcp-adapter/session/jobs.ts";
import { WireError } from "../../protocol/errors.ts";
import { HubProcess } from "../support/hub-process.ts";
import { type McpClient, startMcpClient } from "../support/mcp-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { deferred, until } from "../support/wait.ts";

const resultSchema = z.looseObject({
  content: z.array(z.looseObject({ text: z.string() })),
  isError: z.boolean().optional(),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
});

const MOVE = { command: "resource.move", params: { path: "res://a.tres", to: "res://b.tres" } };
const GET = { command: "job.get", params: { job: "job-1", waitMs: 0 } };

describe("a call that outlasts what an AI client waits for", () => {
  let hub: HubProcess;
  let editor: StubInstance;
  let agent: McpClient;
  let moved: ReturnType<typeof deferred<object>>;
  beforeEach(async () => {
    hub = await HubProcess.start();
    moved = deferred<object>();
    editor = new StubInstance({
      handlers: { "resource.move": () => moved.promise, "project.get_info": () => deferred().promise },
    });
    await editor.connect(hub.url, hub.token);
  });
  afterEach(async () => {
    await agent.close();
    editor.client.terminate();
    await hub.dispose();
  });

  async function open(...args: string[]): Promise<void> {
    agent = await startMcpClient({ home: hub.home, cwd: hub.home, args: ["--deadline-ms", "1000", ...args] });
  }

  async function call(name: string, args: Record<string, unknown> = {}) {
    const { content, isError, structuredContent } = resultSchema.parse(
      await agent.client.callTool({ name, arguments: args }),
    );
    return { text: content[0]?.text ?? "", isError, structured: structuredContent };
  }

  /** The answer of the job, as soon as it is there. */
  function answered(name = "command_run", args: Record<string, unknown> = GET) {
    return until(
      async () => {
        const answer = await call(name, args);
        return /running for \d+ s/.test(answer.text) ? undefined : answer;
      },
      { what: "the job's answer" },
    );
  }

  it("goes on as a job whose answer is the call's own, and runs once", async () => {
    await open();
    const handle = await call("command_run", MOVE);
    expect(handle.structured).toBeUndefined();
    expect(handle.text).toContain('command_read {"command":"job.get","params":{"job":"job-1"}}');
    expect((await call("command_run", { ...GET, format: "json" })).structured).toMatchObject({
      job: "job-1",
      state: "running",
    });
    expect((await call("hub_status")).text).toMatch(/Job job-1: command_run resource.move, running for \d+ s/);
    const waiting = answered("command_run", { command: "job.get", params: { job: "job-1" } });
    moved.resolve({ path: "res://b.tres", from: "res://a.tres" });
    const answer = await waiting;
    expect(answer.text).toContain('path: "res://b.tres"\nfrom: "res://a.tres"');
    expect((await call("command_run", GET)).text).toBe(answer.text);
    const data = await call("command_run", { ...GET, format: "json" });
    expect(data.structured).toEqual({ path: "res://b.tres", from: "res://a.tres" });
    expect((await call("hub_status")).text).toContain("Job job-1: command_run resource.move, done.");
    expect(editor.executed.map(({ method }) => method)).toEqual(["resource.move"]);
  });

  it("says how far it is", async () => {
    await open();
    await call("command_run", MOVE);
    const [command] = editor.executed;
    editor.client.sendMessage({
      jsonrpc: "2.0",
      method: "progress",
      params: { id: command?.id, progress: 3, total: 10, message: "moving" },
    });
    await until(async () => (await call("command_run", GET)).text.includes(", 3 of 10, moving"), {
      what: "its progress",
    });
  });

  it("survives the hub's death", async () => {
    await open();
    await call("command_run", MOVE);
    await hub.restart();
    await editor.connect(hub.url, hub.token);
    moved.resolve({ path: "res://b.tres" });
    expect((await answered()).text).toContain('path: "res://b.tres"');
    expect(editor.executed).toHaveLength(1);
  });

  it("can be cancelled, with its editor", async () => {
    await open();
    await call("command_run", MOVE);
    const cancelled = await call("command_run", { command: "job.cancel", params: { job: "job-1" } });
    expect(cancelled).toMatchObject({ isError: true, structured: { kind: "CANCELLED" } });
    await editor.client.next(({ message }) => message.method === "cancel", { what: "the cancel" });
    expect((await call("command_run", GET)).structured).toMatchObject({ kind: "CANCELLED" });
  });

  it("is asked for with job_get where there is no command_run", async () => {
    await open("--preset", "graphql");
    const mutation = 'mutation { resourceMove(path: "res://a.tres", to: "res://b.tres") { path } }';
    const handle = await call("godot_mutate", { mutation });
    expect(handle.text).toContain('job_get {"job":"job-1"}');
    moved.resolve({ path: "res://b.tres" });
    expect((await answered("job_get", { job: "job-1" })).text).toContain('"path":"res://b.tres"');
  });

  it("is answered with TIMEOUT where its work should take no time", async () => {
    await open();
    const { structured } = await call("command_run", { command: "project.get_info", params: {} });
    expect(structured).toMatchObject({ kind: "TIMEOUT" });
    const unknown = await call("command_run", { command: "job.get", params: { job: "job-7" } });
    expect(unknown.structured).toMatchObject({ kind: "NOT_FOUND" });
  });

  it("fails as a job as it would have failed directly", async () => {
    await open();
    await call("command_run", MOVE);
    moved.reject(new WireError("CONFLICT", "There is something at res://b.tres."));
    expect(await answered()).toMatchObject({ isError: true, structured: { kind: "CONFLICT" } });
  });
});

describe("the jobs of a session", () => {
  it("tell one that ended too long ago from one that never was: its outcome is unknown, not nothing", async () => {
    const jobs = new Jobs();
    const call = { title: "node.add", answer: Promise.resolve({ text: "done" }), cancel: () => {} };
    for (let count = 0; count < 30; count += 1) {
      jobs.add(performance.now(), call);
      await call.answer;
    }
    const kindOf = (id: string) => {
      try {
        return jobs.get(id).title;
      } catch (error) {
        return error instanceof WireError ? error.kind : error;
      }
    };
    expect(["job-1", "job-30", "job-31", "job-0", "job-01", "job-"].map(kindOf)).toEqual([
      "OUTCOME_UNKNOWN",
      "node.add",
      "NOT_FOUND",
      "NOT_FOUND",
      "NOT_FOUND",
      "NOT_FOUND",
    ]);
  });
});
