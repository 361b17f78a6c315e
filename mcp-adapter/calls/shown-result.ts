/** What an AI client is given of a tool's answer: many show structured content instead of the text, so there is none unless it is asked for. */

import type { TraceContext } from "../../protocol/trace-context.ts";
import type { ToolResult } from "../texts/outline.ts";
import { asObject } from "../texts/outline.ts";
import { plainText, withoutEscapes } from "../texts/plain-text.ts";

/** Text for a model, or all of an answer as data. */
export const FORMATS = ["text", "json"] as const;
export type Format = (typeof FORMATS)[number];

/** In which form an answer is wanted, and what it has to say of the call: a note, and params that were passed over. */
interface Wanted {
  readonly format: Format;
  readonly ignored?: ReadonlySet<string>;
  readonly note?: string;
}

/** An answer as it leaves the adapter. */
export interface ShownResult extends Pick<ToolResult, "text" | "isError" | "images"> {
  readonly structured?: Record<string, unknown>;
  /** The trace that the call is a part of. */
  readonly trace?: TraceContext;
}

/**
 * An answer in the form that was asked for. Errors are text and data both. Beside a picture there is no structured content:
 * Codex shows that instead of the picture.
 */
export function shownResult(result: ToolResult, { format, ignored = new Set(), note }: Wanted): ShownResult {
  const { text, value, isError, images = [] } = result;
  const isData = format === "json" && value !== undefined && !isError;
  const passedOver = ignored.size > 0 ? [`Ignored, since there is no such param: ${[...ignored].join(", ")}.`] : [];
  const notes = [...(note === undefined ? [] : [note]), ...passedOver];
  const data = isData && notes.length > 0 ? { ...asObject(value), notes } : asObject(value);
  const structured = isError || isData ? withoutEscapes(data) : undefined;
  return {
    text: isData ? JSON.stringify(structured) : plainText([text, ...notes].join("\n")),
    ...(structured && images.length === 0 && { structured }),
    ...(isError && { isError }),
    ...(images.length > 0 && { images }),
  };
}
