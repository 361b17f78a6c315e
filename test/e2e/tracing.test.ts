/** One trace from an AI client through adapter and hub into a real editor, and back. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { parseTraceparent } from "../../protocol/trace-context.ts";
import { HubProcess } from "../support/hub-process.ts";
import { type McpClient, startMcpClient } from "../support/mcp-client.ts";
import { openAdapter } from "../support/protocol-client.ts";
import { Studio } from "../support/studio.ts";
import { until } from "../support/wait.ts";

const ADDON = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")


func _enter_tree() -> void:
	GodotMcpHub.register_command("probe.who", "Who asks.", {}, func(_params: Dictionary, context: Dictionary) -> Dictionary: return context, true)
`;
const CONFIG = '[plugin]\nname="Probe"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';
const RECORDER = fileURLToPath(new URL("../support/span-recorder.mjs", import.meta.url));

const spanSchema = z.object({
  program: z.string(),
  scope: z.string(),
  name: z.string(),
  kind: z.number(),
  traceId: z.string(),
  spanId: z.string(),
  parent: z.string().nullable(),
  traceState: z.string().nullable(),
  status: z.number(),
  attributes: z.record(z.string(), z.unknown()),
  startMs: z.number(),
  endMs: z.number(),
});

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const meta = { traceparent: `00-${TRACE_ID}-${PARENT}-01`, tracestate: "vendor=1,other=two" };
const whoSchema = z.object({
  agent: z.string(),
  traceparent: z.string().optional(),
  tracestate: z.string().optional(),
});

let folder: string;
let studio: Studio;
let agents: McpClient[];
const sdk = () => ({
  NODE_OPTIONS: `--import ${pathToFileURL(RECORDER)}`,
  SPANS_FILE: join(folder, "spans.jsonl"),
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "godot-hub-spans-"));
  agents = [];
  studio = await Studio.open({ env: sdk() });
  await studio.editors(["traced-game"], {
    files: { "addons/probe/plugin.cfg": CONFIG, "addons/probe/plugin.gd": ADDON },
    addons: ["res://addons/probe/plugin.cfg"],
  });
}, 120_000);
afterAll(async () => {
  for (const agent of agents) await agent.close();
  await studio.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function agent(env: Record<string, string> = {}): Promise<McpClient> {
  const started = await startMcpClient({ home: studio.hub.home, cwd: studio.hub.home, env });
  agents.push(started);
  return started;
}

/** The requester that the custom command got in the editor, and the trace that the AI client got back. */
async function ask({ client }: McpClient, _meta?: Record<string, unknown>) {
  const args = { name: "command_run", arguments: { command: "probe.who", params: {}, format: "json" } };
  const result = await client.callTool({ ...args, ...(_meta && { _meta }) });
  if (result.isError) throw new Error(JSON.stringify(result.content));
  return { who: whoSchema.parse(result.structuredContent), meta: result._meta };
}

function spans(traceId: string) {
  const path = join(folder, "spans.jsonl");
  const lines = existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  return lines.map((line) => spanSchema.parse(JSON.parse(line))).filter((span) => span.traceId === traceId);
}

