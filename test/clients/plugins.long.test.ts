/** Tests the plugins in their hosts: each host installs the published plugin, lists its server and finds its skill. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import { npmPackage } from "../../scripts/packages.ts";
import { environment } from "../support/hub-process.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FETCH_AND_RUN_MS = 280_000;
const NAME = "godot-mcp-hub@godot-mcp-hub";
const run = promisify(execFile);

const listingSchema = z.looseObject({
  plugins: z.tuple([z.looseObject({ source: z.looseObject({ source: z.string() }) })]),
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "godot-plugin-hosts-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Runs command lines of a client, in a home of the test's own; what they print. */
async function said(npm: string, ...lines: string[]): Promise<string> {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const { PATH, npm_config_registry, npm_config_cache = join(process.env.HOME ?? "", ".npm") } = environment();
  const env = { PATH, HOME: home, GODOT_HUB_NO_LAUNCH: "1", npm_config_registry, npm_config_cache };
  const args = ["-y", "-p", `${npm}@latest`, "-c", lines.join(" && ")];
  const { stdout } = await run("npx", args, { env, cwd: home, timeout: FETCH_AND_RUN_MS });
  return stdout;
}

describe("the plugin in Claude Code", () => {
  const ask = (...lines: string[]) => said("@anthropic-ai/claude-code", ...lines);

  it(
    "is valid, for its plugin directory too, and so is the marketplace",
    async () => {
      const plugin = await ask(`claude plugin validate --strict --profile directory "${ROOT}"`);
      expect(plugin).toContain("Validation passed");
      const marketplace = await ask(`claude plugin validate --strict "${ROOT}.claude-plugin/marketplace.json"`);
      expect(marketplace).toContain("Validation passed");
    },
    FETCH_AND_RUN_MS,
  );

  it(
    "brings the skill, the hook and a server that it can speak with",
    async () => {
      const install = [`claude plugin marketplace add "${ROOT}"`, `claude plugin install ${NAME}`];
      const stdout = await ask(...install, "claude plugin details godot-mcp-hub", "claude mcp list");
      expect(stdout).toMatch(/Skills \(1\) +godot/);
      expect(stdout).toMatch(/Hooks \(1\) +SessionStart/);
      expect(stdout).toMatch(/plugin:godot-mcp-hub:godot: .*✔ Connected/);
    },
    FETCH_AND_RUN_MS,
  );
});

describe("the plugin in Codex", () => {
  const ask = (...lines: string[]) => said("@openai/codex", ...lines);

  it(
    "stands in the marketplace with its version",
    async () => {
      const stdout = await ask(`codex plugin marketplace add "${ROOT}"`, "codex plugin list");
      expect(stdout).toContain(NAME);
      expect(stdout).toContain(`version \`${PRODUCT_VERSION}\``);
      await ask("codex plugin marketplace remove godot-mcp-hub");
    },
    FETCH_AND_RUN_MS,
  );

  it(
    "brings the skill, and the server as it stands in the npm package",
    async () => {
      const marketplace = await marketplaceOf(await npmPackage(folder));
      const install = [`codex plugin marketplace add "${marketplace}"`, `codex plugin add ${NAME} --json`];
      const stdout = await ask(...install, "codex mcp list");
      expect(stdout).toMatch(new RegExp(`godot +npx +-y godot-mcp-hub@${PRODUCT_VERSION} .*enabled`));
      const [, installed = ""] = /"installedPath": "([^"]+)"/.exec(stdout) ?? [];
      expect(existsSync(join(installed, "skills", "godot", "SKILL.md"))).toBe(true);
    },
    FETCH_AND_RUN_MS,
  );
});

describe("the plugin in Copilot CLI", () => {
  it(
    "brings the skill and the server",
    async () => {
      const install = [`copilot plugin marketplace add "${ROOT}"`, `copilot plugin install ${NAME}`];
      const stdout = await said("@github/copilot", ...install, "copilot mcp list");
      expect(stdout).toContain("Installed 1 skill.");
      expect(stdout).toMatch(/Plugin servers:\s+godot \(local\)/);
    },
    FETCH_AND_RUN_MS,
  );
});

/** A marketplace for Codex with what npm would have: the unpacked package. */
async function marketplaceOf(archive: string): Promise<string> {
  const marketplace = join(folder, "marketplace");
  mkdirSync(join(marketplace, ".agents", "plugins"), { recursive: true });
  await run("tar", ["-xzf", archive, "-C", marketplace]);
  const path = join(".agents", "plugins", "marketplace.json");
  const listing = listingSchema.parse(JSON.parse(readFileSync(join(ROOT, path), "utf8")));
  const [plugin] = listing.plugins;
  const local = { ...listing, plugins: [{ ...plugin, source: { source: "local", path: "./package" } }] };
  writeFileSync(join(marketplace, path), JSON.stringify(local));
  return marketplace;
}
