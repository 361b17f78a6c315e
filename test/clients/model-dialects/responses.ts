/** OpenAI's Responses API, as Codex speaks it: tools of a server stand in a namespace. */
import { z } from "zod";
import { type Dialect, EVENTS, JSON_TYPE, type Shown, type ToolRequest } from "./dialect.ts";

const tool = z.looseObject({
  type: z.string(),
  name: z.string().optional(),
  tools: z.array(z.looseObject({ name: z.string() })).default([]),
});
const item = z.looseObject({ type: z.string(), output: z.unknown().optional(), tools: z.array(tool).default([]) });
const request = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  tools: z.array(tool).default([]),
  input: z.array(item),
});
const parts = z.array(z.looseObject({ type: z.string(), text: z.string().optional() }));
/** The tool by which others are found, and its answer. */
export const TOOL_SEARCH = "tool_search";
const FOUND = "tool_search_output";
/** Between a namespace and a tool of it. */
const SEPARATOR = "__";
const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };

export const responses: Dialect = {
  answers: (path) => path.endsWith("/responses"),
  read: (body) => {
    const { model, stream = false, tools, input } = request.parse(body);
    const results = input.flatMap(({ type, output, tools: found }) => {
      if (type === "function_call_output") return shown(output);
      return type === FOUND ? { text: found.flatMap(namesOf).join("\n"), pictures: 0 } : [];
    });
    return { model, isStream: stream, tools: tools.flatMap(namesOf), results };
  },
  write: (reply, { isStream, results }) => {
    const id = `resp_${results.length}`;
    const item = typeof reply === "string" ? message(reply) : call(reply, `call_${results.length}`);
    if (!isStream) return { contentType: JSON_TYPE, text: JSON.stringify({ id, output: [item], usage }) };
    const events = [
      { type: "response.created", response: { id } },
      { type: "response.output_item.done", item },
      { type: "response.completed", response: { id, usage } },
    ];
    const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
    return { contentType: EVENTS, text };
  },
};

function namesOf({ type, name, tools }: z.infer<typeof tool>): string[] {
  if (type === "namespace") return tools.map((each) => `${name}${SEPARATOR}${each.name}`);
  return type === TOOL_SEARCH ? [type] : name === undefined ? [] : [name];
}

function message(text: string): object {
  return { type: "message", role: "assistant", id: "msg_1", content: [{ type: "output_text", text }] };
}

function call({ name, args }: ToolRequest, call_id: string): object {
  if (name === TOOL_SEARCH) {
    return { type: "tool_search_call", call_id, execution: "client", status: "completed", arguments: args };
  }
  const at = name.lastIndexOf(SEPARATOR);
  const named = at < 0 ? { name } : { namespace: name.slice(0, at), name: name.slice(at + SEPARATOR.length) };
  return { type: "function_call", call_id, ...named, arguments: JSON.stringify(args) };
}

function shown(output: unknown): Shown {
  const given = parts.safeParse(output).data ?? [{ type: "input_text", text: String(output) }];
  const text = given.flatMap((part) => part.text ?? []).join("\n");
  return { text, pictures: given.filter(({ type }) => type === "input_image").length };
}
