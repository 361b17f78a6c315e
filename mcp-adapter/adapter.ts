/** Puts the adapter together: the MCP server in front, the session with the hub behind, a call's way between them. */
import { existsSync } from "node:fs";
import type { Patience } from "../hub-client/pending-request.ts";
import { PRODUCT_VERSION } from "../protocol/version.ts";
import { type Caller, withSession } from "./calls/caller.ts";
import type { ShownResult } from "./calls/shown-result.ts";
import type { TokenUsage } from "./calls/token-usage.ts";
import type { Tool, ToolRequest } from "./calls/tool.ts";
import { instructionsFor } from "./instructions.ts";
import type { McpFront, McpHandlers, McpServerOptions } from "./mcp/mcp-handlers.ts";
import type { Log } from "./process/log.ts";
import type { AdapterOptions } from "./process/options.ts";
import type { PromptListing } from "./prompts/prompts.ts";
import type { ResourceWatch } from "./resources/resource-watch.ts";
import type { HubSession } from "./session/hub-session.ts";

/** How long a list waits for what the project's own code has registered: the other entries are there without it. */
const LISTING_MS = 10_000;

const customContent = () => import("./resources/custom-content.ts");

/** Where the process runs and what it may start. */
export interface AdapterSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Path of the hub's program. */
  readonly hubProgram: string;
}

/** The MCP server of an adapter. */
export interface AdapterFront<Front extends McpFront> {
  readonly serve: (options: McpServerOptions) => Front;
  /** Who calls, where calls have to say so themselves. */
  readonly caller?: Caller;
}

/** What only a call needs: loaded with the first one, since most clients start with a probe. */
interface LazyServices {
  readonly session: HubSession;
  readonly watch: ResourceWatch;
  readonly usage: TokenUsage;
}

export class Adapter<Front extends McpFront> {
  readonly server: Front;
  readonly #options: AdapterOptions;
  readonly #surroundings: AdapterSurroundings;
  readonly #log: Log;
  readonly #caller: Caller | undefined;
  #services: Promise<LazyServices> | undefined;
  #toolset: Promise<ReadonlyMap<string, Tool>> | undefined;
  /** Made by the first tool call; those that come meanwhile keep their order behind it. */
  #calls: Promise<(request: ToolRequest) => Promise<ShownResult>> | undefined;
  #leave: () => void = () => {};

