/** Trace context as it travels beside a request: the two fields of W3C Trace Context, level 1. */

/** The values of the headers of these names. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** What a `traceparent` says. Ids are lower-case hexadecimal. */
export interface ParentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** Longest `tracestate` that must be passed on (section 3.3.1.5). */
export const MAX_TRACESTATE_LENGTH = 512;

/** Version, trace id, parent id and flags; a later version may have more behind them (section 3.2). */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const MAX_TRACEPARENT_LENGTH = 100;

/** What `traceparent` says; undefined when it is none, and the trace then begins anew (section 4.3). */
export function parseTraceparent(traceparent: string): ParentSpan | undefined {
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === "00" && more !== undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}

/** The `traceparent` of a span. */
export function formatTraceparent({ traceId, spanId, traceFlags }: ParentSpan): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}

/** The trace context among `members`; undefined without a usable `traceparent`. A `tracestate` that is none is left out. */
export function readTraceContext(members: Readonly<Record<string, unknown>>): TraceContext | undefined {
  const { traceparent, tracestate } = members;
  if (typeof traceparent !== "string" || traceparent.length > MAX_TRACEPARENT_LENGTH) return undefined;
  if (!parseTraceparent(traceparent)) return undefined;
  const isState = typeof tracestate === "string" && tracestate !== "" && tracestate.length <= MAX_TRACESTATE_LENGTH;
  return isState ? { traceparent, tracestate } : { traceparent };
}
