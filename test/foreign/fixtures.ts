/** Adds the tools and resources that the conformance suite needs beside the product's, through the product's way of answering. */
import { Adapter } from "../../mcp-adapter/adapter.ts";
import type { ShownResult } from "../../mcp-adapter/calls/shown-result.ts";
import type { ToolRequest } from "../../mcp-adapter/calls/tool.ts";
import { HttpAccess } from "../../mcp-adapter/http/http-access.ts";
import { HttpServer } from "../../mcp-adapter/http/http-server.ts";
import type { McpFront, McpHandlers, McpServerOptions } from "../../mcp-adapter/mcp/mcp-handlers.ts";
import { McpServer } from "../../mcp-adapter/mcp/mcp-server.ts";
import { ModernServer } from "../../mcp-adapter/mcp/modern-server.ts";
import { Log } from "../../mcp-adapter/process/log.ts";
import { readOptions } from "../../mcp-adapter/process/options.ts";

/** One red point. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

type Run = (request: ToolRequest, front: McpFront) => ShownResult | Promise<ShownResult>;

const TOOLS = new Map<string, Run>([
  ["test_simple_text", () => ({ text: "This is a simple text response for testing." })],
  ["test_error_handling", () => ({ text: "This tool intentionally returns an error for testing", isError: true })],
  ["test_image_content", () => ({ text: "A picture.", images: [{ data: PNG, mimeType: "image/png" }] })],
  [
    "test_tool_with_progress",
    ({ report }) => {
      for (const progress of [0, 50, 100]) report?.({ progress, total: 100 });
      return { text: "Done." };
    },
  ],
  [
    "test_tool_with_logging",
    (_, front) => {
      for (const step of ["started", "processing", "completed"]) front.tell("warn", { step });
      return { text: "Done." };
    },
  ],
  ["test_elicitation", asked],
  ["test_input_required_result_elicitation", asked],
]);

const TEXTS = new Map([
  ["test://static-text", "This is the content of the static text resource."],
  ["test://template/123/data", `{"id":"123","templateTest":true}`],
]);

async function asked({ askUser }: ToolRequest): Promise<ShownResult> {
  const reply = await askUser?.({ message: "Which one?", choices: ["this", "that"], timeoutMs: 5_000 });
  return { text: JSON.stringify(reply ?? "asked nobody") };
}

/** A server of the product with the suite's own tools, resources and prompts beside the product's. */
function withFixtures<Front extends McpFront>(
  options: McpServerOptions,
  serve: (all: McpServerOptions) => Front,
): Front {
  const { handlers } = options;
  const own: Pick<McpHandlers, "callTool" | "readResource" | "subscribe" | "unsubscribe" | "getPrompt"> = {
    callTool: async (request) => {
      const run = TOOLS.get(request.name);
      return run ? run(request, front) : handlers.callTool(request);
    },
    readResource: async (uri, signal) => {
      const text = TEXTS.get(uri);
      return text === undefined ? handlers.readResource(uri, signal) : { uri, mimeType: "text/plain", text };
    },
    subscribe: async (uri) => (uri === "test://watched-resource" ? undefined : handlers.subscribe(uri)),
    unsubscribe: async (uri) => (uri === "test://watched-resource" ? undefined : handlers.unsubscribe(uri)),
    getPrompt: async (name, args) => {
      const isOwn = name === "test_simple_prompt" || name === "test_prompt_with_arguments";
      return isOwn ? { description: name, text: `A prompt: ${JSON.stringify(args)}` } : handlers.getPrompt(name, args);
    },
  };
  const front: Front = serve({ ...options, handlers: { ...handlers, ...own } });
  return front;
}

/** Serves over HTTP from this process, as `--http` does. @returns its port, and how to end it. */
export async function serveWithFixtures(home: string, allowOrigins: readonly string[]) {
  const options = readOptions(["--home", home, "--no-launch"], {});
  if (typeof options !== "object") throw new Error("These are options.");
  const surroundings = { env: {}, cwd: home, hubProgram: "" };
  const log = new Log("silent");
  const server = new HttpServer({
    port: 0,
    log,
    access: new HttpAccess({ home, token: undefined, allowOrigins }),
    open: () =>
      new Adapter(options, surroundings, log, { serve: (all) => withFixtures(all, (own) => new McpServer(own)) }),
    openModern: async (caller) => {
      const serve = (all: McpServerOptions) => withFixtures(all, (own) => new ModernServer(own));
      return new Adapter(options, surroundings, log, { caller, serve });
    },
  });
  const url = await server.start();
  return { port: Number(new URL(url).port), stop: () => server.stop() };
}
