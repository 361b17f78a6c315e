/** Runs a tool of any preset against an editor of the test's making, without a hub. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, RequestContent } from "../../../hub-client/pending-request.ts";
import { TokenUsage } from "../../../mcp-adapter/calls/token-usage.ts";
import type { Tool } from "../../../mcp-adapter/calls/tool.ts";
import { runTool } from "../../../mcp-adapter/calls/tool-runner.ts";
import { Log } from "../../../mcp-adapter/process/log.ts";
import { HubSession } from "../../../mcp-adapter/session/hub-session.ts";

/** State directory of every bench. */
const HOME = mkdtempSync(join(tmpdir(), "godot-tool-bench-"));
process.once("exit", () => rmSync(HOME, { recursive: true, force: true }));

const EDITOR = {
  id: "i",
  name: "game@1",
  clientType: "godot",
  project: null,
  godotVersion: null,
  addonVersion: "1",
  pid: null,
  epoch: "e",
  headless: null,
  state: "ready",
  agents: [],
  connectedAt: "",
  lastSeenAt: "",
};

/** One session whose commands are answered by `reply`. */
export class ToolBench {
  /** Every command that was asked for, in order. */
  readonly asked: RequestContent[] = [];
  readonly usage = new TokenUsage(undefined, () => {});
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #session: HubSession;

  constructor(tools: ReadonlyMap<string, Tool>, reply: (content: RequestContent) => unknown = () => ({ ok: true })) {
    this.#tools = tools;
    const request = async (content: RequestContent): Promise<Answer> => {
      if (content.method === "hub.resolve_target") return { result: { instance: EDITOR }, instance: undefined };
      if (content.method === "hub.list_commands") return { result: { commands: [] }, instance: undefined };
      if (content.method === "scene.list_open") return { result: { scenes: [], current: null }, instance: EDITOR_NAME };
      this.asked.push(content);
      return { result: reply(content), instance: EDITOR_NAME };
    };
    const link = { request, generation: 1, isConnected: true };
    this.#session = new HubSession({ link, home: HOME, binding: () => undefined });
  }

  run(name: string, args: Record<string, unknown> = {}) {
    return runTool({ name, args, signal: new AbortController().signal, report: undefined }, this.#session, {
      tools: this.#tools,
      usage: this.usage,
      deadlineMs: 5_000,
      log: new Log("silent"),
    });
  }
}

const EDITOR_NAME = { id: "i", name: "game@1", epoch: "e" };