  constructor(
    options: AdapterOptions,
    surroundings: AdapterSurroundings,
    log: Log,
    { serve, caller }: AdapterFront<Front>,
  ) {
    this.#options = options;
    this.#caller = caller;
    this.#surroundings = surroundings;
    // What an AI client can show to its user: the adapter's stderr is mostly hidden.
    this.#log = log.heardBy((level, message, fields) => {
      if (level === "warn" || level === "error") this.server.tell(level, { message, ...fields });
    });
    this.server = serve({
      name: "godot-mcp-hub",
      title: "Godot",
      version: PRODUCT_VERSION,
      instructions: instructionsFor(options.preset, caller !== undefined),
      handlers: this.#handlers(),
      onError: (error) => log.info("MCP", { error: error.message }),
    });
  }

  /** @throws {OptionsError} when the options ask for tools that do not exist. */
  async checkOptions(): Promise<void> {
    // Only names can be wrong: the other presets are loaded when they are asked for.
    if (this.#options.toolsets.length > 0) await this.#tools();
  }

  /** Leaves the hub. */
  dispose(): void {
    this.#leave();
  }

  #handlers(): McpHandlers {
    const catalogue = () => import("./resources/catalogue.ts");
    return {
      listTools: async () => {
        const [tools, isAtProject] = await Promise.all([this.#tools(), this.#isAtProject()]);
        const listings = [...tools.values()].map((tool) => tool.listing(isAtProject));
        return this.#caller ? listings.map(withSession) : listings;
      },
      callTool: (request) => this.#callTool(request),
      listResources: async () => {
        const [{ RESOURCES }, { resources }] = await Promise.all([catalogue(), this.#customResources()]);
        return [...RESOURCES, ...resources];
      },
      listTemplates: async () => {
        const [{ TEMPLATES }, { templates }] = await Promise.all([catalogue(), this.#customResources()]);
        return [...TEMPLATES, ...templates];
      },
      readResource: async (uri, signal) => {
        const [{ readResource }, { session }] = await Promise.all([
          import("./resources/resource-reader.ts"),
          this.#lazyServices(),
        ]);
        return readResource(uri, session, { ...this.#patience(), signal });
      },
      subscribe: async (uri) => (await this.#lazyServices()).watch.add(uri, this.#patience()),
      unsubscribe: async (uri) => (await this.#lazyServices()).watch.remove(uri, this.#patience()),
      ...this.#promptHandlers(),
      complete: async (request) => {
        const [{ complete }, { session }] = await Promise.all([
          import("./resources/completion.ts"),
          this.#lazyServices(),
        ]);
        return complete(request, session, this.#patience());
      },
    };
  }

  #promptHandlers(): Pick<McpHandlers, "listPrompts" | "getPrompt"> {
    const prompts = () => import("./prompts/prompts.ts");
    return {
      listPrompts: async () => {
        const [{ PROMPT_LISTINGS }, custom] = await Promise.all([prompts(), this.#customPrompts()]);
        return [...PROMPT_LISTINGS, ...custom];
      },
      getPrompt: async (name, args) => {
        const { hasPrompt, promptText } = await prompts();
        const isCustom = !hasPrompt(name) && (await this.#mayHubRun());
        return isCustom ? this.#customPrompt(name, args) : promptText(name, args);
      },
    };
  }

  async #customResources() {
    if (!(await this.#mayHubRun())) return { resources: [], templates: [] };
    const [{ customResources }, { session }] = await Promise.all([customContent(), this.#lazyServices()]);
    return customResources(session, this.#patience(LISTING_MS));
  }

  async #customPrompts(): Promise<readonly PromptListing[]> {
    if (!(await this.#mayHubRun())) return [];
    const [{ customPrompts }, { session }] = await Promise.all([customContent(), this.#lazyServices()]);
    return customPrompts(session, this.#patience(LISTING_MS));
  }

  async #customPrompt(name: string, args: Readonly<Record<string, string>>) {
    const [{ customPrompt }, { session }] = await Promise.all([customContent(), this.#lazyServices()]);
    return customPrompt(name, args, { session, patience: this.#patience() });
  }

  /** A list is no reason to start a hub: many clients ask for it before anybody wants anything of Godot. */
  async #mayHubRun(): Promise<boolean> {
    return (await import("../hub-client/hub-endpoint.ts")).mayHubRun(this.#options);
  }

  async #callTool(request: ToolRequest): Promise<ShownResult> {
    this.#calls ??= this.#makeCaller();
    return (await this.#calls)(request);
  }

  async #makeCaller(): Promise<(request: ToolRequest) => Promise<ShownResult>> {
    const [{ runTool }, { traceToolCall }, { session, usage }, tools] = await Promise.all([
      import("./calls/tool-runner.ts"),
      import("./calls/tracing.ts"),
      this.#lazyServices(),
      this.#tools(),
    ]);
    const { deadlineMs } = this.#options;
    const options = { tools, usage, deadlineMs, log: this.#log, ...(this.#caller && { caller: this.#caller }) };
    return (request) => traceToolCall(request, (traced) => runTool(traced, session, options));
  }

  #tools(): Promise<ReadonlyMap<string, Tool>> {
    this.#toolset ??= import("./tools/preset-tools.ts").then(({ presetTools }) => presetTools(this.#options));
    return this.#toolset;
  }

  /** Whether the session is about a Godot project: where it is not, no tool has to be at hand before it is searched for. */
  async #isAtProject(): Promise<boolean> {
    const { findBinding } = await import("./session/target-binding.ts");
    const { env, cwd } = this.#surroundings;
    return findBinding({ ...this.#options, env, cwd })?.kind === "project" && existsSync(cwd);
  }

  #lazyServices(): Promise<LazyServices> {
    this.#services ??= this.#setUp();
    return this.#services;
  }

  #patience(ms = this.#options.deadlineMs): Patience {
    return { deadlineAt: performance.now() + Math.min(ms, this.#options.deadlineMs) };
  }

  async #setUp(): Promise<LazyServices> {
    const [{ HubDialer }, { HubLink }, { HubSession }, { findBinding }, { ResourceWatch }, { TokenUsage }] =
      await Promise.all([
        import("../hub-client/hub-dialer.ts"),
        import("../hub-client/hub-link.ts"),
        import("./session/hub-session.ts"),
        import("./session/target-binding.ts"),
        import("./resources/resource-watch.ts"),
        import("./calls/token-usage.ts"),
      ]);
    const { env, cwd, hubProgram } = this.#surroundings;
    const { home, url, token, tlsCa, mayLaunch, target, project, godot } = this.#options;
    const log = this.#log;
    const link: InstanceType<typeof HubLink> = new HubLink({
      dialer: new HubDialer({ home, url, token, tlsCa, mayLaunch, hubProgram, env, log }),
      log,
      identity: () => ({ clientType: "mcp", ...this.#agent, ...session.introduction, cwd }),
      onConnected: (resumed) => {
        session.rebind();
        if (!resumed) watch.restore();
      },
      onEvent: (event) => watch.receive(event),
    });
    const binding = () => findBinding({ target, project, env, cwd });
    const session: HubSession = new HubSession({ link, home, godot, binding, onUsed: () => watch.follow() });
    const patience = () => this.#patience();
    const watch: ResourceWatch = new ResourceWatch(session, (uri) => this.server.resourceUpdated(uri), patience);
    const usage: TokenUsage = new TokenUsage(this.#options.tokenBudget, (entries) => {
      if (session.isConnected) session.hub("hub.report_usage", { entries }, patience()).catch(() => {});
    });
    this.#leave = () => {
      usage.flush();
      link.dispose();
    };
    return { session, watch, usage };
  }

  get #agent() {
    const { agent } = this.server;
    return agent && { agent: { name: agent.name.slice(0, 100), version: agent.version.slice(0, 100) } };
  }
}
