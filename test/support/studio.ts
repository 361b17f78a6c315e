/** The whole product as a developer has it: a hub process, real editors on projects of their own, AI clients with their adapters. */
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { type EditorOptions, GodotEditor } from "./godot-editor.ts";
import { type HubOptions, HubProcess } from "./hub-process.ts";
import { type McpClient, type McpClientOptions, startMcpClient } from "./mcp-client.ts";
import { openAdapter, type ProtocolClient } from "./protocol-client.ts";
import { until } from "./wait.ts";

const EDITOR_DEADLINE_MS = 150_000;

/** What `hub.list_instances` says of an instance, as far as tests look at it. */
export interface ListedInstance {
  id: string;
  name: string;
  state: string;
  pid: number;
  epoch: string;
  project: { name: string; path: string };
}

/** Everything that was started through it is ended by `dispose`. */
export class Studio {
  readonly hub: HubProcess;
  readonly #editors: GodotEditor[] = [];
  readonly #agents: McpClient[] = [];

  private constructor(hub: HubProcess) {
    this.hub = hub;
  }

  static async open(options: HubOptions = {}): Promise<Studio> {
    return new Studio(await HubProcess.start(options));
  }

  /** Starts editors side by side, each on a project of that name, and waits until all are ready. */
  async editors(names: readonly string[], options: EditorOptions = {}): Promise<GodotEditor[]> {
    const env = { GODOT_HUB_HOME: this.hub.home, ...options.env };
    const started = names.map((name) => GodotEditor.start({ ...options, name, env }));
    this.#editors.push(...started);
    for (const editor of started) await this.ready(editor);
    return started;
  }

  /** Waits until `editor` is registered and takes commands. */
  async ready(editor: GodotEditor): Promise<ListedInstance> {
    return until(
      async () => {
        if (!editor.isRunning) throw new Error(`The editor has ended:\n${editor.output}`);
        const instances = await this.instances();
        return instances.find(({ pid, state }) => pid === editor.pid && (state === "ready" || state === "busy"));
      },
      { what: `the editor on ${editor.project}`, deadlineMs: EDITOR_DEADLINE_MS },
    );
  }

  /** An AI client that works from outside any project, unless `options` say otherwise. */
  async agent(name: string, options: Partial<McpClientOptions> = {}): Promise<Agent> {
    const mcp = await startMcpClient({ home: this.hub.home, cwd: this.hub.home, name, ...options });
    this.#agents.push(mcp);
    return new Agent(mcp);
  }

  /** A separate connection to the hub, as an observer. */
  async observe<T>(look: (client: ProtocolClient) => Promise<T>): Promise<T> {
    const { client } = await openAdapter(this.hub.url, this.hub.token, { identify: { clientType: "watcher" } });
    try {
      return await look(client);
    } finally {
      await client.close();
    }
  }

  async instances(): Promise<ListedInstance[]> {
    return this.observe(async (client) => {
      const { result } = await client.request("hub.list_instances");
      return (result as { instances: ListedInstance[] }).instances;
    });
  }

  /** The counters of `hub.status`. */
  async counters(): Promise<Record<string, number>> {
    return this.observe(async (client) => {
      const { result } = await client.request("hub.status");
      return (result as { counters: Record<string, number> }).counters;
    });
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.#agents.map((agent) => agent.close()));
    await Promise.allSettled(this.#editors.map((editor) => editor.dispose()));
    await this.hub.dispose();
  }
}

/** An AI client as a test uses it. */
export class Agent {
  readonly mcp: McpClient;

  constructor(mcp: McpClient) {
    this.mcp = mcp;
  }

  /** Calls a tool and returns whatever it answers. */
  async call(name: string, args: Record<string, unknown> = {}): Promise<CallToolResult> {
    return (await this.mcp.client.callTool({ name, arguments: args })) as CallToolResult;
  }

  /** Runs a command and returns its result as data; an error fails the test with what the tool said. */
  async run(command: string, params: Record<string, unknown> = {}, target?: string): Promise<Record<string, unknown>> {
    const named = target !== undefined && { target };
    const result = await this.call("command_run", { command, params, format: "json", ...named });
    if (result.isError) throw new Error(`${command}: ${textOf(result)}`);
    return result.structuredContent ?? {};
  }
}

/** An answer of a tool, as clients of either era have it. */
type Answer = Pick<CallToolResult, "content" | "isError"> & { structuredContent?: unknown };

/** The text that a model reads. */
export function textOf(result: Pick<Answer, "content">): string {
  return result.content.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n");
}

/** The error kind that a tool answered with; undefined when it succeeded. */
export function kindOf({ isError, structuredContent }: Answer): unknown {
  const isObject = typeof structuredContent === "object" && structuredContent !== null;
  return isError && isObject && "kind" in structuredContent ? structuredContent.kind : undefined;
}
