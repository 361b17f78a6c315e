/**
 * GUT and GdUnit4 themselves. FRAMEWORKS names a folder whose folders are checkouts of either; without it there is nothing to run, and
 * nothing is fetched. Their own suites must come to the same by their own runners and by test.run, and the suites that the stand-ins
 * run to the same as with those.
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
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { godotBinary } from "../support/godot-editor.ts";
import { type FrameworkBench, itRunsAsItsFramework, openFrameworkBench } from "./framework-bench.ts";
import { type Framework, SUITES } from "./framework-suites.ts";

/** The longest that a framework's own suite may take. */
const RUN_MS = 3_000_000;
const HANG_MS = 40_000;
/** How often a test whose outcomes differ is run again by both: some of their tests measure time. */
const TRIES = 3;

const ADDONS: Record<Framework, string> = { gut: "addons/gut", gdunit4: "addons/gdUnit4" };
const ENTRIES: Record<Framework, string> = { gut: "gut_cmdln.gd", gdunit4: "bin/GdUnitCmdTool.gd" };
/** Where the tests of the framework itself are; none where its own configuration says it. */
const PLACES: Record<Framework, readonly string[]> = { gut: [], gdunit4: ["res://addons/gdUnit4/test"] };

const home = process.env.FRAMEWORKS;
const checkouts = (home ? readdirSync(home) : []).flatMap((name) => {
  const path = realpathSync(join(home ?? "", name));
  const frameworks = (["gut", "gdunit4"] as const).filter((each) =>
    existsSync(join(path, ADDONS[each], ENTRIES[each])),
  );
  return frameworks.map((framework) => ({ name, framework, path }));
});

/** How often each test has come to each status: "<suite> > <test>: <status>". */
type Outcomes = ReadonlyMap<string, number>;

interface Run {
  readonly exitCode: number | null;
  readonly outcomes: Outcomes;
}

