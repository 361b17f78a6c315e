/** A model that does what a script says: an endpoint in the dialects of several vendors, which makes AI clients call tools. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { anthropic } from "./model-dialects/anthropic.ts";
import { type Asked, type Dialect, type Shown, type ToolRequest, WAIT_FOR_SERVERS } from "./model-dialects/dialect.ts";
import { gemini } from "./model-dialects/gemini.ts";
import { openai } from "./model-dialects/openai.ts";
import { responses } from "./model-dialects/responses.ts";

const DIALECTS: readonly Dialect[] = [anthropic, gemini, openai, responses];

/** A call that the model wants, and what happens before it says so. */
export interface ScriptedCall extends ToolRequest {
  readonly before?: () => Promise<unknown>;
}

export class ScriptedModel {
  /** The answers of tools, in the order in which the model got them. */
  readonly results: Shown[] = [];
  /** Paths that were asked for and that no dialect knows. */
  readonly unknown: string[] = [];
  /** Names of the tools that the client has offered last. */
  offered: readonly string[] = [];
  readonly #script: readonly ScriptedCall[];
  readonly #server: Server;
  #hasWaited = false;

  private constructor(script: readonly ScriptedCall[]) {
    this.#script = script;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Starts one that calls these tools, by the end of their names, one after the other, and then says "Done." */
  static async start(script: readonly ScriptedCall[]): Promise<ScriptedModel> {
    const model = new ScriptedModel(script);
    await new Promise<void>((resolve) => model.#server.listen(0, "127.0.0.1", resolve));
    return model;
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== "object" || !address) throw new Error("The model does not listen.");
    return `http://127.0.0.1:${address.port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", this.url).pathname;
    const body = await textOf(request);
    const dialect = DIALECTS.find((each) => each.answers(path));
    if (!dialect || request.method !== "POST") {
      this.unknown.push(`${request.method} ${path}`);
      response.writeHead(404, { "Content-Type": "application/json" }).end("{}");
      return;
    }
    const asked = dialect.read(JSON.parse(body), path);
    const { contentType, text } = dialect.write(await this.#reply(asked), asked);
    response.writeHead(200, { "Content-Type": contentType }).end(text);
  }

  /** The next call of the script; text once there is none, and for a question that comes without tools, such as for a title. */
  async #reply({ tools, results }: Asked): Promise<string | ToolRequest> {
    if (tools.length === 0) return "Done.";
    this.offered = tools;
    this.results.splice(0, this.results.length, ...results);
    const next = this.#script[results.length];
    if (!next) return "Done.";
    const wait = { name: WAIT_FOR_SERVERS, args: {} };
    if (!this.#hasWaited && tools.includes(WAIT_FOR_SERVERS)) {
      this.#hasWaited = true;
      return wait;
    }
    const name = tools.find((each) => each === next.name || each.endsWith(`_${next.name}`));
    if (name !== undefined) {
      await next.before?.();
      return { name, args: next.args };
    }
    return tools.includes(WAIT_FOR_SERVERS) ? wait : `There is no tool ${next.name}.`;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
