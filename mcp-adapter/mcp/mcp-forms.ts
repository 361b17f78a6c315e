/** What this server says, in the form that MCP has for it: tools, answers, a question to the user. */
import { z } from "zod";
import type { ShownResult } from "../calls/shown-result.ts";
import type { ToolListing } from "../calls/tool.ts";
import type { AskUser, Question, Reply } from "../session/which-editor.ts";

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

/** What a prompt has become with its arguments. */
export function promptForm({ description, text }: { description: string; text: string }) {
  return { description, messages: [{ role: "user" as const, content: { type: "text" as const, text } }] };
}

/** A question to the user, who chooses one of several. */
function questionForm(message: string, choices: readonly string[]) {
  const choice = { type: "string" as const, title: "Godot", enum: [...choices] };
  const requestedSchema = { type: "object" as const, properties: { choice }, required: ["choice"] };
  return { method: "elicitation/create" as const, params: { message, requestedSchema } };
}

const acceptedSchema = z.object({ action: z.literal("accept"), content: z.object({ choice: z.string() }) });

/** Which of the choices the user's reply is. What is none of them is no answer. */
function chosenOf(reply: unknown, choices: readonly string[]): Reply {
  const chosen = acceptedSchema.safeParse(reply).data?.content.choice;
  return chosen !== undefined && choices.includes(chosen) ? { chosen } : "none";
}

/** Asks by `send`: what goes wrong with that is no answer. */
export function askingBy(
  send: (request: ReturnType<typeof questionForm>, timeoutMs: number) => Promise<unknown>,
): AskUser {
  return async ({ message, choices, timeoutMs }) =>
    chosenOf(await send(questionForm(message, choices), timeoutMs).catch(() => undefined), choices);
}

/**
 * Asks by ending the call with `question`: the same call comes again then, with the user's reply.
 * @param reply What has come with this call; undefined for the first one.
 */
export function askingOnce(reply: unknown) {
  const asking = {
    question: undefined as ReturnType<typeof questionForm> | undefined,
    ask: async ({ message, choices }: Question): Promise<Reply> => {
      if (reply !== undefined) return chosenOf(reply, choices);
      asking.question = questionForm(message, choices);
      return "later";
    },
  };
  return asking;
}

/** Stands for the validator that the MCP SDK brings for answers to its own questions: this server checks them itself. */
export const noElicitation = {
  getValidator(): never {
    throw new Error("This server checks the answers to its questions itself.");
  },
};
