/** Google's Gemini API. */
import { z } from "zod";
import { type Dialect, EVENTS, JSON_TYPE, type Shown } from "./dialect.ts";

const picture = z.looseObject({ inlineData: z.looseObject({ mimeType: z.string().startsWith("image/") }) });
const part = z.looseObject({
  functionResponse: z
    .looseObject({ response: z.record(z.string(), z.unknown()), parts: z.array(z.unknown()).default([]) })
    .optional(),
});
type Part = z.infer<typeof part>;
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
    return {
      model,
      isStream: method === "streamGenerateContent",
      tools: tools.flatMap(({ functionDeclarations }) => functionDeclarations.map(({ name }) => name)),
      results: contents.flatMap(({ parts }) => shownIn(parts)),
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

/** A picture stands in the answer itself, or beside it. */
function shownIn(parts: readonly Part[]): Shown[] {
  return parts.flatMap(({ functionResponse }) => {
    if (!functionResponse) return [];
    const { response, parts: own } = functionResponse;
    const text = typeof response.output === "string" ? response.output : JSON.stringify(response);
    return [{ text, pictures: [...own, ...parts].filter((each) => picture.safeParse(each).success).length }];
  });
}
