/** What this server says, in the form that MCP has for it: tools, answers, a question to the user. */
import { z } from "zod";
import type { ShownResult } from "./calls/shown-result.ts";
import type { ToolListing } from "./calls/tool.ts";
import type { AskUser } from "./calls/which-editor.ts";

/** A tool, as it is listed. */
export function toolForm({ inputSchema, ...rest }: ToolListing) {
  return { ...rest, inputSchema: { ...inputSchema, type: "object" as const } };
}

/** The answer of a tool. Pictures come first: that is where clients look for them that have a model write code. */
export function answerForm({ text, structured, isError, images = [], trace }: ShownResult) {
  return {
    content: [...images.map((image) => ({ type: "image" as const, ...image })), { type: "text" as const, text }],
    ...(structured && { structuredContent: structured }),
    ...(isError && { isError }),
    ...(trace && { _meta: { ...trace } }),
  };
}

/** A question to the user, who chooses one of several. */
function questionForm(message: string, choices: readonly string[]) {
  const choice = { type: "string" as const, title: "Godot", enum: [...choices] };
  const requestedSchema = { type: "object" as const, properties: { choice }, required: ["choice"] };
  return { method: "elicitation/create" as const, params: { message, requestedSchema } };
}

const acceptedSchema = z.object({ action: z.literal("accept"), content: z.object({ choice: z.string() }) });

/** Asks by `send`: what goes wrong with that, and what is no choice, is no answer. */
export function askingBy(
  send: (request: ReturnType<typeof questionForm>, timeoutMs: number) => Promise<unknown>,
): AskUser {
  return async ({ message, choices, timeoutMs }) => {
    const reply = await send(questionForm(message, choices), timeoutMs).catch(() => undefined);
    const accepted = acceptedSchema.safeParse(reply).data;
    return choices.find((each) => each === accepted?.content.choice);
  };
}
