/**
 * The MCP server for clients that begin with `initialize`, over stdio or HTTP. The only file that names the SDK for them: whatever
 * replaces it is replaced here. Over stdio, messages of the newer era go to the server of theirs.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
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
import { MAX_FRAME_BYTES } from "../../protocol/timing.ts";
import { readTraceContext } from "../../protocol/trace-context.ts";
import type { ProgressUpdate } from "../calls/progress-reporter.ts";
import { readToolCall } from "../process/json-rpc.ts";
import { StdioTransport } from "../process/stdio-transport.ts";
import { wellFormed } from "../texts/well-formed.ts";
import { EraRouter, type MessageStream } from "./era-router.ts";
import { answerForm, askingBy, noElicitation, promptForm, toolForm } from "./mcp-forms.ts";
import type { AgentInfo, McpFront, McpHandlers, McpServerOptions } from "./mcp-handlers.ts";
import { SentEvents } from "./sent-events.ts";
import { Unanswered } from "./unanswered-calls.ts";

/** What this server can do besides answering. */
const CAPABILITIES = { logging: {}, tools: {}, resources: { subscribe: true }, prompts: {}, completions: {} };

/** One session over HTTP. */
export interface HttpSession {
  /** @param message The request's body, where it has been read. */
  handle(request: IncomingMessage, response: ServerResponse, message?: unknown): Promise<void>;
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
export class McpServer implements McpFront {
  readonly #options: McpServerOptions;
  readonly #server: Server;
  readonly #unanswered = new Unanswered();
  /** The newer era's, once there was a message for it. */
  #modern: McpFront | undefined;
  #isJsonOnly = false;

  constructor(options: McpServerOptions) {
    this.#options = options;
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
    return this.#server.getClientVersion() ?? this.#modern?.agent;
  }

  /** Tells the AI client what its user may want to know, if it wants to hear of that level. */
  tell(level: "warn" | "error", data: object): void {
    this.#modern?.tell(level, data);
    if (!this.#isInitialized) return;
    const message = { level: level === "warn" ? ("warning" as const) : level, logger: "godot-mcp-adapter", data };
    this.#server.sendLoggingMessage(message).catch(() => {});
  }

  /** Tells the AI client that a resource which it watches may have changed. */
  resourceUpdated(uri: string): void {
    this.#modern?.resourceUpdated(uri);
    if (this.#isInitialized)
      this.#server.sendResourceUpdated({ uri }).catch((error: Error) => this.#server.onerror?.(error));
  }

  /** Starts reading stdin. */
  async start(): Promise<void> {
    const stdio: MessageStream<JSONRPCMessage> = new StdioTransport<JSONRPCMessage>(MAX_LINE_BYTES);
    await this.#server.connect(new EraRouter(stdio, (end) => this.#serveModern(end)).legacy);
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
      handle: (request, response, message) => transport.handleRequest(request, response, message),
      close: () => void transport.close().catch(() => {}),
    };
  }

  /** Fulfilled when what has been asked so far is answered; tool calls are waited for no longer than `callsMs`. */
  settled(callsMs: number): Promise<void> {
    return this.#unanswered.settled(callsMs);
  }

  /** A bundle of its own: clients that begin with `initialize` do not pay for it. */
  async #serveModern(end: MessageStream<JSONRPCMessage>): Promise<void> {
    const { ModernServer } = await import("./modern-server.ts");
    const modern = new ModernServer(this.#options, this.#unanswered);
    this.#modern = modern;
    modern.serve(end);
  }

  get #isInitialized(): boolean {
    return this.#server.getClientVersion() !== undefined;
  }

  /** Whether the AI client has said that it asks its user for us, by a form, and can be reached amid a call. */
  get #canAsk(): boolean {
    return !this.#isJsonOnly && this.#server.getClientCapabilities()?.elicitation?.form !== undefined;
  }

  #serveTools(handlers: McpHandlers, onError: (error: Error) => void): void {
    this.#server.setRequestHandler(ListToolsRequestSchema, () =>
      this.#unanswered.own(handlers.listTools(), (tools) => ({ tools: tools.map(toolForm) })),
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
        return this.#unanswered.forwarded(answer, answerForm);
      },
    );
  }

  #serveResources(handlers: McpHandlers): void {
    const server = this.#server;
    server.setRequestHandler(ListResourcesRequestSchema, () =>
      this.#unanswered.forwarded(handlers.listResources(), (resources) => ({ resources: [...resources] })),
    );
    server.setRequestHandler(ListResourceTemplatesRequestSchema, () =>
      this.#unanswered.forwarded(handlers.listTemplates(), (templates) => ({ resourceTemplates: [...templates] })),
    );
    server.setRequestHandler(ReadResourceRequestSchema, ({ params }, { signal }) =>
      this.#unanswered.forwarded(handlers.readResource(params.uri, signal), (content) => ({
        contents: [{ ...content }],
      })),
    );
    server.setRequestHandler(SubscribeRequestSchema, ({ params }) =>
      this.#unanswered.forwarded(handlers.subscribe(params.uri), () => ({})),
    );
    server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) =>
      this.#unanswered.forwarded(handlers.unsubscribe(params.uri), () => ({})),
    );
  }

  #servePrompts(handlers: McpHandlers): void {
    const server = this.#server;
    server.setRequestHandler(ListPromptsRequestSchema, () =>
      this.#unanswered.forwarded(handlers.listPrompts(), (prompts) => ({
        prompts: prompts.map((prompt) => ({ ...prompt, arguments: [...prompt.arguments] })),
      })),
    );
    server.setRequestHandler(GetPromptRequestSchema, ({ params }) =>
      this.#unanswered.forwarded(handlers.getPrompt(params.name, params.arguments ?? {}), promptForm),
    );
    server.setRequestHandler(CompleteRequestSchema, ({ params: { ref, argument, context } }) =>
      this.#unanswered.forwarded(
        handlers.complete({
          of: ref.type === "ref/prompt" ? ref.name : ref.uri,
          ...argument,
          known: context?.arguments ?? {},
        }),
        (completion) => ({ completion: { ...completion } }),
      ),
    );
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
