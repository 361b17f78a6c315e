import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GodotEditor } from "../support/godot-editor.ts";
import { environment, HUB_PROGRAM } from "../support/hub-process.ts";
import { Studio } from "../support/studio.ts";
import { ScriptedModel } from "./scripted-model.ts";

const RUN_MS = 280_000;
const run = promisify(execFile);

/** How each client is run once, with a model at `url` and without anybody to ask. */
interface ScriptedClient {
  readonly client: string;
  readonly npm: string;
  readonly ask: string;
  readonly env: (url: string) => Record<string, string>;
  /** Writes what only a file can say. */
  readonly prepare?: (home: string, url: string) => void;
}

const CLIENTS: readonly ScriptedClient[] = [
  {
    client: "claude",
    npm: "@anthropic-ai/claude-code",
    ask: "claude -p 'Build it.' --model claude-sonnet-4-5 --allowedTools mcp__godot",
    env: (url) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: "none",
      ENABLE_TOOL_SEARCH: "false",
      DISABLE_TELEMETRY: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    }),
  },
  {
    client: "gemini",
    npm: "@google/gemini-cli",
    ask: "gemini -p 'Build it.' --approval-mode yolo --model gemini-2.5-flash",
    env: (url) => ({ GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: "none", GEMINI_CLI_TRUST_WORKSPACE: "true" }),
    prepare: (home) => {
      const security = { auth: { selectedType: "gemini-api-key" } };
      addTo(join(home, ".gemini", "settings.json"), { security });
    },
  },
  {
    client: "opencode",
    npm: "opencode-ai",
    ask: "opencode run --model scripted/model 'Build it.'",
    env: () => ({}),
    prepare: (home, url) => {
      const options = { baseURL: `${url}/v1`, apiKey: "none" };
      const models = { model: { name: "Scripted", tool_call: true } };
      const provider = { scripted: { npm: "@ai-sdk/openai-compatible", name: "Scripted", options, models } };
      addTo(join(home, ".config", "opencode", "opencode.json"), { provider });
    },
  },
];

/** Adds members to a client's configuration. */
function addTo(file: string, members: object): void {
  const config: object = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  writeFileSync(file, JSON.stringify({ ...config, ...members }));
}

describe("a real AI client with a scripted model", () => {
  let home: string;
  let studio: Studio;
  let editor: GodotEditor | undefined;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "godot-scripted-home-"));
    studio = await Studio.open({ home: join(home, ".godot-hub") });
    [editor] = await studio.editors(["scripted-game"]);
  });
  afterAll(async () => {
    await studio.dispose();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it.each(CLIENTS)("$client works in a real editor by tool calls", { timeout: RUN_MS }, async (each) => {
    const { client, npm, ask, env: own, prepare } = each;
    const path = `res://made_by_${client}.tscn`;
    const model = await ScriptedModel.start([
      { name: "hub_status", args: {} },
      { name: "scene_manage", args: { action: "create", path, rootType: "Node2D" } },
      { name: "scene_edit", args: { operations: [{ op: "add", type: "Sprite2D", name: "Icon" }] } },
      { name: "scene_tree", args: {} },
    ]);
    try {
      const { PATH, npm_config_registry, npm_config_cache = join(process.env.HOME ?? "", ".npm") } = environment();
      const env = { PATH, HOME: home, npm_config_registry, npm_config_cache, ...own(model.url) };
      await run(process.execPath, [HUB_PROGRAM, "connect", "--client", client], { env });
      prepare?.(home, model.url);
      const asked = run("npx", ["-y", "-p", `${npm}@latest`, "-c", `${ask} < /dev/null`], {
        env,
        cwd: home,
        timeout: RUN_MS,
      });
      const { stdout } = await asked;
      expect(model.results, `${stdout}\n${model.offered}\n${model.unknown}`).toHaveLength(4);
      expect(model.results[0]).toContain("scripted-game@");
      expect(model.results[3]).toMatch(/Icon: Sprite2D/);
      expect(existsSync(join(editor?.project ?? "", `made_by_${client}.tscn`))).toBe(true);
    } finally {
      model.stop();
    }
  });
});
