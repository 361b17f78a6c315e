/** What a model should do about an error: said in the words of the tools that it has. */
import type { ErrorData } from "../protocol/errors.ts";

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
    (data) => `Nothing was done. Repeat the call ${waitText(data)}, and several changes as one scene_edit.`,
  ],
  [
    "CONFLICT",
    ({ hint }) =>
      [hint, "Nothing was changed: read it again (scene_tree, node_inspect or script_read) and decide anew."]
        .filter(Boolean)
        .join(" "),
  ],
  [
    "OUTCOME_UNKNOWN",
    () =>
      "It may have happened or not. Do not repeat it blindly: when hub_status shows the editor again, look with scene_tree or script_read, and repeat only what is missing.",
  ],
  ["INSTANCE_DISCONNECTED", () => "Nothing was changed. Repeat the call when hub_status shows the editor again."],
  ["HUB_SHUTTING_DOWN", () => "Nothing was done. Repeat the call in a few seconds."],
]);

/** What to do; undefined when nobody knows. */
export function adviceFor(kind: string, data: ErrorData | undefined): string | undefined {
  return ADVICE.get(kind)?.(data ?? { kind }) ?? data?.hint;
}

/** When a repetition can succeed. */
function waitText({ retryAfterMs }: ErrorData): string {
  if (typeof retryAfterMs !== "number") return "in a few seconds";
  return `in ${Math.max(1, Math.ceil(retryAfterMs / 1_000))} s`;
}
