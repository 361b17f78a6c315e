/**
 * The MCP server for revisions from 2026-07-28 on, which know no sessions: each request says who asks and in which revision. The only
 * file that names the SDK for them; a bundle of its own, loaded with the first such request.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import {
  type CallToolResult,
  createMcpHandler,
  inputRequired,
  type JSONRPCMessage,
  type McpHttpHandler,
  Server,
  type ServerContext,
  type Transport,
} from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";
import { readTraceContext } from "../../protocol/trace-context.ts";
import type { ProgressUpdate } from "../calls/progress-reporter.ts";
import { wellFormed } from "../texts/well-formed.ts";
import { idOf, ListenGate, listenedFor, refusalOf } from "./listen-gate.ts";
import { answerForm, askingOnce, noElicitation, promptForm, toolForm } from "./mcp-forms.ts";
import type { AgentInfo, McpFront, McpServerOptions } from "./mcp-handlers.ts";
import { Unanswered } from "./unanswered-calls.ts";

/** Under which name a call is asked again with what the user has chosen. */
const QUESTION = "editor";

/** Node's own request: it is not declared for exactOptionalPropertyTypes. */
type RequestOfNode = Parameters<ReturnType<typeof toNodeHandler>>[0];

const CAPABILITIES = { logging: {}, tools: {}, resources: { subscribe: true }, prompts: {}, completions: {} };

/** What each request says of its client. The SDK has checked it. */
const envelopeSchema = z.object({
  "io.modelcontextprotocol/clientInfo": z.object({ name: z.string(), version: z.string() }).optional(),
  "io.modelcontextprotocol/clientCapabilities": z
    .object({ elicitation: z.object({ form: z.unknown(), url: z.unknown() }).partial().optional() })
    .optional(),
});

export class ModernServer implements McpFront {
  readonly #options: McpServerOptions;
  readonly #unanswered: Unanswered;
  /** What is being answered: messages to the user go along with it. */
  readonly #requests = new Set<ServerContext>();
  #stdio: Server | undefined;
  #http: McpHttpHandler | undefined;
  #agent: AgentInfo | undefined;

  constructor(options: McpServerOptions, unanswered = new Unanswered()) {
    this.#options = options;
    this.#unanswered = unanswered;
  }

  /** The AI client, as its last request said. */
  get agent(): AgentInfo | undefined {
    return this.#agent;
  }

  /** Tells the AI client what its user may want to know: with each request under way that asks for that level. */
  tell(level: "warn" | "error", data: object): void {
    for (const { mcpReq } of this.#requests) {
      mcpReq.log(level === "warn" ? "warning" : level, data, "godot-mcp-adapter").catch(() => {});
    }
  }

  /** Tells the AI client that a resource may have changed, where it listens for that. */
  resourceUpdated(uri: string): void {
    this.#http?.notify.resourceUpdated(uri);
    this.#stdio?.sendResourceUpdated({ uri }).catch(this.#options.onError);
  }

