import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const PLUGIN = fileURLToPath(new URL("../../mcp-adapter/packaging/claude-plugin", import.meta.url));
const FETCH_AND_RUN_MS = 280_000;

it(
  "Claude Code takes the plugin, and so would its plugin directory",
  async () => {
    const args = [
      "-y",
      "@anthropic-ai/claude-code@latest",
      "plugin",
      "validate",
      "--strict",
      "--profile",
      "directory",
      PLUGIN,
    ];
    const { stdout } = await promisify(execFile)("npx", args, { timeout: FETCH_AND_RUN_MS });
    expect(stdout).toContain("Validation passed");
  },
  FETCH_AND_RUN_MS,
);
