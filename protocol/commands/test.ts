/** The project's tests: which there are, and what becomes of them when they are run. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { cursor, limit, page, resPath } from "./params.ts";

const framework = z
  .enum(["gut", "gdunit4", "own"])
  .optional()
  .describe("Default: GUT, then GdUnit4, where the project has them; else its own scripts and scenes.");
const paths = z
  .array(resPath)
  .max(200)
  .optional()
  .describe("Test files and folders. Default: every folder named test or tests.");
const name = z.string().max(200).optional().describe("Only tests whose names contain this.");

const outcome = z.looseObject({
  suite: z.string(),
  name: z.string(),
  status: z.enum(["passed", "failed", "error", "skipped"]),
  durationMs: z.number(),
  message: z.string().optional(),
  file: z.string().optional(),
  line: z.number().int().optional(),
});

export const testCommands = [
  readCommand("test.list", {
    description:
      "The project's tests, by suite: of GUT or GdUnit4 where the project has them, else methods test_* of own scripts, and scenes that pass by quitting with 0.",
    keywords: "unit tests gut gdunit available",
    params: { framework, paths, name, limit, cursor },
    result: z.looseObject({
      framework: z.string(),
      installed: z.array(z.string()),
      suites: z.array(
        z.looseObject({
          suite: z.string(),
          /** `file`: where an inherited test is written. */
          tests: z.array(z.looseObject({ name: z.string(), line: z.number().int(), file: z.string().optional() })),
        }),
      ),
      ...page,
      total: z.number().int(),
    }),
    long: true,
  }),
  writeCommand("test.run", {
    description:
      "Runs the project's tests in a separate process, without a window, and reports each test. A crash or a hang of a test ends only that process.",
    keywords: "execute unit tests gut gdunit suite run test integration",
    tool: { name: "game_run", with: { what: "tests" } },
    params: {
      framework,
      paths,
      name,
      timeoutMs: z
        .number()
        .int()
        .min(1)
        .max(3_600_000)
        .optional()
        .describe("When to end what still runs, in ms. Default 120000."),
      limit: limit.describe("How many tests to tell at most, those that did not pass first. Default 200."),
    },
    result: z.looseObject({
      framework: z.string(),
      /** True when the run finished, a test has passed, and nothing failed. */
      passed: z.boolean(),
      /** crashed: the process ended amid a test; unreported: it has not said what became of its tests, and `output` says why. */
      end: z.enum(["finished", "crashed", "unreported", "timeout"]),
      exitCode: z.number().int().nullable(),
      totals: z.looseObject({
        total: z.number().int(),
        passed: z.number().int(),
        failed: z.number().int(),
        error: z.number().int(),
        skipped: z.number().int(),
      }),
      /** Notes beside the tests: the exit code, unknown outcomes, the end of the run. */
      note: z.string().optional(),
      tests: z.array(outcome),
      truncated: z.boolean().optional(),
      output: z.string().optional(),
    }),
    long: true,
    locks: ["run"],
  }),
] as const;
