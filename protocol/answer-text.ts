/** Reads responses that the hub forwarded. The hub does not parse them, so one may be something other than JSON. */
import { readEnvelope } from "./envelope.ts";
import { WireError } from "./errors.ts";

/**
 * The value of a frame from a hub, by `parse`. A response that is no JSON becomes an error for its request, which would otherwise
 * wait for another response. Any other frame that is no JSON is undefined.
 */
export function readForwarded(frame: Buffer, parse: (text: string) => unknown): unknown {
  try {
    return parse(frame.toString());
  } catch {
    return unreadableAnswer(frame);
  }
}

function unreadableAnswer(frame: Buffer): unknown {
  try {
    const { members, outcome } = readEnvelope(frame);
    if (!outcome) return undefined;
    const error = new WireError(
      "INTERNAL_ERROR",
      "The answer is no JSON: what it said is lost, what it was about is done.",
      {
        hint: "Check the state before you repeat it. The command's author has to mend its answer.",
      },
    );
    return { jsonrpc: "2.0", id: members.get("id"), error: error.toErrorObject() };
  } catch {
    return undefined;
  }
}
