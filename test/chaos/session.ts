/** An AI client under load: it adds nodes with names that never repeat, several calls at a time, and notes every error that it sees. */
import type { McpClient } from "../support/mcp-client.ts";

/** Calls that one session has in flight. */
const CALLS_AT_A_TIME = 4;
const CALL_TIMEOUT_MS = 120_000;

/** What a session works on. */
export interface Workplace {
  /** Instance or project, as a tool's `target`. */
  readonly target: string;
  readonly scene: string;
}

export class Session {
  /** Names of the nodes that it asked for, in the order of asking. */
  readonly asked: string[] = [];
  /** The error that it got instead of a success. */
  readonly errors: string[] = [];
  answered = 0;
  readonly #mcp: McpClient;
  readonly #workplace: Workplace;
  readonly #name: string;
  #isStopped = false;
  #work: Promise<unknown> = Promise.resolve();

  constructor(mcp: McpClient, name: string, workplace: Workplace) {
    this.#mcp = mcp;
    this.#name = name;
    this.#workplace = workplace;
  }

  /** Begins to work. */
  start(): void {
    this.#work = Promise.all(Array.from({ length: CALLS_AT_A_TIME }, () => this.#addNodes()));
  }

  /** Asks nothing more and waits for what it has asked. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
  }

  async close(): Promise<void> {
    await this.#mcp.close();
  }

  /** Runs one command through the tool `command_run`; the text of the answer. */
  async run(command: string, params: Record<string, unknown>): Promise<string> {
    const { target, scene } = this.#workplace;
    const args = { command, target, params: { scene, ...params } };
    const { content, isError } = await this.#mcp.client.callTool({ name: "command_run", arguments: args }, undefined, {
      timeout: CALL_TIMEOUT_MS,
    });
    const text = JSON.stringify(content);
    if (isError) this.errors.push(`${command}: ${text}`);
    return text;
  }

  async #addNodes(): Promise<void> {
    while (!this.#isStopped) {
      const name = `${this.#name}_${this.asked.length}`;
      this.asked.push(name);
      await this.run("node.add", { parent: ".", type: "Node", name });
      if (this.asked.length % 5 === 0) await this.run("scene.get_tree", { depth: 0 });
      this.answered += 1;
    }
  }
}
