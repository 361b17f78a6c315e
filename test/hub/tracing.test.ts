import { describe, expect, it } from "vitest";
import { HubEvents } from "../../hub/scheduling/hub-events.ts";
import { traceCommands } from "../../hub/watching/tracing.ts";
import { LocalHub } from "../support/local-hub.ts";

describe("without an OpenTelemetry SDK", () => {
  it("nothing listens to what happens", () => {
    const events = new HubEvents();
    traceCommands(events);
    expect(events.eventNames()).toEqual([]);
  });

  it("an instance gets the given trace context, and none without one", async () => {
    const hub = await LocalHub.start();
    const editor = await hub.editor();
    const client = await hub.adapter();
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await client.request("node.add", {}, { traceparent, tracestate: "vendor=1" });
    await client.request("node.add", {}, { traceparent });
    await client.request("node.add", {});
    const seen = editor.executed.map(({ context: { traceparent: parent, tracestate: state } }) => [parent, state]);
    expect(seen).toEqual([
      [traceparent, "vendor=1"],
      [traceparent, undefined],
      [undefined, undefined],
    ]);
    await hub.dispose();
  });
});
