/** Declares how an AI client talks to the model of one vendor. */

/** A call of a tool that the model wants. */
export interface ToolRequest {
  readonly name: string;
  readonly args: Record<string, unknown>;
}

/** What a client shows its model of a tool's answer. */
export interface Shown {
  readonly text: string;
  /** How many pictures. */
  readonly pictures: number;
}

/** What a client's request says. */
export interface Asked {
  /** Names of the tools that there are. */
  readonly tools: readonly string[];
  /** What tools have answered in this conversation so far. */
  readonly results: readonly Shown[];
  /** Whether the answer is wanted as a stream of events. */
  readonly isStream: boolean;
  readonly model: string;
}

export interface Dialect {
  /** True for a path at which it is spoken. */
  answers(path: string): boolean;
  read(body: unknown, path: string): Asked;
  /** An answer: text, or the call of a tool. */
  write(reply: string | ToolRequest, asked: Asked): { contentType: string; text: string };
}

/** What a client offers that starts its MCP servers beside the first question: comes back once they are there. */
export const WAIT_FOR_SERVERS = "WaitForMcpServers";

export const EVENTS = "text/event-stream";
export const JSON_TYPE = "application/json";
