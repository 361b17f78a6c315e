/** The npm package: what is in it, and that it works where it is unpacked, with nothing installed beside it. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import { temporaryFolder } from "../hub/cli/command-line.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const packedSchema = z.tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })]);
const manifestSchema = z.object({ bin: z.record(z.string(), z.string()), scripts: z.record(z.string(), z.string()) });
const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));

/** Packs what is built: building here would take `dist/` from under the tests that run beside this one. */
async function pack(...flags: string[]) {
  const args = ["pack", "--json", "--ignore-scripts", ...flags];
  const { stdout } = await run("npm", args, { cwd: ROOT, shell: process.platform === "win32" });
  return packedSchema.parse(JSON.parse(stdout))[0];
}

describe("the npm package", () => {
  it("holds both programs, the addon and the documents, and no tests or sources", async () => {
    const { files } = await pack("--dry-run");
    const paths = files.map(({ path }) => path);
    const addon = "godot-client/addons/godot_mcp_hub";
    const wanted = ["README.md", "LICENSE", "PROTOCOL.md", "CHANGELOG.md", `${addon}/plugin.cfg`, `${addon}/plugin.gd`];
    expect(paths).toEqual(expect.arrayContaining([...Object.values(manifest.bin), ...wanted]));
    expect(paths.filter((path) => /^(test|bench|hub|protocol|mcp-adapter|\.ci)\/|\.godot\//.test(path))).toEqual([]);
  });

  it("works where it is unpacked", async () => {
    const folder = temporaryFolder();
    const { filename } = await pack("--pack-destination", folder);
    await run("tar", ["-xzf", join(folder, filename), "-C", folder]);
    const program = join(folder, "package", "dist", "godot-hub.js");
    const version = await run(process.execPath, [program, "version"]);
    expect(version.stdout).toContain(`godot-mcp-hub ${PRODUCT_VERSION}`);
    const game = join(folder, "game");
    mkdirSync(game);
    writeFileSync(join(game, "project.godot"), "config_version=5\n");
    await run(process.execPath, [program, "install", game]);
    expect(existsSync(join(game, "addons", "godot_mcp_hub", "plugin.gd"))).toBe(true);
  });

  it("names programs that can be executed", () => {
    for (const path of Object.values(manifest.bin)) {
      expect(readFileSync(join(ROOT, path), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
      expect(statSync(join(ROOT, path)).mode & 0o111).not.toBe(0);
    }
  });
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
