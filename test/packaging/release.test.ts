/** `npm run release`: in a repository of the test's own, with this one's files of the version. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import { isLater, PLACES, versionsIn } from "../../scripts/release-places.ts";
import { temporaryFolder } from "../hub/cli/command-line.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SCRIPT = join(ROOT, "scripts", "release.ts");
const TSX = join(ROOT, "node_modules", "tsx", "dist", "cli.mjs");
const NEXT = "99.1.0";
const CHANGELOG = `# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [${PRODUCT_VERSION}] - 2026-01-01\n\n- The first.\n`;
const IDENTITY = {
  GIT_AUTHOR_NAME: "T",
  GIT_AUTHOR_EMAIL: "t@localhost",
  GIT_COMMITTER_NAME: "T",
  GIT_COMMITTER_EMAIL: "t@localhost",
};

/** A clean repository with the files that a release changes. */
class Repository {
  readonly folder = temporaryFolder();

  constructor(changelog = CHANGELOG) {
    for (const { path } of PLACES) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      cpSync(join(ROOT, path), join(this.folder, path));
    }
    writeFileSync(join(this.folder, "CHANGELOG.md"), changelog);
    this.git("init", "--quiet", "--initial-branch=main");
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "all");
  }

  git(...args: string[]): string {
    const env = { ...process.env, ...IDENTITY };
    return execFileSync("git", args, { cwd: this.folder, env, encoding: "utf8" }).trim();
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  release(...args: string[]) {
    const env = { ...process.env, ...IDENTITY };
    return spawnSync(process.execPath, [TSX, SCRIPT, ...args], { cwd: this.folder, env, encoding: "utf8" });
  }
}

describe("npm run release", () => {
  it("writes the version into every place and the changelog, commits, tags, and says what to push", () => {
    const repository = new Repository();
    const { status, stdout } = repository.release(NEXT);
    expect(status).toBe(0);
    for (const place of PLACES) {
      expect(new Set(versionsIn(place, repository.read(place.path))), place.path).toEqual(new Set([NEXT]));
    }
    const changelog = repository.read("CHANGELOG.md");
    expect(changelog).toMatch(
      /## \[Unreleased\]\n\n## \[99\.1\.0\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- A thing\.\n\n## \[/,
    );
    expect(repository.git("status", "--porcelain")).toBe("");
    expect(repository.git("log", "-1", "--format=%s")).toBe(`chore: release ${NEXT}`);
    expect(repository.git("describe")).toBe(`v${NEXT}`);
    expect(stdout).toContain(`git push origin main v${NEXT}`);
    expect(stdout).toContain(`npm publish packages/godot-mcp-hub-${NEXT}.tgz`);
  });

  it("changes nothing but the version", () => {
    const repository = new Repository();
    repository.release(NEXT);
    for (const { path } of PLACES) {
      const lines = repository.git("diff", "--unified=0", "HEAD~1", "--", path).split("\n");
      const changed = lines.filter((line) => /^\+[^+]/.test(line));
      expect(
        changed.filter((line) => !line.includes(NEXT)),
        path,
      ).toEqual([]);
    }
  });

  it("only tells what it would do with --dry-run", () => {
    const repository = new Repository();
    const { status, stdout } = repository.release(NEXT, "--dry-run");
    expect(status).toBe(0);
    for (const { path } of PLACES) expect(stdout).toContain(path);
    expect(repository.git("status", "--porcelain")).toBe("");
    expect(repository.git("tag")).toBe("");
    expect(repository.git("rev-list", "--count", "HEAD")).toBe("1");
  });

  it("refuses a tree with something uncommitted, and names it", () => {
    const repository = new Repository();
    writeFileSync(join(repository.folder, "new.txt"), "x");
    const { status, stderr } = repository.release(NEXT);
    expect(status).toBe(1);
    expect(stderr).toContain("new.txt");
    expect(repository.git("tag")).toBe("");
  });

  it.each([[[]], [["--dry-run"]]])("refuses where no branch is checked out %j", (options) => {
    const repository = new Repository();
    repository.git("checkout", "--quiet", "--detach");
    const { status, stdout, stderr } = repository.release(NEXT, ...options);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("Check out the branch");
    expect(repository.git("tag")).toBe("");
  });

  it.each([
    ["no version", [], "Name the version"],
    ["an invalid version", ["next"], "not a version"],
    ["the version that it has", [PRODUCT_VERSION], "comes after"],
    ["an older one", ["0.0.1"], "comes after"],
  ])("refuses %s", (_, args, said) => {
    const { status, stderr } = new Repository().release(...args);
    expect(status).toBe(1);
    expect(stderr).toContain(said);
  });

  it("refuses to release nothing", () => {
    const { status, stderr } = new Repository(
      "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-01-01\n\n- x\n",
    ).release(NEXT);
    expect(status).toBe(1);
    expect(stderr).toContain("nothing under Unreleased");
  });

  it.each([
    ["1.0.0", "0.9.9", true],
    ["0.10.0", "0.9.0", true],
    ["1.0.0", "1.0.0", false],
    ["1.0.0-beta.2", "1.0.0-beta.1", true],
    ["1.0.0", "1.0.0-beta.1", true],
    ["1.0.0-beta.1", "1.0.0", false],
    ["1.0", "0.9.0", false],
  ])("takes %s after %s: %s", (next, current, is) => {
    expect(isLater(next, current)).toBe(is);
  });
});
