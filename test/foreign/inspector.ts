/** The MCP Inspector's command line, fetched with a Node that is new enough for it and kept running for many requests. */
import { type ChildProcess, fork } from "node:child_process";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment } from "../support/hub-process.ts";
import { ADAPTER_PROGRAM } from "../support/mcp-client.ts";
import { type Deferred, deferred, within } from "../support/wait.ts";
import type { CliAnswer, CliRequest } from "./inspector-worker.ts";
import { withNewerNode } from "./newer-node.ts";

const PACKAGE = "@modelcontextprotocol/inspector@2.12.0";
const WORKER = fileURLToPath(new URL("./inspector-worker.ts", import.meta.url));
/** Processes that work side by side. */
const WORKERS = 2;
const CALL_TIMEOUT_MS = 60_000;

export class Inspector {
  readonly #workers: ChildProcess[] = [];
  readonly #pending = new Map<number, Deferred<CliAnswer>>();
  /** What each worker is busy with last. */
  readonly #turns: Promise<unknown>[] = [];
  #count = 0;

  /** Fetches the packages once and starts. @param home State directory of the hub that adapters use. */
  static async start(home: string): Promise<Inspector> {
    const { node, program } = await withNewerNode(PACKAGE, "mcp-inspector");
    const module = join(realpathSync(program), "../../../cli/build/index.js");
    const inspector = new Inspector();
    const ready = Array.from({ length: WORKERS }, () => inspector.#fork(node, module, home));
    await within(Promise.all(ready), { what: "the Inspector", deadlineMs: CALL_TIMEOUT_MS });
    return inspector;
  }

  /** What the Inspector prints for one request to an adapter over stdio. @throws with what it finds wrong. */
  async ask(adapter: readonly string[], ...args: readonly string[]): Promise<string> {
    return (await this.#ask([...args, "--", process.execPath, ADAPTER_PROGRAM, ...adapter])).printed;
  }

  /** What the Inspector has against the tools of an adapter, however small. */
  async complaints(adapter: readonly string[]): Promise<string> {
    const list = ["--method", "tools/list", "--strict", "--", process.execPath, ADAPTER_PROGRAM, ...adapter];
    return (await this.#ask(list)).complained;
  }

  /** The same over HTTP. */
  async askOver(url: URL, token: string, ...args: readonly string[]): Promise<string> {
    const header = `Authorization: Bearer ${token}`;
    return (await this.#ask([url.href, "--transport", "http", "--header", header, ...args])).printed;
  }

  stop(): void {
    for (const worker of this.#workers) worker.kill();
  }

  async #ask(args: readonly string[]): Promise<CliAnswer> {
    const id = this.#count;
    this.#count += 1;
    const at = id % WORKERS;
    const answer = (this.#turns[at] ?? Promise.resolve()).then(() =>
      this.#run(at, { id, args: ["--format", "json", ...args] }),
    );
    this.#turns[at] = answer.catch(() => undefined);
    const given = await answer;
    if (given.failed) throw new Error(`${args.join(" ")}: ${given.complained}`);
    return given;
  }

  #run(worker: number, request: CliRequest): Promise<CliAnswer> {
    const answer = deferred<CliAnswer>();
    this.#pending.set(request.id, answer);
    this.#workers[worker]?.send(request);
    return within(answer.promise, { what: request.args.join(" "), deadlineMs: CALL_TIMEOUT_MS });
  }

  #fork(node: string, module: string, home: string): Promise<void> {
    const ready = deferred<void>();
    const env = { ...environment(), GODOT_HUB_HOME: home };
    const worker = fork(WORKER, [module], {
      execPath: node,
      execArgv: [],
      env,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    worker.on("message", (message: CliAnswer | "ready") => {
      if (message === "ready") ready.resolve();
      else this.#pending.get(message.id)?.resolve(message);
    });
    worker.once("exit", (code) => ready.reject(new Error(`The Inspector's process has ended with ${code}.`)));
    this.#workers.push(worker);
    return ready.promise;
  }
}
