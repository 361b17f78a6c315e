/** Puts the adapter together: the MCP server in front, the session with the hub behind, a call's way between them. */
import { PRODUCT_VERSION } from "../protocol/version.ts";
import type { HubLink } from "./hub-link.ts";
import type { HubSession } from "./hub-session.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import type { Log } from "./log.ts";
import { McpServer, type ToolRequest } from "./mcp-server.ts";
import type { AdapterOptions } from "./options.ts";
import type { ToolResult } from "./tool-result.ts";

/** Where the process runs and what it may start. */
export interface AdapterSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Path of the hub's program. */
  readonly hubProgram: string;
}

/** What only a call needs: loaded with the first one, since most clients start with a probe. */
interface Backstage {
  readonly link: HubLink;
  readonly session: HubSession;
}

export class Adapter {
  readonly #options: AdapterOptions;
  readonly #surroundings: AdapterSurroundings;
  readonly #log: Log;
  readonly #server: McpServer;
  #backstage: Promise<Backstage> | undefined;
  #link: HubLink | undefined;

  constructor(options: AdapterOptions, surroundings: AdapterSurroundings, log: Log) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#log = log;
    this.#server = new McpServer({
      name: "godot-mcp-hub",
      title: "Godot",
      version: PRODUCT_VERSION,
      instructions: INSTRUCTIONS,
      listTools: () => this.#listTools(),
      callTool: (request) => this.#callTool(request),
      onError: (error) => log.warn("MCP", { error: error.message }),
    });
  }

  /** Starts serving. */
  start(): Promise<void> {
    return this.#server.start();
  }

  /** Fulfilled when what the AI client has asked so far is answered, or tool calls have had another `callsMs`. */
  settled(callsMs: number): Promise<void> {
    return this.#server.settled(callsMs);
  }

  /** Leaves the hub. */
  dispose(): void {
    this.#link?.dispose();
  }

  async #listTools() {
    const { TOOLS } = await import("./tools/index.ts");
    return [...TOOLS.values()].map((tool) => tool.listing());
  }

  async #callTool(request: ToolRequest): Promise<ToolResult> {
    // Taken before anything is loaded, so that calls that come together keep their order.
    this.#backstage ??= this.#setUp();
    const [{ runTool }, { session }] = await Promise.all([import("./tool-runner.ts"), this.#backstage]);
    return runTool(request, session, { deadlineMs: this.#options.deadlineMs, log: this.#log });
  }

  async #setUp(): Promise<Backstage> {
    const [{ HubDialer }, { HubLink }, { HubSession }, { findBinding }] = await Promise.all([
      import("./hub-dialer.ts"),
      import("./hub-link.ts"),
      import("./hub-session.ts"),
      import("./target-binding.ts"),
    ]);
    const { env, cwd, hubProgram } = this.#surroundings;
    const { home, url, token, mayLaunch, target, project } = this.#options;
    const log = this.#log;
    const link: HubLink = new HubLink({
      dialer: new HubDialer({ home, url, token, mayLaunch, hubProgram, env, log }),
      log,
      introduce: () => ({ ...this.#agent, ...session.introduction, cwd }),
      onConnected: () => session.rebind(),
    });
    const session: HubSession = new HubSession({
      link,
      binding: () => findBinding({ target, project, env, cwd }),
    });
    this.#link = link;
    return { link, session };
  }

  get #agent() {
    const { agent } = this.#server;
    return agent && { agent: { name: agent.name.slice(0, 100), version: agent.version.slice(0, 100) } };
  }
}