function counted(lines: readonly string[]): Outcomes {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Lines that one has and the other lacks, without their statuses. */
function differences(one: Outcomes, other: Outcomes): string[] {
  const differing = [...one].filter(([line, count]) => count !== other.get(line)).map(([line]) => line);
  return differing.map((line) => line.replace(/: \w+$/, ""));
}

/** Runs the framework by its own command line, on `places` or on what its configuration says. */
function runAlone(framework: Framework, project: string, places: readonly string[]): Run {
  const reports = mkdtempSync(join(tmpdir(), "framework-report-"));
  const xml = join(reports, "report.xml");
  const options =
    framework === "gut"
      ? ["-gexit", `-gjunit_xml_file=${xml}`, ...(places.length > 0 ? ["-gdir=", `-gtest=${places.join(",")}`] : [])]
      : [...places.flatMap((place) => ["-a", place]), "-c", "--ignoreHeadlessMode", "-rd", reports];
  const line = ["--headless", "--path", project, "-s", `res://${ADDONS[framework]}/${ENTRIES[framework]}`, ...options];
  const { status, stdout } = spawnSync(godotBinary(), line, {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    timeout: RUN_MS,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const report = framework === "gut" ? xml : join(reports, "report_1/results.xml");
  const read = framework === "gut" ? readGutReport(report) : readConsole(stdout, report);
  rmSync(reports, { recursive: true });
  return { exitCode: status, outcomes: counted(read) };
}

const listOf = <T extends z.ZodType>(type: T) => z.union([type, z.array(type)]).optional();
const asList = <T>(given: T | T[] | undefined): T[] =>
  given === undefined ? [] : Array.isArray(given) ? given : [given];
const junitSchema = z.object({
  testsuites: z.object({
    testsuite: listOf(
      z.looseObject({
        name: z.string(),
        package: z.string().default(""),
        testcase: listOf(z.looseObject({ name: z.string(), status: z.string().optional(), skipped: z.unknown() })),
      }),
    ),
  }),
});

function readSuites(path: string) {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", parseAttributeValue: false });
  const { testsuites } = junitSchema.parse(parser.parse(readFileSync(path, "utf8")));
  return asList(testsuites.testsuite).map((suite) => ({ ...suite, tests: asList(suite.testcase) }));
}

const GUT_STATUSES: Record<string, string> = {
  pass: "passed",
  fail: "failed",
  pending: "skipped",
  "no asserts": "passed",
};

function readGutReport(path: string): string[] {
  return readSuites(path).flatMap(({ name, tests }) =>
    tests.map((test) => `res://${name} > ${test.name}: ${GUT_STATUSES[test.status ?? ""] ?? test.status}`),
  );
}

const CONSOLE_STATUSES: Record<string, string> = { PASSED: "passed", FAILED: "failed", FLAKY: "passed" };

/** What GdUnit4 prints of each test as it ends: its report lacks tests that are inherited, but says which ones are skipped. */
function readConsole(stdout: string, report: string): string[] {
  const skipped = new Set(
    readSuites(report).flatMap((suite) =>
      suite.tests
        .filter((test) => test.skipped !== undefined)
        .map((test) => `res://${suite.package}/${suite.name}.gd > ${test.name}`),
    ),
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape codes of a console.
  const lines = stdout.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "").split("\n");
  let suite = "";
  return lines.flatMap((line) => {
    suite = /^Run Test Suite: (\S+)/.exec(line)?.[1] ?? suite;
    const ended = /^ {2}res:\S+ > (.*?) (PASSED|FAILED|FLAKY|SKIPPED)( \([^)]*\))? (\d+\w* ?)+$/.exec(line);
    if (!ended) return [];
    const name = `${suite} > ${ended[1]}`;
    return [`${name}: ${skipped.has(name) ? "skipped" : (CONSOLE_STATUSES[ended[2] ?? ""] ?? "skipped")}`];
  });
}

/** Runs the same by test.run: every test, without what the framework's own outcomes have no word of. */
async function runByCommand(framework: Framework, bench: FrameworkBench, places: readonly string[]): Promise<Run> {
  const params = { framework, timeoutMs: RUN_MS, limit: 5000, ...(places.length > 0 ? { paths: places } : {}) };
  const { tests, exitCode, end, totals, note } = await bench.run(params);
  const own = tests.filter(({ name }) => name !== "" && name !== "before_all" && name !== "after_all");
  const seen = new Set<string>();
  // GUT's report names a test once that an override has had run twice.
  const once = own.filter(
    ({ suite, name }) => framework !== "gut" || (!seen.has(suite + name) && seen.add(suite + name)),
  );
  const lines = once.map(({ suite, name, status }) => `${suite} > ${name}: ${status.replace("error", "failed")}`);
  console.log(JSON.stringify({ framework, end, exitCode, totals, note }));
  return { exitCode: exitCode as number | null, outcomes: counted(lines) };
}

/** Adds the framework of the checkout to the project, whose warnings are no errors then. */
function addTo(project: string, framework: Framework, checkout: string): void {
  const filter = (source: string) => !source.endsWith("/gdUnit4/test");
  cpSync(join(checkout, ADDONS[framework]), join(project, ADDONS[framework]), { recursive: true, filter });
  const settings = join(project, "project.godot");
  writeFileSync(settings, readFileSync(settings, "utf8").replace(/^gdscript\/warnings.*$/gm, ""));
}

/** Puts the checkout into the project, with this addon enabled in its settings. */
function putInto(project: string, checkout: string): void {
  for (const entry of readdirSync(project).filter((name) => name !== "addons"))
    rmSync(join(project, entry), { recursive: true });
  cpSync(checkout, project, { recursive: true, filter: (source) => !/\/\.(git|godot)$/.test(source) });
  const settings = join(project, "project.godot");
  const enabled = 'enabled=PackedStringArray("res://addons/godot_mcp_hub/plugin.cfg"';
  const text = readFileSync(settings, "utf8").replace(/^enabled=PackedStringArray\((.)/m, (_, next: string) =>
    next === ")" ? `${enabled})` : `${enabled}, ${next}`,
  );
  writeFileSync(settings, text);
}

describe.runIf(home)("the frameworks themselves", () => {
  it("are there", () => {
    expect(checkouts).not.toEqual([]);
  });

  describe.each(checkouts)("$name", ({ framework, path }) => {
    let bench: FrameworkBench;

    describe("with the suites of the stand-ins", () => {
      beforeAll(async () => {
        bench = await openFrameworkBench(SUITES[framework].files, (project) => addTo(project, framework, path));
        await bench.hub.call("editor.rescan");
      });
      afterAll(() => bench.dispose());

      itRunsAsItsFramework(framework, () => bench, HANG_MS);

      it("comes to the same by its own runner", async () => {
        const suites = Object.keys(SUITES[framework].files).filter((file) => file.startsWith("suites/"));
        const places = suites
          .filter((file) => framework === "gdunit4" || /\/test_/.test(file))
          .map((file) => `res://${file}`);
        const byCommand = await runByCommand(framework, bench, places);
        const alone = runAlone(framework, bench.editor.project, places);
        // A test that is pending and fails too has failed, as GUT counts it; its report says "pending".
        const pendingToo = (line: string) => line.includes("test_later_and_false");
        expect(differences(byCommand.outcomes, alone.outcomes).filter((line) => !pendingToo(line))).toEqual([]);
        expect(byCommand.exitCode).toBe(alone.exitCode);
      });
    });

    describe("with its own suites", () => {
      beforeAll(async () => {
        bench = await openFrameworkBench({}, (project) => putInto(project, path));
        await bench.hub.call("editor.rescan");
      }, RUN_MS);
      afterAll(() => bench.dispose());

      it("comes to the same by its own runner and by test.run", { timeout: 3 * RUN_MS }, async () => {
        const byCommand = await runByCommand(framework, bench, PLACES[framework]);
        const alone = runAlone(framework, bench.editor.project, PLACES[framework]);
        expect(byCommand.outcomes.size).toBeGreaterThan(1000);
        expect(byCommand.exitCode).toBe(alone.exitCode);
        let differing = new Set([
          ...differences(byCommand.outcomes, alone.outcomes),
          ...differences(alone.outcomes, byCommand.outcomes),
        ]);
        console.log(`${byCommand.outcomes.size} tests, ${differing.size} differ at first:`, [...differing]);
        for (let attempt = 0; attempt < TRIES && differing.size > 0; attempt += 1) {
          const places = [...new Set([...differing].map((test) => test.replace(/(\.gd).*/, "$1")))];
          const again = await runByCommand(framework, bench, places);
          const still = new Set(
            differences(again.outcomes, runAlone(framework, bench.editor.project, places).outcomes),
          );
          differing = new Set([...differing].filter((test) => still.has(test)));
        }
        expect([...differing]).toEqual([]);
      });
    });
  });
});
