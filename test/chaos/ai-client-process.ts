/** Runs an AI client in a separate process, so that it can be killed: it spawns an adapter and initializes an MCP session with it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { environment } from "../support/hub-process.ts";
import { requireJsonRpcLines } from "../support/json-rpc-lines.ts";
import { ADAPTER_PROGRAM } from "../support/mcp-client.ts";
import { until, within } from "../support/wait.ts";

/** Runs in the AI client's process: prints the adapter's pid, then each line that the adapter answers. */
const PROGRAM = `
const { spawn } = require("node:child_process");
const adapter = spawn(process.execPath, JSON.parse(process.argv[1]), { stdio: ["pipe", "pipe", "ignore"] });
process.stdout.write(adapter.pid + "\\n");
adapter.stdout.pipe(process.stdout);
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  if (line === "hang up") adapter.stdin.end();
  else adapter.stdin.write(line + "\\n");
});
setInterval(() => {}, 1000);
`;

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "mortal", version: "1.0.0" } },
};
const GONE_DEADLINE_MS = 10_000;

/** AI clients that run: none of them outlives the test process, and no adapter outlives its AI client. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class AiClientProcess {
  readonly adapterPid: number;
  readonly #child: ChildProcess;
  readonly #output: { text: string };

  private constructor(child: ChildProcess, adapterPid: number, output: { text: string }) {
    this.#child = child;
    this.adapterPid = adapterPid;
    this.#output = output;
  }

  /** @param env What the adapter gets beside this process's environment. */
  static async start(env: Record<string, string>): Promise<AiClientProcess> {
    const child = spawn(process.execPath, ["-e", PROGRAM, JSON.stringify([ADAPTER_PROGRAM, "--no-launch"])], {
      env: { ...environment(), CLAUDE_PROJECT_DIR: "", ...env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    requireJsonRpcLines(child.stdout, { skip: 1 });
    const output = { text: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      output.text += chunk.toString();
    });
    const pid = await until(() => /^(\d+)\n/.exec(output.text)?.[1], { what: "the adapter's pid" });
    const client = new AiClientProcess(child, Number(pid), output);
    client.send(INITIALIZE);
    await until(() => output.text.includes('"serverInfo"'), { what: "the adapter's answer to initialize" });
    client.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    return client;
  }

  /** Calls a tool and waits for nothing. */
  callTool(name: string, args: Record<string, unknown>): void {
    this.send({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } });
  }

  /** What the adapter has said so far. */
  get output(): string {
    return this.#output.text;
  }

  send(message: object): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /** Closes the adapter's stdin and lives on. */
  hangUp(): void {
    this.#child.stdin?.write("hang up\n");
  }

  /** Dies without a word. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await within(exited, { what: "the AI client's end" });
  }

  /** How many ms the adapter took to go. */
  async adapterGoneAfterMs(): Promise<number> {
    const since = performance.now();
    const isGone = () => !isProcessAlive(this.adapterPid);
    await until(isGone, { what: `the end of adapter ${this.adapterPid}`, deadlineMs: GONE_DEADLINE_MS });
    return performance.now() - since;
  }
}
