/** The MCP server, over stdio or HTTP. The only file that names the MCP SDK: whatever replaces it is replaced here. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ElicitResultSchema,
  GetPromptRequestSchema,
  type JSONRPCMessage,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { MAX_FRAME_BYTES } from "../protocol/timing.ts";
import { readTraceContext } from "../protocol/trace-context.ts";
import type { ProgressUpdate } from "./calls/progress-reporter.ts";
import { SentEvents } from "./http/sent-events.ts";
import { answerForm, askingBy, toolForm } from "./mcp-forms.ts";
import type { AgentInfo, McpHandlers } from "./mcp-handlers.ts";
import { noElicitation } from "./no-elicitation.ts";
import { readToolCall } from "./process/json-rpc.ts";
import { StdioTransport } from "./process/stdio-transport.ts";
import { wellFormed } from "./texts/well-formed.ts";

export interface McpServerOptions {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly instructions: string;
  readonly handlers: McpHandlers;
  readonly onError: (error: Error) => void;
}

/** What this server can do besides answering. */
const CAPABILITIES = { logging: {}, tools: {}, resources: { subscribe: true }, prompts: {}, completions: {} };

/** One session over HTTP. */
export interface HttpSession {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Ends its streams. */
  close(): void;
}

/** How a session answers, when it has its id, and when its client has ended it. */
export interface HttpSessionEvents {
  /** Its client reads no streams of events. */
  readonly isJsonOnly: boolean;
  readonly onOpened: (id: string) => void;
  readonly onClosed: (id: string) => void;
}

/** Longest line that is read: twice what a hub takes at all. */
const MAX_LINE_BYTES = 2 * MAX_FRAME_BYTES;

/** Requests that no tool of this server takes part in are answered by the SDK: initialize, ping, and errors for the rest. */
export class McpServer {
  readonly #server: Server;
  /** Answers that need nothing but this process. */
  readonly #own = new Set<Promise<unknown>>();
  readonly #calls = new Set<Promise<unknown>>();
  #isJsonOnly = false;

