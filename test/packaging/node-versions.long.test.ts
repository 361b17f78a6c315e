/** The built programs on each version of Node that is supported: fetched from npm, which has Node's binaries as the package `node`. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect, it, onTestFinished } from "vitest";
import { readHubFile, readToken } from "../../hub-client/state-dir.ts";
import { temporaryFolder } from "../hub/cli/command-line.ts";
import { environment, HUB_PROGRAM } from "../support/hub-process.ts";
import { ADAPTER_PROGRAM, definedOnly } from "../support/mcp-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { until } from "../support/wait.ts";

const FETCH_AND_RUN_MS = 280_000;
const run = promisify(execFile);

/** Path of a Node of that major version. */
async function nodeOf(major: number): Promise<string> {
  const args = ["-y", "-p", `node@${major}`, "-c", 'node -p "process.execPath"'];
  const { stdout } = await run("npx", args, { timeout: FETCH_AND_RUN_MS, shell: process.platform === "win32" });
  return stdout.trim();
}

describe.each([20, 22, 24])("Node %i", (major) => {
  it(
    "runs the hub and the adapter: a call goes through both to an editor and back",
    async () => {
      const node = await nodeOf(major);
      const { stdout: version } = await run(node, ["--version"]);
      expect(version).toMatch(new RegExp(`^v${major}\\.`));
      const home = join(temporaryFolder(), "state");
      const env = definedOnly({ ...environment(), GODOT_HUB_HOME: home });
      const hub = spawn(node, [HUB_PROGRAM, "run", "--port", "0"], { env, stdio: "ignore" });
      onTestFinished(() => void hub.kill("SIGKILL"));
      const { url } = await until(() => readHubFile(home), { what: "hub.json", deadlineMs: 60_000 });
      const editor = new StubInstance({ handlers: { "scene.save_all": () => ({ saved: [`by Node ${major}`] }) } });
      await editor.connect(url, readToken(home) ?? "");
      onTestFinished(() => editor.client.terminate());
      const transport = new StdioClientTransport({
        command: node,
        args: [ADAPTER_PROGRAM],
        env,
        cwd: home,
        stderr: "ignore",
      });
      const client = new Client({ name: "node-versions", version: "1.0.0" });
      await client.connect(transport);
      const result = await client.callTool({
        name: "command_run",
        arguments: { command: "scene.save_all", params: {}, format: "json" },
      });
      expect(result.structuredContent).toMatchObject({ saved: [`by Node ${major}`] });
      await client.close();
      const ended = once(hub, "exit");
      hub.kill("SIGTERM");
      expect((await ended)[0]).toBe(0);
    },
    FETCH_AND_RUN_MS,
  );
});
