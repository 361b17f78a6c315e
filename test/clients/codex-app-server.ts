/** Codex without a model: its app server, which other programs drive over stdio, calls tools of the MCP servers that it is configured for. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import { until } from "../support/wait.ts";

const messageSchema = z.looseObject({
  id: z.number().optional(),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
});
const threadSchema = z.looseObject({ thread: z.looseObject({ id: z.string() }) });
const toolSchema = z.looseObject({
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  isError: z.boolean().optional(),
});
/** Fetching it counts too. */
const ANSWER_DEADLINE_MS = 200_000;

export class CodexAppServer {
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, z.infer<typeof messageSchema>>();
  #count = 0;
  #thread = "";

  private constructor(env: NodeJS.ProcessEnv, cwd: string) {
    const args = ["-y", "-p", "@openai/codex@latest", "codex", "app-server"];
    this.#child = spawn("npx", args, { env, cwd, stdio: ["pipe", "pipe", "ignore"] });
    if (!this.#child.stdout) throw new Error("Codex has no stdout.");
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const message = messageSchema.parse(JSON.parse(line));
      if (message.id !== undefined) this.#answers.set(message.id, message);
    });
  }

  /** Starts it, and a conversation in `cwd`: with that it starts its MCP servers. */
  static async start(env: NodeJS.ProcessEnv, cwd: string): Promise<CodexAppServer> {
    const codex = new CodexAppServer(env, cwd);
    const clientInfo = { name: "godot-mcp-hub-test", title: "Test", version: "1.0.0" };
    await codex.#request("initialize", {
      clientInfo,
      capabilities: { experimentalApi: true, requestAttestation: false },
    });
    codex.#send({ method: "initialized" });
    codex.#thread = threadSchema.parse(await codex.#request("thread/start", { cwd, ephemeral: true })).thread.id;
    return codex;
  }

  /** What Codex gets from a tool: the text of the answer. */
  async callTool(tool: string, args: object): Promise<{ text: string; isError: boolean }> {
    const params = { threadId: this.#thread, server: "godot", tool, arguments: args };
    const { content, isError = false } = toolSchema.parse(await this.#request("mcpServer/tool/call", params));
    return { text: content.map(({ text = "" }) => text).join("\n"), isError };
  }

  /** Closes its stdin, which ends it. */
  async close(): Promise<void> {
    this.#child.stdin?.end();
    await until(() => this.#child.exitCode !== null || this.#child.signalCode !== null, { what: "the end of Codex" });
  }

  async #request(method: string, params: object): Promise<unknown> {
    this.#count += 1;
    const id = this.#count;
    this.#send({ id, method, params });
    const { result, error } = await until(() => this.#answers.get(id), {
      what: method,
      deadlineMs: ANSWER_DEADLINE_MS,
    });
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  #send(message: object): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}
