/** The validator that the MCP SDK would bring for answers to its own form of a question. */

/** In its place: `mcp-server.ts` asks by itself and knows which answers there are. */
export const noElicitation = {
  getValidator(): never {
    throw new Error("This server checks the answers to its questions itself.");
  },
};
