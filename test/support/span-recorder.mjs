/** Stands for a user's OpenTelemetry SDK, loaded by `node --import`: writes each ended span as a line to the file in SPANS_FILE. */
import { appendFileSync } from "node:fs";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";

const exporter = {
  export(spans, done) {
    for (const span of spans) {
      const { traceId, spanId } = span.spanContext();
      const line = {
        program: process.argv[1]?.split(/[\\/]/).at(-1),
        scope: span.instrumentationScope.name,
        name: span.name,
        kind: span.kind,
        traceId,
        spanId,
        parent: span.parentSpanContext?.spanId ?? null,
        traceState: span.spanContext().traceState?.serialize() ?? null,
        status: span.status.code,
        attributes: span.attributes,
        startMs: span.startTime[0] * 1_000 + span.startTime[1] / 1e6,
        endMs: span.endTime[0] * 1_000 + span.endTime[1] / 1e6,
      };
      appendFileSync(process.env.SPANS_FILE, `${JSON.stringify(line)}\n`);
    }
    done({ code: 0 });
  },
  shutdown: () => Promise.resolve(),
};

new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
