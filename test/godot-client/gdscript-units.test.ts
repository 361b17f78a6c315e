/** Runs the GDScript unit tests of the addon inside the real engine and reports each as a separate test. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { runGodotScript } from "../support/godot-script.ts";

const CORPUS = fileURLToPath(new URL("../corpus", import.meta.url));
const outcomesSchema = z.array(z.object({ file: z.string(), test: z.string(), failures: z.array(z.string()) })).min(1);

const outcomes = outcomesSchema.parse(await runGodotScript("res://unit_tests/run_unit_tests.gd", [CORPUS]));

describe.each([...new Set(outcomes.map(({ file }) => file))])("%s", (file) => {
  it.each(outcomes.filter((outcome) => outcome.file === file))("$test", ({ failures }) => {
    expect(failures).toEqual([]);
  });
});
