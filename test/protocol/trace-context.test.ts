import { describe, expect, it } from "vitest";
import { formatTraceparent, parseTraceparent, readTraceContext } from "../../protocol/trace-context.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";
const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`;

describe("traceparent", () => {
  it("is read and written as W3C Trace Context has it", () => {
    expect(parseTraceparent(traceparent)).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 });
    expect(formatTraceparent({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 })).toBe(traceparent);
    expect(formatTraceparent({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 0 })).toMatch(/-00$/);
  });

  it("of a later version is read as far as it is known", () => {
    expect(parseTraceparent(`cc-${TRACE_ID}-${SPAN_ID}-01-what-comes-later`)?.traceId).toBe(TRACE_ID);
  });

  it.each([
    ["nothing", ""],
    ["the forbidden version", `ff-${TRACE_ID}-${SPAN_ID}-01`],
    ["a trace id of zeros", `00-${"0".repeat(32)}-${SPAN_ID}-01`],
    ["a span id of zeros", `00-${TRACE_ID}-${"0".repeat(16)}-01`],
    ["capitals", traceparent.toUpperCase()],
    ["more than its version has", `${traceparent}-more`],
    ["a trace id that is too short", `00-${TRACE_ID.slice(1)}-${SPAN_ID}-01`],
    ["space around it", ` ${traceparent}`],
    ["a line break behind it", `${traceparent}\n`],
  ])("is not %s", (_what, text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});

describe("trace context among other members", () => {
  it("has a tracestate only where there is one that may be passed on", () => {
    expect(readTraceContext({ traceparent, tracestate: "a=1", progressToken: 7 })).toEqual({
      traceparent,
      tracestate: "a=1",
    });
    for (const tracestate of [undefined, "", 7, "x".repeat(513)]) {
      expect(readTraceContext({ traceparent, tracestate })).toEqual({ traceparent });
    }
  });

  it("is none without a traceparent that can be read", () => {
    for (const given of [undefined, null, 7, "nonsense", `cc-${TRACE_ID}-${SPAN_ID}-01-${"x".repeat(100)}`]) {
      expect(readTraceContext({ traceparent: given, tracestate: "a=1" })).toBeUndefined();
    }
  });
});
