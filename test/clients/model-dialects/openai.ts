/** OpenAI's chat completions, which many others speak too. */
import { z } from "zod";
import { type Dialect, EVENTS, JSON_TYPE } from "./dialect.ts";

const parts = z.array(z.looseObject({ type: z.string(), text: z.string().optional() }));
const request = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).default([]),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown().optional() })),
});

export const openai: Dialect = {
  answers: (path) => path.endsWith("/chat/completions"),
  read: (body) => {
    const { model, stream = false, tools, messages } = request.parse(body);
    const results = messages.flatMap(({ role, content }, at) =>
      role === "tool"
        ? { text: textOf(content), pictures: picturesIn(content) + picturesIn(messages[at + 1]?.content) }
        : [],
    );
    return { model, isStream: stream, tools: tools.map((tool) => tool.function.name), results };
  },
  write: (reply, { model, isStream, results }) => {
    const call = (name: string, args: object) => ({
      index: 0,
      id: `call_${results.length}`,
      type: "function",
      function: { name, arguments: JSON.stringify(args) },
    });
    const said =
      typeof reply === "string" ? { content: reply } : { content: null, tool_calls: [call(reply.name, reply.args)] };
    const finish_reason = typeof reply === "string" ? "stop" : "tool_calls";
    const head = { id: "chatcmpl-1", created: 1, model };
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    if (!isStream) {
      const choices = [{ index: 0, message: { role: "assistant", ...said }, finish_reason }];
      return { contentType: JSON_TYPE, text: JSON.stringify({ ...head, object: "chat.completion", choices, usage }) };
    }
    const chunk = (delta: object, finish: string | null) => ({
      ...head,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
    const chunks = [chunk({ role: "assistant", ...said }, null), { ...chunk({}, finish_reason), usage }];
    const text = `${chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`).join("")}data: [DONE]\n\n`;
    return { contentType: EVENTS, text };
  },
};

function textOf(content: unknown): string {
  const given = parts.safeParse(content).data;
  return given ? given.flatMap(({ text }) => text ?? []).join("\n") : String(content);
}

/** Pictures of a tool follow as a message of the user's. */
function picturesIn(content: unknown): number {
  return (parts.safeParse(content).data ?? []).filter(({ type }) => type === "image_url").length;
}
