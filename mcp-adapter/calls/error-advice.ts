/** What a model should do about an error: said in the words of the tools that it has. */
import type { ErrorData } from "../../protocol/errors.ts";
import { inToolWords, type ToolNames } from "./tool-words.ts";

type Advice = (data: ErrorData) => string;

/** Advice that takes the place of the hint which came with the error: whoever gave that knows no tools. */
const ADVICE: ReadonlyMap<string, Advice> = new Map<string, Advice>([
  [
    "LEASE_HELD",
    (data) =>
      `Nothing was changed. Go on with another scene or script, or repeat the call ${waitText(data)}; reading is not held up.`,
  ],
  ["BUSY", (data) => `Nothing was done. Repeat the call ${waitText(data)}, with fewer calls at the same time.`],
  [
    "RATE_LIMITED",
    (data) => `Nothing was done. Repeat the call ${waitText(data)}, and several changes as one edit.batch.`,
  ],
  [
    "CONFLICT",
    ({ hint }) =>
      hint ||
      "Nothing was changed: read it again (scene.get_tree, node.get_properties or script.read) and decide anew.",
  ],
  [
    "OUTCOME_UNKNOWN",
    // Godot's own hint knows what the command was stopped by; the hub's, which says how far it had come, knows more of games only.
    ({ hint, dispatched, game }) =>
      hint && (dispatched === undefined || game === true)
        ? hint
        : "It may have happened or not. Do not repeat it blindly: when hub_status shows the editor again, look with scene.get_tree or script.read, and repeat only what is missing.",
  ],
  [
    "NO_SCENE_OPEN",
    () => "Open one with scene.open, make one with scene.create, or name the one that you mean in 'scene'.",
  ],
  ["HUB_SHUTTING_DOWN", () => "Nothing was done. Repeat the call in a few seconds."],
]);

/** Kinds of errors that have advice of their own. */
export const ADVISED_KINDS: readonly string[] = [...ADVICE.keys()];

/**
 * What to do; undefined when nobody knows.
 * @param tools What the reader has to do it with; without them commands are named as they are.
 */
export function adviceFor(kind: string, data: ErrorData | undefined, tools?: ToolNames): string | undefined {
  const advice = ADVICE.get(kind)?.(data ?? { kind }) ?? data?.hint;
  return advice !== undefined && tools ? inToolWords(advice, tools) : advice;
}

/** When a repetition can succeed. */
function waitText({ retryAfterMs }: ErrorData): string {
  if (typeof retryAfterMs !== "number") return "in a few seconds";
  return `in ${Math.max(1, Math.ceil(retryAfterMs / 1_000))} s`;
}
