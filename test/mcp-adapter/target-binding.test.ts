import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BindingSources, findBinding } from "../../mcp-adapter/session/target-binding.ts";

describe("what a session is bound to", () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "godot-binding-")));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function project(folder: string, name?: string): string {
    const path = join(root, folder);
    mkdirSync(path, { recursive: true });
    const line = name === undefined ? "" : `config/name=${JSON.stringify(name)}\n`;
    writeFileSync(join(path, "project.godot"), `; Engine configuration file.\n[application]\n\n${line}`);
    return path;
  }

  function folder(name: string): string {
    mkdirSync(join(root, name), { recursive: true });
    return join(root, name);
  }

  const found = (sources: Partial<BindingSources>) =>
    findBinding({ target: undefined, project: undefined, env: {}, cwd: folder("empty"), ...sources });

  it("is nothing without a project anywhere", () => {
    expect(found({})).toBeUndefined();
    expect(found({ env: { CLAUDE_PROJECT_DIR: join(root, "absent") } })).toBeUndefined();
  });

  it("is the project at or above the working directory, by its name and folder", () => {
    const path = project("game", 'The "Game"');
    expect(found({ cwd: path })).toEqual({ kind: "project", name: 'The "Game"', path, from: "the working directory" });
    expect(found({ cwd: folder("game/scenes/levels") })).toMatchObject({ path });
    expect(found({ cwd: root })).toBeUndefined();
  });

  it("is named after its folder when the project has no name", () => {
    expect(found({ cwd: project("nameless") })).toMatchObject({ name: "nameless" });
  });

  it("is the one in CLAUDE_PROJECT_DIR rather than the working directory's: at it, above it, or the only one below it", () => {
    const cwd = project("here");
    const at = project("at");
    expect(found({ cwd, env: { CLAUDE_PROJECT_DIR: at } })).toMatchObject({ path: at, from: "CLAUDE_PROJECT_DIR" });
    expect(found({ cwd, env: { CLAUDE_PROJECT_DIR: folder("at/deeper") } })).toMatchObject({ path: at });
    const below = project("mono/games/one");
    const mono = { CLAUDE_PROJECT_DIR: join(root, "mono") };
    expect(found({ cwd, env: mono })).toMatchObject({ path: below });
    project("mono/node_modules/dependency");
    project("mono/.hidden/copy");
    project("mono/a/b/c/too-deep");
    expect(found({ cwd, env: mono })).toMatchObject({ path: below });
    project("mono/games/two");
    expect(found({ cwd, env: mono })).toMatchObject({ path: cwd, from: "the working directory" });
  });

  it("is the one of its options, before everything else", () => {
    const cwd = project("here");
    const told = project("told");
    const env = { CLAUDE_PROJECT_DIR: project("claude") };
    expect(found({ cwd, env, project: told })).toMatchObject({ path: told, from: "--project" });
    expect(found({ cwd, env, project: join("..", "told") })).toMatchObject({ path: told });
    expect(found({ cwd, env, target: "game@3f2a" })).toMatchObject({ kind: "named", target: "game@3f2a" });
    expect(found({ cwd, env, target: told })).toMatchObject({ kind: "project", path: told });
    expect(found({ cwd, env, target: "../told" })).toMatchObject({ kind: "project", path: told });
  });

  it("stays with a folder that has no project: unreachable is better than another one", () => {
    const cwd = project("here");
    expect(found({ cwd, project: join(root, "gone") })).toMatchObject({ kind: "project", path: join(root, "gone") });
  });

  it("is the folder that Godot would name, behind symbolic links", () => {
    const path = project("real");
    symlinkSync(path, join(root, "link"));
    expect(found({ cwd: join(root, "link") })).toMatchObject({ path });
  });
});
