/** The built adapter as a bare process whose stdin and stdout a test holds itself. */
import { type ChildProcess, spawn } from "node:child_process";
import { environment } from "../../support/hub-process.ts";
import { requireJsonRpcLines } from "../../support/json-rpc-lines.ts";
import { ADAPTER_PROGRAM } from "../../support/mcp-client.ts";
import { until } from "../../support/wait.ts";

export const INITIALIZE = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bare", version: "1" } },
};

/** Adapters that run: none of them outlives the test process. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class AdapterProcess {
  readonly child: ChildProcess;
  #stdout = "";
  #stderr = "";

  /** @param options.env Beside what the tests have; with `isBare`, all that there is. */
  constructor(
    home: string,
    options: {
      env?: NodeJS.ProcessEnv;
      isBare?: boolean;
      args?: readonly string[];
      cwd?: string;
      program?: string;
    } = {},
  ) {
    this.child = spawn(process.execPath, [options.program ?? ADAPTER_PROGRAM, ...(options.args ?? [])], {
      env: options.isBare ? options.env : { ...environment(), GODOT_HUB_HOME: home, ...options.env },
      cwd: options.cwd,
      stdio: ["pipe", "pipe", "pipe"],
    });
    running.add(this.child);
    this.child.once("exit", () => running.delete(this.child));
    if (this.child.stdout) requireJsonRpcLines(this.child.stdout);
    this.child.stdin?.on("error", () => {});
    this.child.stdout?.on("data", (chunk: Buffer) => {
      this.#stdout += chunk.toString();
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
  }

  get isRunning(): boolean {
    return running.has(this.child);
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The complete lines of stdout so far, parsed. */
  get messages(): { id?: unknown; result?: unknown; error?: { code: number } }[] {
    const complete = this.#stdout.slice(0, this.#stdout.lastIndexOf("\n") + 1);
    return complete
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  send(message: object): void {
    this.child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /** The answer to the request of this id. */
  answer(id: number) {
    return until(() => this.messages.find((message) => message.id === id), { what: `the answer to ${id}` });
  }

  /** Waits until it has ended; `pid` is gone then. */
  async ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    await until(() => !this.isRunning, { what: "the adapter's end" });
    return { code: this.child.exitCode, signal: this.child.signalCode };
  }
}
