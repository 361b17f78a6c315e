/** Tests the npm package: its files, and that it works after an installation without any other package. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import { temporaryFolder } from "../hub/cli/command-line.ts";
import { environment } from "../support/hub-process.ts";
import { definedOnly } from "../support/mcp-client.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const packedSchema = z.tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })]);
const texts = z.record(z.string(), z.string());
const manifestSchema = z.looseObject({
  bin: texts,
  scripts: texts,
  dependencies: texts.default({}),
  optionalDependencies: texts,
});
const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));

/** Packs the built programs: a build here would remove `dist/` under the tests that run beside this one. */
async function pack(...flags: string[]) {
  const args = ["pack", "--json", "--ignore-scripts", ...flags];
  const { stdout } = await run("npm", args, { cwd: ROOT, shell: process.platform === "win32" });
  return packedSchema.parse(JSON.parse(stdout))[0];
}

describe("the npm package", () => {
  it("holds both programs, the addon, the skill, what makes it a plugin and the documents, and no tests or sources", async () => {
    const { files } = await pack("--dry-run");
    const paths = files.map(({ path }) => path);
    const addon = "godot-client/addons/godot_mcp_hub";
    const wanted = ["README.md", "LICENSE", "PROTOCOL.md", "CHANGELOG.md", `${addon}/plugin.cfg`, `${addon}/plugin.gd`];
    const pluggable = [".claude-plugin/plugin.json", ".claude-plugin/marketplace.json", ".codex-plugin/plugin.json"];
    const read = ["skills/godot/SKILL.md", "skills/godot/references/values.md", "scripts/plugin/session-start.mjs"];
    expect(paths).toEqual(expect.arrayContaining([...Object.values(manifest.bin), ...wanted, ...pluggable, ...read]));
    // Codex would take it before its own manifest, and start the adapter where no project is.
    expect(paths).not.toContain("plugin.json");
    expect(paths.filter((path) => /^(test|bench|hub|protocol|mcp-adapter|\.ci)\/|\.godot\//.test(path))).toEqual([]);
  });

  it("brings its libraries with it: npm is asked for nothing but what makes it faster", () => {
    expect(manifest.dependencies).toEqual({});
    expect(Object.keys(manifest.optionalDependencies)).toEqual(["bufferutil"]);
  });

  it("hands on the licenses of the libraries in its bundles", async () => {
    const { files } = await pack("--dry-run");
    const path = "dist/third-party-licenses.txt";
    expect(files.map((file) => file.path)).toContain(path);
    const licenses = readFileSync(join(ROOT, path), "utf8");
    for (const library of ["ws", "zod", "pino", "graphql", "@modelcontextprotocol/sdk"]) {
      expect(licenses).toMatch(new RegExp(`^${library} \\d+\\.\\d+\\.\\d+ \\(MIT\\)$`, "m"));
    }
    // What only builds and tests is no part of it.
    expect(licenses).not.toMatch(/^(esbuild|vitest|ajv) \d/m);
  });

  it("names programs that can be executed", () => {
    for (const path of Object.values(manifest.bin)) {
      expect(readFileSync(join(ROOT, path), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
      expect(statSync(join(ROOT, path)).mode & 0o111).not.toBe(0);
    }
  });
});

describe("the npm package, installed from its file into an empty folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "godot-npm-package-"));
  let filename: string;
  beforeAll(async () => {
    ({ filename } = await pack("--pack-destination", folder));
    writeFileSync(join(folder, "package.json"), "{}");
    // What npm could not find in the file would have to come from the network.
    await run("npm", ["install", "--offline", "--omit=optional", "--no-audit", "--no-fund", `./${filename}`], {
      cwd: folder,
      shell: process.platform === "win32",
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const program = (name: string) => join(folder, "node_modules", ".bin", name);

  it("has nothing that publint would warn of", async () => {
    const tarball = Uint8Array.from(readFileSync(join(folder, filename))).buffer;
    const { messages, pkg } = await publint({ strict: true, pack: { tarball } });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it("has a command line that knows its version and installs the addon", async () => {
    const version = await run(program("godot-hub"), ["version"]);
    expect(version.stdout).toContain(`godot-mcp-hub ${PRODUCT_VERSION}`);
    const game = join(folder, "game");
    mkdirSync(game);
    writeFileSync(join(game, "project.godot"), "config_version=5\n");
    await run(program("godot-hub"), ["install", game]);
    expect(existsSync(join(game, "addons", "godot_mcp_hub", "plugin.gd"))).toBe(true);
  });

  it.each(["godot-mcp-adapter", "godot-mcp-hub"])(
    "has an MCP server in %s, which starts the package's hub and reaches it",
    async (name) => {
      const home = temporaryFolder();
      const transport = new StdioClientTransport({
        command: program(name),
        env: definedOnly({ ...environment(), GODOT_HUB_HOME: home, GODOT_HUB_PORT: "0" }),
        cwd: home,
        stderr: "ignore",
      });
      const client = new Client({ name: "package-test", version: "1.0.0" });
      await client.connect(transport);
      try {
        expect(client.getServerVersion()).toMatchObject({ name: "godot-mcp-hub", version: PRODUCT_VERSION });
        expect((await client.listTools()).tools.length).toBeGreaterThan(10);
        const status = await client.callTool({ name: "hub_status", arguments: {} });
        expect(status.isError ?? false).toBe(false);
        expect(existsSync(join(home, "hub.json"))).toBe(true);
      } finally {
        await client.close();
        await run(program("godot-hub"), ["stop"], { env: { ...environment(), GODOT_HUB_HOME: home } });
      }
    },
  );
});

describe("the repository", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");

  it("has a README of less than 150 lines that names the test command which CI runs", () => {
    expect(readme.split("\n").length).toBeLessThan(150);
    expect(readme).toContain("npm test");
    expect(manifest.scripts.check).toMatch(/typecheck.*lint.*npm test/);
    const ci = readFileSync(join(ROOT, ".ci", "run"), "utf8");
    expect(ci).toContain("npm ci");
    expect(ci).toContain("npm run check");
  });

  it("has no link in its documents that leads nowhere", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path ?? "");
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it("has an entry for its version in the changelog", () => {
    expect(readFileSync(join(ROOT, "CHANGELOG.md"), "utf8")).toMatch(/^## \[(Unreleased|\d+\.\d+\.\d+)\]/m);
  });
});
