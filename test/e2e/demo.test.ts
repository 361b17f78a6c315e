import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PICTURES } from "../../scripts/demo/build-and-play.ts";
import { demonstrate } from "../../scripts/demo/demonstration.ts";
import { Display } from "../support/display.ts";
import { godotBinary } from "../support/godot-editor.ts";

let folder: string;
let display: Display;
beforeAll(async () => {
  display = await Display.start();
  folder = mkdtempSync(join(tmpdir(), "godot-demo-out-"));
});
afterAll(() => {
  display.dispose();
  rmSync(folder, { recursive: true, force: true });
});

it("the demonstration builds a game from nothing, plays and wins it, and shows it", { timeout: 280_000 }, async () => {
  await demonstrate(godotBinary(), folder, display.env);
  const transcript = readFileSync(join(folder, "transcript.md"), "utf8");
  expect(transcript).toContain("operations done as one undo step");
  expect(transcript).toMatch(/game_wait \{"text":"You made it!"\}` → `path: "LanternRun\/Label"/);
  // The first mistake is in the transcript, and so are the texts between the calls.
  expect(transcript).toMatch(/queue_fre\(\).*→ .*[Ee]rror/);
  expect(transcript).toContain("*The last star is");
  for (const name of Object.keys(PICTURES)) {
    const picture = readFileSync(join(folder, `${name}.webp`));
    expect(picture.subarray(0, 4).toString()).toBe("RIFF");
    expect(picture.length).toBeGreaterThan(3_000);
    expect(transcript).toContain(`(${name}.webp)`);
  }
  expect(transcript).not.toContain(tmpdir());
});
