import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { readToken } from "../../protocol/state-dir.ts";
import { HttpAdapter } from "../mcp-adapter/support/http-adapter.ts";
import { TokenBridge } from "./token-bridge.ts";

const SUITE = fileURLToPath(
  new URL("../../node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url),
);
const EXPECTED = fileURLToPath(new URL("./conformance-expected-failures.yml", import.meta.url));

it("the official conformance suite finds nothing wrong but what its own fixtures are needed for", async () => {
  const home = mkdtempSync(join(tmpdir(), "godot-conformance-"));
  const adapters: HttpAdapter[] = [];
  const bridge = new TokenBridge(
    () => Number(adapters[0]?.url.port),
    () => readToken(home) ?? "",
  );
  try {
    const port = await bridge.start();
    const origins = `http://127.0.0.1:${port},http://localhost:${port}`;
    adapters.push(await HttpAdapter.start(home, ["--no-launch", "--allow-origins", origins]));
    const args = [SUITE, "server", "--url", `http://127.0.0.1:${port}/mcp`, "--expected-failures", EXPECTED];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: home, timeout: 55_000 }).catch(
      (error: { stdout?: string }) => {
        throw new Error(`The suite has found something:\n${error.stdout?.slice(-3_000)}`);
      },
    );
    expect(stdout).toContain("dns-rebinding-protection: 2 passed, 0 failed");
  } finally {
    bridge.stop();
    await Promise.all(adapters.map((adapter) => adapter.stop()));
    rmSync(home, { recursive: true, force: true });
  }
});
