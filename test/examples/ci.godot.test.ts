/** The job in examples/ci is run on real projects: one that is right, and one with an error. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { GodotEditor, godotBinary } from "../support/godot-editor.ts";
import { HUB_PROGRAM } from "../support/hub-process.ts";

const CHECK = fileURLToPath(new URL("../../examples/ci/check.sh", import.meta.url));

it.runIf(process.platform !== "win32").each([
  ["passes where nothing is wrong", "func test_one() -> void:\n\tpass\n", 0],
  ["fails for a script with an error", "func test_one() -> void:\n\tnothing_like_it()\n", 1],
])("check.sh %s", { timeout: 300_000 }, async (_what, body, code) => {
  const project = GodotEditor.prepare({ name: "checked" });
  try {
    writeFileSync(join(project.project, "test_it.gd"), `extends RefCounted\n\n\n${body}`);
    const env = { ...process.env, GODOT: godotBinary(), GODOT_HUB: `${process.execPath} ${HUB_PROGRAM}` };
    const ended = await new Promise<{ code: unknown; output: string }>((resolve) => {
      execFile(CHECK, [project.project], { env }, (error, out, err) =>
        resolve({ code: error?.code ?? 0, output: out + err }),
      );
    });
    expect(ended.code, ended.output).toBe(code);
    expect(ended.output).toContain(code === 0 ? '"passed": true' : "test_it.gd");
  } finally {
    await project.dispose();
  }
});
