/** The validator that the MCP SDK would bring for what a server asks its client. */

/** In its place: this server asks for nothing. */
export const noElicitation = {
  getValidator(): never {
    throw new Error("This server elicits nothing.");
  },
};
