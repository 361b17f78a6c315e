/** What is wrong with an MCP request that is no tool call: a tool answers with its error, everything else is refused. */

const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;
/** What MCP says for a resource that does not exist. */
const RESOURCE_NOT_FOUND = -32002;

/** Becomes the JSON-RPC error of this code. */
export class RequestError extends Error {
  readonly code: number;
  /** What a program may look at. */
  readonly data: { readonly uri: string } | undefined;

  private constructor(code: number, message: string, data?: { uri: string }) {
    super(message);
    this.name = "RequestError";
    this.code = code;
    this.data = data;
  }

  static invalidParams(message: string): RequestError {
    return new RequestError(INVALID_PARAMS, message);
  }

  /** For a request that may be right, and can't be answered now. */
  static failed(message: string): RequestError {
    return new RequestError(INTERNAL_ERROR, message);
  }

  static resourceNotFound(uri: string, message: string): RequestError {
    return new RequestError(RESOURCE_NOT_FOUND, message, { uri });
  }
}
