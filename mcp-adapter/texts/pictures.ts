/** Pictures in answers: a model is shown them as images, never their base64 as text. */
import { z } from "zod";
import type { Answer } from "../../hub-client/pending-request.ts";

/** A picture, base64. */
export interface Picture {
  readonly data: string;
  readonly mimeType: string;
}

const pictureSchema = z.looseObject({ mimeType: z.string().startsWith("image/"), data: z.string().min(1) });

const sizeSchema = z.looseObject({
  mimeType: z.string(),
  width: z.number(),
  height: z.number(),
  sourceWidth: z.number(),
  sourceHeight: z.number(),
  view: z.string().optional(),
});

/** The answer without the picture in it, and the picture; the answer as it is when there is none in it. */
export function withoutPicture<A extends Answer>(answer: A): { answer: A; images: readonly Picture[] } {
  const found = pictureSchema.safeParse(answer.result).data;
  if (!found) return { answer, images: [] };
  const { data, ...rest } = found;
  return { answer: { ...answer, result: rest }, images: [{ data, mimeType: found.mimeType }] };
}

/** One line about a picture; undefined when `result` describes none. */
export function pictureText(result: unknown): string | undefined {
  const size = sizeSchema.safeParse(result).data;
  if (!size) return undefined;
  const { width, height, sourceWidth, sourceHeight, mimeType, view } = size;
  const isReduced = width !== sourceWidth || height !== sourceHeight;
  const of = view === undefined ? "the game" : view === "window" ? "the editor's window" : `the editor's ${view} view`;
  return `${of}, ${width} x ${height} pixels${isReduced ? `, reduced from ${sourceWidth} x ${sourceHeight}` : ""}, ${mimeType}`;
}
