/** OpenTelemetry spans of commands, where the user's process has an SDK; without one, trace context is only passed on. */
import {
  type Attributes,
  type Context,
  createTraceState,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { type ErrorObject, errorKind } from "../../protocol/errors.ts";
import { formatTraceparent, parseTraceparent, type TraceContext } from "../../protocol/trace-context.ts";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import type { HubEvents } from "../scheduling/hub-events.ts";
import type { PendingRequest } from "../scheduling/pending-request.ts";
import type { TraceOf } from "../scheduling/scheduler.ts";

/** Makes spans if an SDK was registered before the hub was made (`node --import`), and says which trace an instance gets with a command. */
export function traceCommands(events: HubEvents): TraceOf {
  const tracer = registeredTracer();
  if (!tracer) return (request) => request.trace;
  const spans = new CommandSpans(tracer, events);
  return (request) => spans.onSending(request);
}

function registeredTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  // The api's own stand-in: nobody has registered anything behind it.
  if (provider instanceof ProxyTracerProvider && !provider.getDelegateTracer("godot-mcp-hub")) return undefined;
  return provider.getTracer("godot-mcp-hub", PRODUCT_VERSION);
}

/** The spans of one command: all of it, and the part that goes on now. */
interface OpenSpans {
  readonly command: Span;
  readonly context: Context;
  /** What makes monotonic times into times of the wall clock, ms; one for all its spans, so that they fit together. */
  readonly epochMs: number;
  /** `queue` until the first sending, then one `editor` for each sending. */
  part: Span;
}

class CommandSpans {
  readonly #tracer: Tracer;
  readonly #open = new WeakMap<PendingRequest, OpenSpans>();

  constructor(tracer: Tracer, events: HubEvents) {
    this.#tracer = tracer;
    events.on("accepted", (request) => this.#onAccepted(request));
    events.on("answered", (request, { error }) => this.#onAnswered(request, error));
  }

  /** The wait is over, or the earlier sending had no answer: the editor's part begins. */
  onSending(request: PendingRequest): TraceContext | undefined {
    const spans = this.#open.get(request);
    if (!spans) return request.trace;
    const startTime = spans.epochMs + performance.now();
    spans.part.end(startTime);
    const options = { kind: SpanKind.CLIENT, startTime, attributes: instanceOf(request) };
    spans.part = this.#tracer.startSpan(`editor ${nameOf(request)}`, options, spans.context);
    return contextOf(spans.part);
  }

  #onAccepted(request: PendingRequest): void {
    const epochMs = Date.now() - performance.now();
    const startTime = epochMs + request.acceptedAt;
    const options = { kind: SpanKind.SERVER, startTime, attributes: attributesOf(request) };
    const command = this.#tracer.startSpan(nameOf(request), options, parentOf(request));
    const context = trace.setSpan(ROOT_CONTEXT, command);
    const part = this.#tracer.startSpan(`queue ${nameOf(request)}`, { startTime }, context);
    this.#open.set(request, { command, context, epochMs, part });
  }

  #onAnswered(request: PendingRequest, error: ErrorObject | undefined): void {
    const spans = this.#open.get(request);
    if (!spans) return;
    for (const span of [spans.part, spans.command]) {
      if (error) noteError(span, error);
    }
    spans.command.setAttributes(instanceOf(request));
    const endTime = spans.epochMs + performance.now();
    spans.part.end(endTime);
    spans.command.end(endTime);
  }
}

/** Named by the command table: what a project has registered, or a model has made up, would be names without end. */
function nameOf({ method }: PendingRequest): string {
  return COMMANDS.has(method) ? method : "custom command";
}

function parentOf({ request: { traceparent, tracestate } }: PendingRequest): Context {
  const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  if (!parent) return ROOT_CONTEXT;
  const state = tracestate === undefined ? {} : { traceState: createTraceState(tracestate) };
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, ...state, isRemote: true });
}

function contextOf(span: Span): TraceContext {
  const { traceState, ...parent } = span.spanContext();
  const tracestate = traceState?.serialize();
  const traceparent = formatTraceparent(parent);
  return tracestate ? { traceparent, tracestate } : { traceparent };
}

/** By the semantic conventions for RPC and JSON-RPC; `godot.*` where they have no word. */
function attributesOf({ method, client, request }: PendingRequest): Attributes {
  return {
    "rpc.system": "jsonrpc",
    "rpc.system.name": "jsonrpc",
    "rpc.method": method,
    "rpc.jsonrpc.version": "2.0",
    "rpc.jsonrpc.request_id": String(request.id),
    "godot.hub.agent": client.name,
    "godot.hub.attempt": request.attempt ?? 1,
  };
}

function instanceOf({ instance }: PendingRequest): Attributes {
  if (!instance) return {};
  const { name, projectPath } = instance;
  return { "godot.instance.name": name, ...(projectPath !== undefined && { "godot.project.path": projectPath }) };
}

function noteError(span: Span, { code, message }: ErrorObject): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.setAttributes({
    "error.type": errorKind(code) ?? String(code),
    "rpc.jsonrpc.error_code": code,
    "rpc.response.status_code": String(code),
  });
}
