/** Google's Gemini API. */
import { z } from "zod";
import { type Dialect, EVENTS, JSON_TYPE } from "./dialect.ts";

const part = z.looseObject({ functionResponse: z.looseObject({ response: z.unknown() }).optional() });
const request = z.looseObject({
  contents: z.array(z.looseObject({ parts: z.array(part).default([]) })).default([]),
  tools: z
    .array(z.looseObject({ functionDeclarations: z.array(z.looseObject({ name: z.string() })).default([]) }))
    .default([]),
});
const METHOD = /\/models\/([^:/]+):(streamGenerateContent|generateContent)$/;

export const gemini: Dialect = {
  answers: (path) => METHOD.test(path),
  read: (body, path) => {
    const { contents, tools } = request.parse(body);
    const [, model = "", method] = METHOD.exec(path) ?? [];
    const responses = contents.flatMap(({ parts }) => parts.flatMap(({ functionResponse }) => functionResponse ?? []));
    return {
      model,
      isStream: method === "streamGenerateContent",
      tools: tools.flatMap(({ functionDeclarations }) => functionDeclarations.map(({ name }) => name)),
      results: responses.map(({ response }) => JSON.stringify(response)),
    };
  },
  write: (reply, { model, isStream }) => {
    const parts = [
      typeof reply === "string" ? { text: reply } : { functionCall: { name: reply.name, args: reply.args } },
    ];
    const text = JSON.stringify({
      candidates: [{ index: 0, content: { role: "model", parts }, finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
      modelVersion: model,
    });
    return isStream ? { contentType: EVENTS, text: `data: ${text}\r\n\r\n` } : { contentType: JSON_TYPE, text };
  },
};
