/** The least MCP server that the SDK makes, unbundled: the floor that the adapter's start is compared with. */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import "ws";
import "pino";

await new McpServer({ name: "bare", version: "1" }).connect(new StdioServerTransport());
