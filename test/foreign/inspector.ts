/** The MCP Inspector's command line, fetched with a Node that is new enough for it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { environment } from "../support/hub-process.ts";
import { ADAPTER_PROGRAM } from "../support/mcp-client.ts";

const PACKAGES = ["node@24", "@modelcontextprotocol/inspector@2.12.0"];
const FETCH_TIMEOUT_MS = 170_000;
const CALL_TIMEOUT_MS = 30_000;

const run = promisify(execFile);

export class Inspector {
  readonly #path: string;
  readonly #home: string;

  private constructor(path: string, home: string) {
    this.#path = path;
    this.#home = home;
  }

  /** Fetches the packages once. @param home State directory of the hub that adapters use. */
  static async fetch(home: string): Promise<Inspector> {
    const packages = PACKAGES.flatMap((name) => ["-p", name]);
    const { stdout } = await run("npx", ["-y", ...packages, "-c", "echo PATH=$PATH"], { timeout: FETCH_TIMEOUT_MS });
    const path = /^PATH=(.+)$/m.exec(stdout)?.[1];
    if (!path) throw new Error(`npx has not said where the Inspector is: ${stdout}`);
    return new Inspector(path, home);
  }

  /** What the Inspector prints for one request to an adapter. @throws with what it finds wrong. */
  async ask(adapter: readonly string[], ...args: readonly string[]): Promise<string> {
    const server = ["--", process.execPath, ADAPTER_PROGRAM, ...adapter];
    const { stdout, stderr } = await run("mcp-inspector", ["--cli", "--format", "json", ...args, ...server], {
      env: { ...environment(), PATH: this.#path, GODOT_HUB_HOME: this.#home },
      timeout: CALL_TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error: { stderr?: string; stdout?: string; message: string }) => {
      throw new Error(`${args.join(" ")}: ${error.stderr || error.message}${error.stdout ?? ""}`);
    });
    return stdout || stderr;
  }
}
