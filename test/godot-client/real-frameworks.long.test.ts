/**
 * Runs the suites of GUT and GdUnit4 themselves, by their own runners and by test.run, and compares each test. FRAMEWORKS names a
 * folder whose folders are checkouts of either; without it there is nothing to compare, and nothing is fetched.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { GodotEditor, godotBinary } from "../support/godot-editor.ts";
import { StubHub } from "../support/stub-hub.ts";

const RUN_MS = 3_000_000;
const ENTRIES = { gut: "addons/gut/gut_cmdln.gd", gdunit4: "addons/gdUnit4/bin/GdUnitCmdTool.gd" } as const;
type Framework = keyof typeof ENTRIES;

/** How often each test has come to each status: "<suite> > <test>: <status>". */
type Outcomes = ReadonlyMap<string, number>;

interface Run {
  readonly exitCode: number | null;
  readonly outcomes: Outcomes;
}

const home = process.env.FRAMEWORKS;
const checkouts = (home ? readdirSync(home) : []).flatMap((name) => {
  const found = Object.entries(ENTRIES).find(([, entry]) => existsSync(join(home ?? "", name, entry)));
  return found ? [{ name, framework: found[0] as Framework, path: join(home ?? "", name) }] : [];
});

/** Where the tests of the framework itself are; null for what its own configuration says. */
const PLACES: Record<Framework, string | null> = { gut: null, gdunit4: "res://addons/gdUnit4/test" };

function counted(lines: Iterable<string>): Outcomes {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Runs the framework by its own command line. */
function runAlone(framework: Framework, project: string): Run {
  const reports = mkdtempSync(join(tmpdir(), "framework-report-"));
  const xml = join(reports, "report.xml");
  const options =
    framework === "gut"
      ? ["-gexit", `-gjunit_xml_file=${xml}`]
      : ["-a", PLACES.gdunit4 ?? "", "-c", "--ignoreHeadlessMode", "-rd", reports];
  const line = ["--headless", "--path", project, "-s", `res://${ENTRIES[framework]}`, ...options];
  const { status, stdout } = spawnSync(godotBinary(), line, { encoding: "utf8", maxBuffer: 1 << 30, timeout: RUN_MS });
  const outcomes = framework === "gut" ? readJunit(xml) : readConsole(stdout);
  rmSync(reports, { recursive: true });
  return { exitCode: status, outcomes };
}

const oneOrMore = <T extends z.ZodType>(type: T) =>
  z.union([type.transform((one) => [one]), z.array(type)]).default([]);
const junitSchema = z.object({
  testsuites: z.object({
    testsuite: oneOrMore(
      z.looseObject({
        name: z.string(),
        testcase: oneOrMore(z.looseObject({ name: z.string(), status: z.string() })),
      }),
    ),
  }),
});
const GUT_STATUSES: Record<string, string> = {
  pass: "passed",
  fail: "failed",
  pending: "skipped",
  "no asserts": "passed",
};

/** What GUT's report says. */
function readJunit(path: string): Outcomes {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "" });
  const { testsuites } = junitSchema.parse(parser.parse(readFileSync(path, "utf8")));
  return counted(
    testsuites.testsuite.flatMap(({ name, testcase }) =>
      testcase.map((test) => `res://${name} > ${test.name}: ${GUT_STATUSES[test.status] ?? test.status}`),
    ),
  );
}

const CONSOLE_STATUSES: Record<string, string> = {
  PASSED: "passed",
  FAILED: "failed",
  SKIPPED: "skipped",
  FLAKY: "passed",
};

/** What GdUnit4 prints of each test as it ends: its report leaves inherited tests out. */
function readConsole(stdout: string): Outcomes {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape codes of a console.
  const lines = stdout.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "").split("\n");
  let suite = "";
  return counted(
    lines.flatMap((line) => {
      suite = /^Run Test Suite: (\S+)/.exec(line)?.[1] ?? suite;
      const ended = /^ {2}res:\S+ > (.*?) (PASSED|FAILED|SKIPPED|FLAKY)( \(\w+ \d+\)| \(\d+ retries\))? \d/.exec(line);
      return ended ? [`${suite} > ${ended[1]}: ${CONSOLE_STATUSES[ended[2] ?? ""]}`] : [];
    }),
  );
}

const answerSchema = z.looseObject({
  end: z.string(),
  passed: z.boolean(),
  exitCode: z.number().nullable(),
  totals: z.record(z.string(), z.number()),
  tests: z.array(z.looseObject({ suite: z.string(), name: z.string(), status: z.string() })),
});

/** Runs the same tests by test.run in an editor on the project. */
async function runByCommand(
  framework: Framework,
  hub: StubHub,
): Promise<Run & { answer: z.infer<typeof answerSchema> }> {
  const places = PLACES[framework];
  const params = { framework, timeoutMs: RUN_MS, limit: 5000, ...(places ? { paths: [places] } : {}) };
  const answer = answerSchema.parse(await hub.call("test.run", params, { deadlineMs: RUN_MS }));
  const outcomes = counted(
    answer.tests.map(({ suite, name, status }) => `${suite} > ${name}: ${status.replace("error", "failed")}`),
  );
  return { exitCode: answer.exitCode, outcomes, answer };
}

/** A copy of the checkout with this addon in it and enabled. */
function projectOf(path: string, hub: StubHub): GodotEditor {
  const editor = GodotEditor.prepare({ env: hub.env });
  const addon = join(editor.project, "addons/godot_mcp_hub");
  for (const entry of readdirSync(editor.project)) {
    if (entry !== "addons") rmSync(join(editor.project, entry), { recursive: true });
  }
  cpSync(realpathSync(path), editor.project, { recursive: true });
  if (!existsSync(addon)) throw new Error("The addon was not copied.");
  const settings = join(editor.project, "project.godot");
  const enabled = 'enabled=PackedStringArray("res://addons/godot_mcp_hub/plugin.cfg"';
  const text = readFileSync(settings, "utf8").replace(/^enabled=PackedStringArray\((?=(.))/m, (_, next) =>
    next === ")" ? enabled : `${enabled}, `,
  );
  writeFileSync(settings, text);
  return editor;
}

const difference = (one: Outcomes, other: Outcomes) =>
  [...one].flatMap(([line, count]) =>
    count > (other.get(line) ?? 0) ? [`${count - (other.get(line) ?? 0)} x ${line}`] : [],
  );

describe.runIf(home)("the suites of the frameworks themselves", () => {
  it.each(checkouts)(
    "come to the same by $name's own runner and by test.run",
    { timeout: 3 * RUN_MS },
    async ({ framework, path }) => {
      const hub = await StubHub.start();
      const editor = projectOf(path, hub);
      try {
        editor.launch();
        await hub.editor();
        await hub.call("editor.rescan");
        const byCommand = await runByCommand(framework, hub);
        await editor.kill();
        const alone = runAlone(framework, editor.project);
        console.log(
          framework,
          alone.exitCode,
          alone.outcomes.size,
          byCommand.exitCode,
          JSON.stringify(byCommand.answer.totals),
          byCommand.answer.end,
          byCommand.answer.note,
        );
        console.log(
          "alone only",
          difference(alone.outcomes, byCommand.outcomes),
          "ours only",
          difference(byCommand.outcomes, alone.outcomes),
        );
        expect(byCommand.exitCode).toBe(alone.exitCode);
      } finally {
        await editor.dispose();
        await hub.stop();
      }
    },
  );
});
