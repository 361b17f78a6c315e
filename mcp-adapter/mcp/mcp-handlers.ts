/** What an MCP server asks of whoever knows about Godot: the seam between the SDK and the rest of the adapter. */

import type { ShownResult } from "../calls/shown-result.ts";
import type { ToolListing, ToolRequest } from "../calls/tool.ts";
import type { PromptListing } from "../prompts/prompts.ts";
import type { ResourceListing, TemplateListing } from "../resources/catalogue.ts";
import type { Completion, CompletionRequest } from "../resources/completion.ts";
import type { ResourceContent } from "../resources/resource-reader.ts";

/** Who the AI client says it is. */
export interface AgentInfo {
  readonly name: string;
  readonly version: string;
}

/** An MCP server: what it says of itself, and what it asks for its answers. */
export interface McpServerOptions {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly instructions: string;
  readonly handlers: McpHandlers;
  readonly onError: (error: Error) => void;
}

/** What the rest of the adapter knows of an MCP server. */
export interface McpFront {
  /** The AI client, once it has said who it is. */
  readonly agent: AgentInfo | undefined;
  /** Tells the AI client what its user may want to know, if it wants to hear of that level. */
  tell(level: "warn" | "error", data: object): void;
  /** Tells the AI client that a resource which it watches may have changed. */
  resourceUpdated(uri: string): void;
}

/** A handler that rejects with a RequestError refuses the request with its code. */
export interface McpHandlers {
  listTools(): Promise<readonly ToolListing[]>;
  /** Never rejects: a failure is an answer. */
  callTool(request: ToolRequest): Promise<ShownResult>;
  listResources(): Promise<readonly ResourceListing[]>;
  listTemplates(): Promise<readonly TemplateListing[]>;
  readResource(uri: string, signal: AbortSignal): Promise<ResourceContent>;
  subscribe(uri: string): Promise<void>;
  unsubscribe(uri: string): Promise<void>;
  listPrompts(): Promise<readonly PromptListing[]>;
  getPrompt(name: string, args: Readonly<Record<string, string>>): Promise<{ description: string; text: string }>;
  complete(request: CompletionRequest): Promise<Completion>;
}
