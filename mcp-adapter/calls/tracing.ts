/** The OpenTelemetry span of a tool call, where the user's process has an SDK; without one, trace context is only passed on. */
import {
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
import { formatTraceparent, parseTraceparent, type TraceContext } from "../../protocol/trace-context.ts";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import type { ShownResult } from "./shown-result.ts";
import type { ToolRequest } from "./tool.ts";

/** Runs a tool call in its trace. The result names the span that it belongs to: the call's own, or else the client's. */
export async function traceToolCall(
  request: ToolRequest,
  run: (request: ToolRequest) => Promise<ShownResult>,
): Promise<ShownResult> {
  const tracer = registeredTracer();
  if (!tracer) {
    const result = await run(request);
    return request.trace ? { ...result, trace: request.trace } : result;
  }
  const span = tracer.startSpan(
    `tools/call ${request.name}`,
    { kind: SpanKind.SERVER, attributes: attributesOf(request) },
    parentOf(request.trace),
  );
  const own = contextOf(span);
  // Never rejects: a tool that fails is an answer.
  const result = await run({ ...request, trace: own });
  if (result.isError) noteError(span, result);
  span.end();
  return { ...result, trace: own };
}

function registeredTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  // The api's own stand-in: nobody has registered anything behind it.
  if (provider instanceof ProxyTracerProvider && !provider.getDelegateTracer("godot-mcp-adapter")) return undefined;
  return provider.getTracer("godot-mcp-adapter", PRODUCT_VERSION);
}

function parentOf(given: TraceContext | undefined): Context {
  const parent = given && parseTraceparent(given.traceparent);
  if (!parent) return ROOT_CONTEXT;
  const state = given.tracestate === undefined ? {} : { traceState: createTraceState(given.tracestate) };
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, ...state, isRemote: true });
}

function contextOf(span: Span): TraceContext {
  const { traceState, ...parent } = span.spanContext();
  const tracestate = traceState?.serialize();
  const traceparent = formatTraceparent(parent);
  return tracestate ? { traceparent, tracestate } : { traceparent };
}

/** By the semantic conventions for MCP servers. */
function attributesOf({ name, args }: ToolRequest) {
  return {
    "mcp.method.name": "tools/call",
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": name,
    ...(typeof args.command === "string" && { "godot.command": args.command }),
  };
}

function noteError(span: Span, { text, structured }: ShownResult): void {
  const kind = structured?.kind;
  span.setAttribute("error.type", typeof kind === "string" ? kind : "tool_error");
  span.setStatus({ code: SpanStatusCode.ERROR, message: text.split("\n", 1)[0] ?? "" });
}
