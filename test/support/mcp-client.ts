/** A real AI client for tests: the SDK's own, which spawns the built adapter and speaks MCP to it over stdio. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { ClientCapabilities } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { environment } from "./hub-process.ts";
import { failOnStrayLine } from "./json-rpc-lines.ts";

export const ADAPTER_PROGRAM = fileURLToPath(new URL("../../dist/godot-mcp-adapter.js", import.meta.url));

export interface McpClientOptions {
  /** State directory of the hub to use: becomes GODOT_HUB_HOME. */
  home: string;
  /** Name of the AI client. */
  name?: string;
  /** More flags of the adapter. */
  args?: readonly string[];
  env?: Record<string, string>;
  /** Working directory of the adapter: where it looks for a project. */
  cwd?: string;
  /** What the AI client says that it can do. */
  capabilities?: ClientCapabilities;
}

/** An AI client and the adapter process that it spawned. */
export interface McpClient {
  readonly client: Client;
  /** Process id of the adapter. */
  readonly pid: number;
  /** What the adapter wrote to stderr so far. */
  stderr(): string;
  /** Ends the session as an AI client does: closes the adapter's stdin. */
  close(): Promise<void>;
}

/** Spawns an adapter and initializes an MCP session with it. */
export async function startMcpClient(options: McpClientOptions): Promise<McpClient> {
  if (!existsSync(ADAPTER_PROGRAM)) throw new Error("dist/godot-mcp-adapter.js is missing: run `npm run build`.");
  const { home, name = "test-client", args = [], env = {}, cwd, capabilities = {} } = options;
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [ADAPTER_PROGRAM, ...args],
    env: definedOnly({ ...environment(), CLAUDE_PROJECT_DIR: undefined, GODOT_HUB_HOME: home, ...env }),
    stderr: "pipe",
    ...(cwd !== undefined && { cwd }),
  });
  let stderr = "";
  transport.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  transport.onerror = (error) => {
    if (error instanceof SyntaxError || error instanceof z.core.$ZodError) failOnStrayLine(error);
  };
  const client = new Client({ name, version: "1.0.0" }, { capabilities });
  await client.connect(transport);
  return { client, pid: transport.pid ?? 0, stderr: () => stderr, close: () => client.close() };
}

/** The variables that have a value. */
export function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  const defined = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries(defined);
}
