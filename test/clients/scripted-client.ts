/** Runs real AI clients, each once with a scripted model and without a person to ask. */
import { execFile } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { environment, HUB_PROGRAM } from "../support/hub-process.ts";
import { type ScriptedCall, ScriptedModel } from "./scripted-model.ts";

/** What one run may take, fetching the client included. */
export const RUN_MS = 280_000;
const run = promisify(execFile);

/** How a client is run with a model at `url`. */
export interface ScriptedClient {
  readonly client: string;
  readonly npm: string;
  readonly ask: string;
  readonly env: (url: string, howTools: HowTools) => Record<string, string>;
  /** Writes what only a file can say. */
  readonly prepare?: (home: string, url: string, howTools: HowTools) => void;
}

/** Whether the client gives its model all tools from the start, or has it search for them. */
export type HowTools = "shown" | "hidden";

export const CLIENTS: readonly ScriptedClient[] = [
  {
    client: "claude",
    npm: "@anthropic-ai/claude-code",
    ask: "claude -p 'Build it.' --model claude-sonnet-4-5 --allowedTools mcp__godot",
    env: (url, howTools) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: "none",
      ENABLE_TOOL_SEARCH: String(howTools === "hidden"),
      DISABLE_TELEMETRY: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    }),
  },
  {
    client: "codex",
    npm: "@openai/codex",
    ask: "codex exec --skip-git-repo-check 'Build it.'",
    env: () => ({}),
    prepare: (home, url, howTools) => {
      const file = join(home, ".codex", "config.toml");
      const own = readFileSync(file, "utf8").replace("[mcp_servers.godot]", "[mcp_servers.godot]\nrequired = true");
      // Of a model that it knows it knows that it can search.
      const model = howTools === "hidden" ? "gpt-5.5" : "scripted";
      const settings = { model, model_provider: "scripted", sandbox_mode: "workspace-write" };
      const lines = Object.entries(settings).map(([name, value]) => `${name} = "${value}"`);
      writeFileSync(file, `${lines.join("\n")}\n${own}`);
      appendFileSync(file, `\n[model_providers.scripted]\nname = "Scripted"\nbase_url = "${url}/v1"\n`);
    },
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
      const modalities = { input: ["text", "image"], output: ["text"] };
      const models = { model: { name: "Scripted", tool_call: true, attachment: true, modalities } };
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

/**
 * Has a client, configured by `godot-hub connect` in `home`, do what the script says.
 * @returns The model, with what it was shown, and what the client printed.
 */
export async function runScript(
  { client, npm, ask, env: own, prepare }: ScriptedClient,
  home: string,
  script: readonly ScriptedCall[],
  howTools: HowTools = "shown",
): Promise<{ model: ScriptedModel; printed: string }> {
  const model = await ScriptedModel.start(script);
  try {
    const { PATH, npm_config_registry, npm_config_cache = join(process.env.HOME ?? "", ".npm") } = environment();
    const env = { PATH, HOME: home, npm_config_registry, npm_config_cache, ...own(model.url, howTools) };
    await run(process.execPath, [HUB_PROGRAM, "connect", "--client", client], { env });
    prepare?.(home, model.url, howTools);
    const asked = run("npx", ["-y", "-p", `${npm}@latest`, "-c", `${ask} < /dev/null`], {
      env,
      cwd: home,
      timeout: RUN_MS,
    });
    const { stdout, stderr } = await asked;
    return { model, printed: `${stdout}\n${stderr}\n${model.offered}\n${model.unknown}` };
  } finally {
    model.stop();
  }
}
