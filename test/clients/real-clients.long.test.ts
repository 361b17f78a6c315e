import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { environment } from "../support/hub-process.ts";

const PROGRAM = fileURLToPath(new URL("../../dist/godot-hub.js", import.meta.url));
const FETCH_AND_RUN_MS = 280_000;
const run = promisify(execFile);

/** What each client prints of a server that it has started and spoken MCP with, or that it has read. */
const CLIENTS = [
  { client: "claude", npm: "@anthropic-ai/claude-code", ask: "claude mcp list", says: /godot: .*✔ Connected/ },
  { client: "gemini", npm: "@google/gemini-cli", ask: "gemini mcp list", says: /✓ godot: .*Connected/ },
  { client: "opencode", npm: "opencode-ai", ask: "opencode mcp list", says: /✓ godot .*connected/ },
  // It starts servers with a conversation only.
  { client: "codex", npm: "@openai/codex", ask: "codex mcp list", says: /godot +node .*enabled/ },
  { client: "copilot", npm: "@github/copilot", ask: "copilot mcp list", says: /User servers:\s+godot \(local\)/ },
] as const;

describe("a real AI client that `godot-hub connect` has configured", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "godot-client-home-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

  it.each(CLIENTS)(
    "$client finds the adapter",
    async ({ client, npm, ask, says }) => {
      // With nothing but HOME and PATH, as some clients hand it on, and a home of the test's own.
      const { PATH, npm_config_registry, npm_config_cache = join(process.env.HOME ?? "", ".npm") } = environment();
      const env = { PATH, HOME: home, npm_config_registry, npm_config_cache, GEMINI_CLI_TRUST_WORKSPACE: "true" };
      await run(process.execPath, [PROGRAM, "connect", "--client", client], { env });
      const { stdout, stderr } = await run("npx", ["-y", "-p", `${npm}@latest`, "-c", ask], {
        env,
        cwd: home,
        timeout: FETCH_AND_RUN_MS,
      });
      expect(`${stdout}${stderr}`.replace(new RegExp(`${String.fromCharCode(27)}\\[\\d*m`, "g"), "")).toMatch(says);
    },
    FETCH_AND_RUN_MS,
  );
});