  /** Serves a stream, until it ends. */
  serve(stream: Transport): void {
    const { handlers, onError } = this.#options;
    const transport = new ListenGate<JSONRPCMessage>(
      stream as ConstructorParameters<typeof ListenGate>[0],
      handlers,
      onError,
    );
    serveStdio(() => (this.#stdio = this.#makeServer()), { legacy: "reject", transport, onerror: onError });
  }

  /** Answers one request over HTTP. Fulfilled when its answer is out. @param message Its body. */
  async answer(request: IncomingMessage, response: ServerResponse, message: unknown): Promise<void> {
    const { handlers, onError } = this.#options;
    this.#agent = clientSaidIn(message) ?? this.#agent;
    this.#http ??= createMcpHandler(() => this.#makeServer(), { legacy: "reject", onerror: onError });
    try {
      // Before the client is told that it listens, so that it misses nothing.
      await Promise.all(listenedFor(message).map((uri) => handlers.subscribe(uri)));
    } catch (error) {
      const refusal = { jsonrpc: "2.0", id: idOf(message), error: refusalOf(error) };
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(refusal));
      return;
    }
    await toNodeHandler(this.#http)(request as RequestOfNode, response, message);
  }

  #makeServer(): Server {
    const { name, title, version, instructions, onError } = this.#options;
    const server = new Server(
      { name, title, version },
      { capabilities: CAPABILITIES, instructions, jsonSchemaValidator: noElicitation },
    );
    server.onerror = onError;
    this.#serveTools(server);
    this.#serveResources(server);
    this.#servePrompts(server);
    return server;
  }

  #serveTools(server: Server): void {
    const { handlers } = this.#options;
    server.setRequestHandler("tools/list", (_, context) =>
      this.#during(context, () =>
        this.#unanswered.own(handlers.listTools(), (tools) => wellFormed({ tools: tools.map(toolForm) })),
      ),
    );
    server.setRequestHandler("tools/call", ({ params }, context) =>
      this.#during(context, () => this.#callTool(params.name, params.arguments ?? {}, context)),
    );
  }

  async #callTool(name: string, args: Record<string, unknown>, context: ServerContext) {
    const { handlers, onError } = this.#options;
    const { signal, _meta, notify, inputResponses } = context.mcpReq;
    const progressToken = _meta?.progressToken;
    const report = (update: ProgressUpdate) => {
      notify({ method: "notifications/progress", params: { ...update, progressToken } }).catch(onError);
    };
    const asking = askingOnce(inputResponses?.[QUESTION]);
    const answer = handlers.callTool({
      name,
      args,
      signal,
      trace: readTraceContext(_meta ?? {}),
      askUser: canAsk(context) ? asking.ask : undefined,
      report: progressToken === undefined ? undefined : report,
    });
    return this.#unanswered.forwarded(answer, (result) => {
      const { question } = asking;
      if (question) return inputRequired({ inputRequests: { [QUESTION]: question } });
      return wellFormed(answerForm(result)) satisfies CallToolResult;
    });
  }

  #serveResources(server: Server): void {
    const { handlers } = this.#options;
    server.setRequestHandler("resources/list", (_, context) =>
      this.#forwarded(context, handlers.listResources(), (resources) => ({ resources: [...resources] })),
    );
    server.setRequestHandler("resources/templates/list", (_, context) =>
      this.#forwarded(context, handlers.listTemplates(), (templates) => ({ resourceTemplates: [...templates] })),
    );
    server.setRequestHandler("resources/read", ({ params }, context) =>
      this.#forwarded(context, handlers.readResource(params.uri, context.mcpReq.signal), (content) => ({
        contents: [{ ...content }],
      })),
    );
  }

  #servePrompts(server: Server): void {
    const { handlers } = this.#options;
    server.setRequestHandler("prompts/list", (_, context) =>
      this.#forwarded(context, handlers.listPrompts(), (prompts) => ({
        prompts: prompts.map((prompt) => ({ ...prompt, arguments: [...prompt.arguments] })),
      })),
    );
    server.setRequestHandler("prompts/get", ({ params }, context) =>
      this.#forwarded(context, handlers.getPrompt(params.name, params.arguments ?? {}), promptForm),
    );
    server.setRequestHandler("completion/complete", ({ params: { ref, argument, context: known } }, context) => {
      const of = ref.type === "ref/prompt" ? ref.name : ref.uri;
      const completion = handlers.complete({ of, ...argument, known: known?.arguments ?? {} });
      return this.#forwarded(context, completion, (found) => ({ completion: { ...found, values: [...found.values] } }));
    });
  }

  #forwarded<T, R>(context: ServerContext, work: Promise<T>, shape: (value: T) => R): Promise<R> {
    return this.#during(context, () => this.#unanswered.forwarded(work, (value) => wellFormed(shape(value))));
  }

  /** Learns who asks, and keeps the request at hand while it is answered. */
  async #during<T>(context: ServerContext, answer: () => Promise<T>): Promise<T> {
    this.#agent = clientOf(context)["io.modelcontextprotocol/clientInfo"] ?? this.#agent;
    this.#requests.add(context);
    try {
      return await answer();
    } finally {
      this.#requests.delete(context);
    }
  }
}

const messageSchema = z.object({ params: z.object({ _meta: envelopeSchema }) });

function clientSaidIn(message: unknown): AgentInfo | undefined {
  return messageSchema.safeParse(message).data?.params._meta["io.modelcontextprotocol/clientInfo"];
}

function clientOf({ mcpReq }: ServerContext): z.output<typeof envelopeSchema> {
  return envelopeSchema.safeParse(mcpReq.envelope).data ?? {};
}

/** Whether the AI client asks its user by a form. An empty capability is that of forms alone. */
function canAsk(context: ServerContext): boolean {
  const { elicitation } = clientOf(context)["io.modelcontextprotocol/clientCapabilities"] ?? {};
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}
