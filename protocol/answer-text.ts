/** Reads what the hub forwards: it passes answers on unread, so one may be something else than JSON. */
import { readEnvelope } from "./envelope.ts";
import { WireError } from "./errors.ts";

/**
 * The value of a frame that came from a hub, by `parse`. An answer that is no JSON is an error for its request, which would wait
 * for another one otherwise; anything else that is none is undefined.
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
        hint: "Look at the state before you repeat it. Whoever wrote the command's answer has to mend it.",
      },
    );
    return { jsonrpc: "2.0", id: members.get("id"), error: error.toErrorObject() };
  } catch {
    return undefined;
  }
}
