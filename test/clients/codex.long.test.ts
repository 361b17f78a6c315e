import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GodotEditor } from "../support/godot-editor.ts";
import { environment, HUB_PROGRAM } from "../support/hub-process.ts";
import { Studio } from "../support/studio.ts";
import { CodexAppServer } from "./codex-app-server.ts";

describe("Codex, configured by `godot-hub connect`", () => {
  let home: string;
  let studio: Studio;
  let editor: GodotEditor | undefined;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "godot-codex-home-"));
    // Codex hands HOME on to its MCP servers, and nothing that would tell them of another state directory.
    studio = await Studio.open({ home: join(home, ".godot-hub") });
    [editor] = await studio.editors(["codex-game"]);
  });
  afterAll(async () => {
    await studio.dispose();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it("works in a real editor by tool calls", { timeout: 280_000 }, async () => {
    const { PATH, npm_config_registry, npm_config_cache = join(process.env.HOME ?? "", ".npm") } = environment();
    const env = { PATH, HOME: home, npm_config_registry, npm_config_cache };
    await promisify(execFile)(process.execPath, [HUB_PROGRAM, "connect", "--client", "codex"], { env });
    const codex = await CodexAppServer.start(env, home);
    expect((await codex.callTool("hub_status", {})).text).toContain("codex-game@");
    const scene = { path: "res://made_by_codex.tscn", rootType: "Node2D" };
    expect(await codex.callTool("scene_open", scene)).toMatchObject({ isError: false });
    const operations = [{ op: "add", parent: ".", type: "Sprite2D", name: "Icon" }];
    expect(await codex.callTool("scene_edit", { operations })).toMatchObject({ isError: false });
    expect((await codex.callTool("scene_tree", {})).text).toMatch(/Icon.*Sprite2D/);
    expect(existsSync(join(editor?.project ?? "", "made_by_codex.tscn"))).toBe(true);
    await codex.close();
  });
});
