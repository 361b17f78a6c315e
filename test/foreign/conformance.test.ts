import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HubProcess } from "../support/hub-process.ts";
import { envelope } from "../support/modern-client.ts";
import { serveWithFixtures } from "./fixtures.ts";
import { withNewerNode } from "./newer-node.ts";
import { TokenBridge } from "./token-bridge.ts";

const SUITE = fileURLToPath(
  new URL("../../node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url),
);
const REVISIONS = ["2025-11-25", "2026-07-28"];

describe("the official conformance suite", () => {
  let hub: HubProcess;
  let bridge: TokenBridge;
  let server: Awaited<ReturnType<typeof serveWithFixtures>>;
  let node: string;
  let url: string;
  beforeAll(async () => {
    hub = await HubProcess.start();
    bridge = new TokenBridge(
      () => server.port,
      () => hub.token,
    );
    const port = await bridge.start();
    server = await serveWithFixtures(hub.home, [`http://127.0.0.1:${port}`, `http://localhost:${port}`]);
    url = `http://127.0.0.1:${port}/mcp`;
    ({ node } = await withNewerNode());
  }, 180_000);
  afterAll(async () => {
    bridge.stop();
    server.stop();
    await hub.dispose();
  });

  it.each(REVISIONS)(
    "finds nothing wrong in revision %s but what its own fixtures are needed for",
    async (revision) => {
      const expected = fileURLToPath(new URL(`./conformance-${revision}.yml`, import.meta.url));
      const args = [SUITE, "server", "--url", url, "--requirements", revision, "--expected-failures", expected];
      const { stdout } = await promisify(execFile)(node, args, { cwd: hub.home, timeout: 110_000 }).catch(
        (error: { stdout?: string }) => {
          throw new Error(`The suite has found something:\n${error.stdout?.slice(-3_000)}`);
        },
      );
      for (const passed of ["tools-list", "tools-call-error", "resources-list", "dns-rebinding-protection: 2 passed"]) {
        expect(stdout).toContain(`✓ ${passed}`);
      }
      // Not scored, and held to all the same.
      if (revision === "2026-07-28") expect(stdout).toContain("✓ http-header-validation: 14 passed, 0 failed");
      else expect(stdout).toContain("✓ server-session-lifecycle: 3 passed, 0 failed");
    },
    120_000,
  );

  // What the suite does not look at in the newer era.
  it.each([
    ["debug", 3],
    ["error", 0],
    [undefined, 0],
  ])("messages to the user go along with a request that asks for the level %s", async (level, count) => {
    const params = { name: "test_tool_with_logging", arguments: {}, ...envelope() };
    const meta = { ...params._meta, ...(level && { "io.modelcontextprotocol/logLevel": level }) };
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": "tools/call",
        "Mcp-Name": params.name,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { ...params, _meta: meta } }),
    });
    const text = await response.text();
    expect(text.match(/notifications\/message/g) ?? []).toHaveLength(count);
    expect(text).toContain("Done.");
  });
});
