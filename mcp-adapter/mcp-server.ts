/** The MCP server over stdio. The only file that names the MCP SDK: whatever replaces it is replaced here. */
import { setTimeout as delay } from "node:timers/promises";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, type CallToolResult, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { MAX_FRAME_BYTES } from "../protocol/timing.ts";
import { LineStream } from "./line-stream.ts";
import type { ProgressUpdate } from "./progress-reporter.ts";
import type { ToolListing } from "./tool.ts";
import type { ToolResult } from "./tool-result.ts";

/** Who the AI client says it is. */
export interface AgentInfo {
  readonly name: string;
  readonly version: string;
}

/** One `tools/call`. */
export interface ToolRequest {
  readonly name: string;
  readonly args: Record<string, unknown>;
  /** Aborted when the AI client cancels the call. */
  readonly signal: AbortSignal;
  /** Present when the AI client asked to hear of progress. */
  readonly report: ((update: ProgressUpdate) => void) | undefined;
}

export interface McpServerOptions {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly instructions: string;
  readonly listTools: () => Promise<readonly ToolListing[]>;
  /** Never rejects: a failure is an answer. */
  readonly callTool: (request: ToolRequest) => Promise<ToolResult>;
  readonly onError: (error: Error) => void;
}

/** What the SDK stops reading at: a line of twice what a hub takes at all, and the next chunk. */
const MAX_LINE_BYTES = 2 * MAX_FRAME_BYTES;

/** Requests that no tool of this server takes part in are answered by the SDK: initialize, ping, and errors for the rest. */
export class McpServer {
  readonly #server: Server;
  /** Answers that need nothing but this process. */
  readonly #own = new Set<Promise<unknown>>();
  readonly #calls = new Set<Promise<unknown>>();

  constructor(options: McpServerOptions) {
    const { name, title, version, instructions, onError } = options;
    this.#server = new Server(
      { name, title, version },
      { capabilities: { tools: {} }, instructions, jsonSchemaValidator: noElicitation },
    );
    this.#server.onerror = onError;
    this.#server.setRequestHandler(ListToolsRequestSchema, () =>
      track(
        this.#own,
        options.listTools().then((tools) => ({ tools: tools.map(toSdkTool) })),
      ),
    );
    this.#server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal, _meta, sendNotification }) => {
      const token = _meta?.progressToken;
      const report = (update: ProgressUpdate) => {
        if (token === undefined) return;
        sendNotification({ method: "notifications/progress", params: { ...update, progressToken: token } }).catch(
          onError,
        );
      };
      const request = { name: params.name, args: params.arguments ?? {}, signal };
      const answer = options.callTool({ ...request, report: token === undefined ? undefined : report });
      return track(this.#calls, answer.then(toSdkResult));
    });
  }

  /** The AI client, once it has introduced itself. */
  get agent(): AgentInfo | undefined {
    return this.#server.getClientVersion();
  }

  /** Starts reading stdin. */
  async start(): Promise<void> {
    const lines = process.stdin.pipe(new LineStream());
    await this.#server.connect(new StdioServerTransport(lines, process.stdout, { maxBufferSize: MAX_LINE_BYTES }));
  }

  /** Fulfilled when what has been asked so far is answered; tool calls are waited for no longer than `callsMs`. */
  async settled(callsMs: number): Promise<void> {
    const calls = Promise.race([Promise.allSettled(this.#calls), delay(callsMs)]);
    await Promise.allSettled(this.#own);
    await calls;
    // The SDK writes an answer a few microtasks after its handler is done.
    await new Promise(setImmediate);
  }
}

function track<T>(unsettled: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
  unsettled.add(work);
  const done = () => unsettled.delete(work);
  work.then(done, done);
  return work;
}

/** This server asks its client for nothing, so the validator that the SDK would bring for the answers is left out. */
const noElicitation = {
  getValidator(): never {
    throw new Error("This server elicits nothing.");
  },
};

type SdkTool = Omit<ToolListing, "inputSchema" | "outputSchema"> & {
  inputSchema: { type: "object"; [member: string]: unknown };
  outputSchema?: { type: "object"; [member: string]: unknown };
};

function toSdkTool({ inputSchema, outputSchema, ...rest }: ToolListing): SdkTool {
  return {
    ...rest,
    inputSchema: { ...inputSchema, type: "object" },
    ...(outputSchema && { outputSchema: { ...outputSchema, type: "object" as const } }),
  };
}

function toSdkResult({ text, structured, isError }: ToolResult): CallToolResult {
  return {
    content: [{ type: "text", text }],
    ...(structured && { structuredContent: structured }),
    ...(isError && { isError }),
  };
}