describe("trace context", () => {
  it("makes one trace of the spans of adapter and hub, in which Godot has its place", async () => {
    const { who, meta: returned } = await ask(await agent(sdk()), meta);
    const all = await until(() => spans(TRACE_ID).length === 4 && spans(TRACE_ID), { what: "four spans" });
    const named = (name: string) => {
      const span = all.find((each) => each.name === name);
      if (!span) throw new Error(`No span '${name}' among ${all.map((each) => each.name).join(", ")}.`);
      return span;
    };
    const [tool, command] = [named("tools/call command_run"), named("custom command")];
    const [queue, editor] = [named("queue custom command"), named("editor custom command")];
    expect(tool).toMatchObject({ program: "godot-mcp-adapter.js", scope: "godot-mcp-adapter", parent: PARENT });
    expect(command).toMatchObject({ program: "godot-hub.js", scope: "godot-mcp-hub", parent: tool.spanId });
    expect([queue.parent, editor.parent]).toEqual([command.spanId, command.spanId]);
    expect([tool.kind, command.kind, editor.kind]).toEqual([1, 1, 2]);
    // Godot gets the span that waits for it, and the AI client the span that answers it.
    expect(who.traceparent).toBe(`00-${TRACE_ID}-${editor.spanId}-01`);
    expect(who.tracestate).toBe(meta.tracestate);
    expect(returned).toMatchObject({ traceparent: `00-${TRACE_ID}-${tool.spanId}-01`, tracestate: meta.tracestate });
    expect(tool.attributes).toMatchObject({ "mcp.method.name": "tools/call", "gen_ai.tool.name": "command_run" });
    expect(command.attributes).toMatchObject({ "rpc.system": "jsonrpc", "rpc.method": "probe.who" });
    expect(editor.attributes["godot.instance.name"]).toMatch(/^traced-game@/);
    // The parts lie in the whole, one after the other.
    expect(queue.startMs).toBe(command.startMs);
    expect(queue.endMs).toBe(editor.startMs);
    expect(editor.endMs).toBe(command.endMs);
    expect(all.every(({ status }) => status === 0)).toBe(true);
  });

  it("tells what failed in the spans of the call and of the command", async () => {
    const traceId = TRACE_ID.replace("0af", "1bf");
    const { client } = await agent(sdk());
    const asked = { command: "node.get_properties", params: { scene: "res://no_such.tscn", path: "." } };
    await client.callTool({
      name: "command_run",
      arguments: asked,
      _meta: { traceparent: `00-${traceId}-${PARENT}-01` },
    });
    const failed = await until(() => spans(traceId).length === 4 && spans(traceId), { what: "four spans" });
    for (const name of ["tools/call command_run", "node.get_properties", "editor node.get_properties"]) {
      const span = failed.find((each) => each.name === name);
      expect([name, span?.status, span?.attributes["error.type"]]).toEqual([name, 2, "NOT_FOUND"]);
    }
  });

  it("begins a trace where the client has none, and where what it gives is none", async () => {
    const traced = await agent(sdk());
    for (const given of [undefined, { traceparent: "00-nonsense-01" }, { traceparent: 7 }]) {
      const { who, meta: returned } = await ask(traced, given);
      const { traceparent } = z.object({ traceparent: z.string() }).parse(returned);
      const { traceId } = parseTraceparent(traceparent) ?? { traceId: "none" };
      expect(parseTraceparent(who.traceparent ?? "")?.traceId).toBe(traceId);
      await until(() => spans(traceId).some(({ parent, name }) => parent === null && name.startsWith("tools/call")), {
        what: "the root of the trace",
      });
    }
  });

  it("passes through an adapter without an SDK as it is", async () => {
    const plain = await agent();
    const { who, meta: returned } = await ask(plain, meta);
    expect(returned).toEqual(expect.objectContaining(meta));
    // The hub has an SDK: what reaches Godot is of the same trace.
    expect(parseTraceparent(who.traceparent ?? "")?.traceId).toBe(TRACE_ID);
    expect((await ask(plain)).meta?.traceparent).toBeUndefined();
  });

  it("passes through a hub without an SDK as it is, and comes back with Godot's answer", async () => {
    await studio.hub.kill();
    const plain = await HubProcess.start({ home: studio.hub.home });
    try {
      const started = await agent();
      expect((await ask(started, meta)).who).toMatchObject(meta);
      expect((await ask(started)).who.traceparent).toBeUndefined();
      const { client } = await openAdapter(plain.url, plain.token);
      const answers = [await client.request("probe.who", {}, meta), await client.request("node.no_such", {}, meta)];
      expect(answers.map(({ traceparent }) => traceparent)).toEqual([meta.traceparent, meta.traceparent]);
      expect((await client.request("probe.who")).traceparent).toBeUndefined();
      await client.close();
    } finally {
      await plain.dispose();
    }
  });
});
