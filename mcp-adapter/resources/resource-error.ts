/** Why a resource can't be had, as MCP refuses a request for one. */
import { CommandError, OpenError } from "../../hub-client/client-errors.ts";
import { adviceFor } from "../calls/error-advice.ts";
import { RequestError } from "../session/request-error.ts";

/** What somebody answered, or why nobody could be asked, with what to do; anything else as it is. */
export function resourceError(uri: string, error: unknown): unknown {
  if (error instanceof OpenError) return RequestError.failed(`${uri}: ${error.message} ${error.hint}`);
  if (!(error instanceof CommandError)) return error;
  const advice = adviceFor(error.kind, error.object.data);
  return RequestError.resourceNotFound(uri, [`${uri}: ${error.message}`, advice].filter(Boolean).join(" "));
}
