/** An AI client of the newer era of MCP: the SDK's own, pinned to its revision, over stdio or HTTP. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { environment } from "./hub-process.ts";
import { ADAPTER_PROGRAM, definedOnly } from "./mcp-client.ts";

export const REVISION = "2026-07-28";

export interface ModernClientOptions {
  readonly name?: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly capabilities?: object;
}

/** The `_meta` by which a request names its revision and its client. */
export function envelope(revision = REVISION, capabilities: object = {}) {
  return {
    _meta: {
      "io.modelcontextprotocol/protocolVersion": revision,
      "io.modelcontextprotocol/clientInfo": { name: "bare", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": capabilities,
    },
  };
}

function clientOf({ name = "modern", capabilities = {} }: ModernClientOptions): Client {
  return new Client({ name, version: "1.0.0" }, { capabilities, versionNegotiation: { mode: { pin: REVISION } } });
}

/** Spawns an adapter and asks it what it offers. */
export async function startModernClient(home: string, options: ModernClientOptions = {}): Promise<Client> {
  const { args = [], cwd = home } = options;
  const env = definedOnly({ ...environment(), CLAUDE_PROJECT_DIR: undefined, GODOT_HUB_HOME: home });
  const client = clientOf(options);
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [ADAPTER_PROGRAM, ...args], env, cwd, stderr: "pipe" }),
  );
  return client;
}

/** The same of an adapter that serves over HTTP. */
export async function connectModernClient(url: URL, token: string, options: ModernClientOptions = {}): Promise<Client> {
  const client = clientOf(options);
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  return client;
}
