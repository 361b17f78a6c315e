/**
 * Who calls, where the protocol knows no sessions: over HTTP in the newer era of MCP, a call names the session that it belongs to by a
 * handle, which `hub_use` gives.
 */
import { randomUUID } from "node:crypto";
import { WireError } from "../../protocol/errors.ts";
import type { JsonSchema } from "../params/schemas.ts";
import type { Tool, ToolListing } from "./tool.ts";

/** The tool that opens a session, and the param by which calls name it. */
const OPENING_TOOL = "hub_use";
export const SESSION_PARAM = "session";

const ADVICE = {
  hint: `Call ${OPENING_TOOL}: its answer names a session. Then give it as '${SESSION_PARAM}' with every call.`,
};
const SESSION_SCHEMA: JsonSchema = { type: "string", description: `Session that ${OPENING_TOOL} named.` };

export class Caller {
  readonly handle = randomUUID();
  readonly #onOpened: () => void;
  readonly #named: string | undefined;
  #isOpen = false;

  /**
   * @param named The handle that a call has named in vain: its session has ended.
   * @param onOpened Called when the session is to outlive its first call.
   */
  constructor(named: string | undefined, onOpened: () => void) {
    this.#named = named;
    this.#onOpened = onOpened;
  }

  /** Whether calls to come can name this session. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Checks that a tool may be called without a session: reading is allowed, and opening one.
   * @returns what the answer has to say besides.
   * @throws {WireError} INVALID_PARAMS with what to do.
   */
  admit(tool: Tool): string | undefined {
    if (this.#isOpen) return undefined;
    if (tool.name === OPENING_TOOL) {
      this.#isOpen = true;
      this.#onOpened();
      return `Session: ${this.handle}. Give it as '${SESSION_PARAM}' with every further call.`;
    }
    if (this.#named !== undefined) {
      throw new WireError("INVALID_PARAMS", `The session '${this.#named}' has ended, or never was.`, ADVICE);
    }
    if (tool.listing().annotations.readOnlyHint) return undefined;
    throw new WireError("INVALID_PARAMS", `'${SESSION_PARAM}' is missing: ${tool.name} may change something.`, ADVICE);
  }
}

/** A tool as it is listed for callers that have to name their session. */
export function withSession({ inputSchema, ...rest }: ToolListing): ToolListing {
  const properties = { ...(inputSchema.properties as object), [SESSION_PARAM]: SESSION_SCHEMA };
  return { ...rest, inputSchema: { ...inputSchema, properties } };
}
