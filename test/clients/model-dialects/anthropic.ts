/** Anthropic's Messages API. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type Dialect, EVENTS, JSON_TYPE, type Shown, type ToolRequest, WAIT_FOR_SERVERS } from "./dialect.ts";

const block = z.looseObject({
  type: z.string(),
  content: z.unknown().optional(),
  tool_use_id: z.string().optional(),
});
/** Begins the ids of calls that no script asks for. */
const WAIT = "wait_";
const request = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  tools: z.array(z.looseObject({ name: z.string() })).default([]),
  messages: z.array(z.looseObject({ content: z.union([z.string(), z.array(block)]) })),
});
const usage = { input_tokens: 1, output_tokens: 1 };

export const anthropic: Dialect = {
  answers: (path) => path.endsWith("/v1/messages"),
  read: (body) => {
    const { model, stream = false, tools, messages } = request.parse(body);
    const blocks = messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
    const results = blocks.filter(isScripted).map(({ content }) => shown(content));
    return { model, isStream: stream, tools: tools.map(({ name }) => name), results };
  },
  write: (reply, { model, isStream, results }) => {
    const content = contentOf(reply, isWait(reply) ? `${WAIT}${randomUUID()}` : `toolu_${results.length}`);
    const head = { id: "msg_1", type: "message", role: "assistant", model, stop_sequence: null, usage };
    const stop = { stop_reason: content.type === "tool_use" ? "tool_use" : "end_turn" };
    if (!isStream) return { contentType: JSON_TYPE, text: JSON.stringify({ ...head, ...stop, content: [content] }) };
    const { start, delta } = streamed(content);
    const events = [
      { type: "message_start", message: { ...head, stop_reason: null, content: [] } },
      { type: "content_block_start", index: 0, content_block: start },
      { type: "content_block_delta", index: 0, delta },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { ...stop, stop_sequence: null }, usage },
      { type: "message_stop" },
    ];
    const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
    return { contentType: EVENTS, text };
  },
};

/** A search for tools is answered with their names. */
const parts = z.array(
  z.looseObject({ type: z.string(), text: z.string().optional(), tool_name: z.string().optional() }),
);

function shown(content: unknown): Shown {
  const given = parts.safeParse(content).data ?? [{ type: "text", text: String(content) }];
  const text = given.flatMap((part) => part.tool_name ?? part.text ?? []).join("\n");
  return { text, pictures: given.filter(({ type }) => type === "image").length };
}

function isScripted({ type, tool_use_id = "" }: z.infer<typeof block>): boolean {
  return type === "tool_result" && !tool_use_id.startsWith(WAIT);
}

function isWait(reply: string | ToolRequest): boolean {
  return typeof reply !== "string" && reply.name === WAIT_FOR_SERVERS;
}

type Content = { type: "text"; text: string } | { type: "tool_use"; id: string; name: string; input: object };

function contentOf(reply: string | ToolRequest, id: string): Content {
  return typeof reply === "string"
    ? { type: "text", text: reply }
    : { type: "tool_use", id, name: reply.name, input: reply.args };
}

function streamed(content: Content): { start: object; delta: object } {
  return content.type === "text"
    ? { start: { ...content, text: "" }, delta: { type: "text_delta", text: content.text } }
    : {
        start: { ...content, input: {} },
        delta: { type: "input_json_delta", partial_json: JSON.stringify(content.input) },
      };
}
