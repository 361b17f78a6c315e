import { describe, expect, it } from "vitest";
import { SentEvents } from "../../mcp-adapter/mcp/sent-events.ts";

describe("the events that a session over HTTP was sent", () => {
  const sentAfter = async (events: SentEvents<string>, id: string) => {
    const sent: string[] = [];
    const stream = await events.replayEventsAfter(id, { send: async (_, message) => void sent.push(message) });
    return { stream, sent };
  };

  it("are sent again after the last that the client has, of its stream alone", async () => {
    const events = new SentEvents<string>();
    const first = await events.storeEvent("a", "1");
    await events.storeEvent("b", "2");
    const third = await events.storeEvent("a", "3");
    expect(await events.getStreamIdForEventId(third)).toBe("a");
    expect(await sentAfter(events, first)).toEqual({ stream: "a", sent: ["3"] });
    expect(await sentAfter(events, third)).toEqual({ stream: "a", sent: [] });
    expect(await events.getStreamIdForEventId("4")).toBeUndefined();
  });

  it("are forgotten oldest first where they are many, the newest never", async () => {
    const events = new SentEvents<string>(20);
    const ids = [];
    for (const _ of Array(5)) ids.push(await events.storeEvent("a", "12345678"));
    const known = await Promise.all(ids.map((id) => events.getStreamIdForEventId(id)));
    expect(known).toEqual([undefined, undefined, undefined, "a", "a"]);
    const large = await events.storeEvent("a", "x".repeat(100));
    expect(await sentAfter(events, large)).toEqual({ stream: "a", sent: [] });
    expect(await events.getStreamIdForEventId(ids.at(-1) ?? "")).toBeUndefined();
  });
});