  constructor(options: McpServerOptions) {
    const { name, title, version, instructions, onError, handlers } = options;
    this.#server = new Server(
      { name, title, version },
      { capabilities: CAPABILITIES, instructions, jsonSchemaValidator: noElicitation },
    );
    this.#server.onerror = onError;
    this.#serveTools(handlers, onError);
    this.#serveResources(handlers);
    this.#servePrompts(handlers);
  }

  /** The AI client, once it has introduced itself. */
  get agent(): AgentInfo | undefined {
    return this.#server.getClientVersion();
  }

  /** Tells the AI client what its user may want to know, if it wants to hear of that level. */
  tell(level: "warn" | "error", data: object): void {
    if (!this.agent) return;
    const message = { level: level === "warn" ? ("warning" as const) : level, logger: "godot-mcp-adapter", data };
    this.#server.sendLoggingMessage(message).catch(() => {});
  }

  /** Tells the AI client that a resource which it watches may have changed. */
  resourceUpdated(uri: string): void {
    this.#server.sendResourceUpdated({ uri }).catch((error: Error) => this.#server.onerror?.(error));
  }

  /** Starts reading stdin. */
  async start(): Promise<void> {
    await this.#server.connect(new StdioTransport<JSONRPCMessage>(MAX_LINE_BYTES));
  }

  /** Starts a session over HTTP. */
  async startHttp({ isJsonOnly, onOpened, onClosed }: HttpSessionEvents): Promise<HttpSession> {
    this.#isJsonOnly = isJsonOnly;
    const { StreamableHTTPServerTransport } = await import("@modelcontextprotocol/sdk/server/streamableHttp.js");
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: isJsonOnly,
      onsessioninitialized: onOpened,
      onsessionclosed: onClosed,
      eventStore: new SentEvents<JSONRPCMessage>(),
      maxRequestBodySize: MAX_FRAME_BYTES,
    });
    const send = transport.send.bind(transport);
    transport.send = (message, options) => send(wellFormed(message), options);
    // The SDK's own transport is not declared for exactOptionalPropertyTypes.
    await this.#server.connect(transport as Transport);
    readToolCallsOf(transport as Transport);
    return {
      handle: (request, response) => transport.handleRequest(request, response),
      close: () => void transport.close().catch(() => {}),
    };
  }

  /** Fulfilled when what has been asked so far is answered; tool calls are waited for no longer than `callsMs`. */
  async settled(callsMs: number): Promise<void> {
    const calls = Promise.race([Promise.allSettled(this.#calls), delay(callsMs)]);
    await Promise.allSettled(this.#own);
    await calls;
    // The SDK writes an answer a few microtasks after its handler is done.
    await new Promise(setImmediate);
  }

  /** Whether the AI client has said that it asks its user for us, by a form, and can be reached amid a call. */
  get #canAsk(): boolean {
    return !this.#isJsonOnly && this.#server.getClientCapabilities()?.elicitation?.form !== undefined;
  }

  #serveTools(handlers: McpHandlers, onError: (error: Error) => void): void {
    this.#server.setRequestHandler(ListToolsRequestSchema, () =>
      this.#answer(handlers.listTools(), (tools) => ({ tools: tools.map(toolForm) })),
    );
    this.#server.setRequestHandler(
      CallToolRequestSchema,
      ({ params }, { signal, _meta, sendNotification, sendRequest }) => {
        const token = _meta?.progressToken;
        const report = (update: ProgressUpdate) => {
          if (token === undefined) return;
          sendNotification({ method: "notifications/progress", params: { ...update, progressToken: token } }).catch(
            onError,
          );
        };
        const request = {
          name: params.name,
          args: params.arguments ?? {},
          signal,
          trace: readTraceContext(_meta ?? {}),
        };
        // By way of the call that the question is about: a client over HTTP listens there.
        const askUser = askingBy((question, timeout) => sendRequest(question, ElicitResultSchema, { timeout, signal }));
        const answer = handlers.callTool({
          ...request,
          askUser: this.#canAsk ? askUser : undefined,
          report: token === undefined ? undefined : report,
        });
        return this.#forwarded(answer, answerForm);
      },
    );
  }

  #serveResources(handlers: McpHandlers): void {
    const server = this.#server;
    server.setRequestHandler(ListResourcesRequestSchema, () =>
      this.#forwarded(handlers.listResources(), (resources) => ({ resources: [...resources] })),
    );
    server.setRequestHandler(ListResourceTemplatesRequestSchema, () =>
      this.#forwarded(handlers.listTemplates(), (templates) => ({ resourceTemplates: [...templates] })),
    );
    server.setRequestHandler(ReadResourceRequestSchema, ({ params }, { signal }) =>
      this.#forwarded(handlers.readResource(params.uri, signal), (content) => ({ contents: [{ ...content }] })),
    );
    server.setRequestHandler(SubscribeRequestSchema, ({ params }) =>
      this.#forwarded(handlers.subscribe(params.uri), () => ({})),
    );
    server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) =>
      this.#forwarded(handlers.unsubscribe(params.uri), () => ({})),
    );
  }

  #servePrompts(handlers: McpHandlers): void {
    const server = this.#server;
    server.setRequestHandler(ListPromptsRequestSchema, () =>
      this.#forwarded(handlers.listPrompts(), (prompts) => ({
        prompts: prompts.map((prompt) => ({ ...prompt, arguments: [...prompt.arguments] })),
      })),
    );
    server.setRequestHandler(GetPromptRequestSchema, ({ params }) =>
      this.#forwarded(handlers.getPrompt(params.name, params.arguments ?? {}), ({ description, text }) => ({
        description,
        messages: [{ role: "user" as const, content: { type: "text" as const, text } }],
      })),
    );
    server.setRequestHandler(CompleteRequestSchema, ({ params: { ref, argument, context } }) =>
      this.#forwarded(
        handlers.complete({
          of: ref.type === "ref/prompt" ? ref.name : ref.uri,
          ...argument,
          known: context?.arguments ?? {},
        }),
        (completion) => ({ completion: { ...completion } }),
      ),
    );
  }

  /** An answer that may need the hub. */
  #forwarded<T, R>(work: Promise<T>, shape: (value: T) => R): Promise<R> {
    return track(this.#calls, work.then(shape));
  }

  /** An answer that needs nothing but this process. */
  #answer<T, R>(work: Promise<T>, shape: (value: T) => R): Promise<R> {
    return track(this.#own, work.then(shape));
  }
}

/** Has the arguments of tool calls read as they are meant, before the SDK looks at them. */
function readToolCallsOf(transport: Transport): void {
  const { onmessage } = transport;
  transport.onmessage = (message, extra) => {
    const read = readToolCall({ ...message });
    if ("message" in read) onmessage?.(read.message as typeof message, extra);
    else for (const { id, ...error } of read.answers) if (id !== null) void transport.send({ ...error, id });
  };
}

function track<T>(unsettled: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
  unsettled.add(work);
  const done = () => unsettled.delete(work);
  work.then(done, done);
  return work;
}
