import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isProcessAlive } from "../../hub/clients/process-probe.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { until } from "../support/wait.ts";
import { suiteOf, WITH_GDUNIT4, WITH_GUT } from "./framework-stand-ins.ts";
import { openWorkbench, type Params, type Workbench } from "./workbench.ts";

const CASE = "res://addons/godot_mcp_hub/testing/test_case.gd";

/** Own suites in which each kind of outcome happens once. */
const SUITES = {
  "trials/tests/outcomes_test.gd": `extends "${CASE}"

var _steps: Array[String] = []


func before_each() -> void:
	_steps.append("before")


func test_passes_after_some_frames() -> void:
	await get_tree().process_frame
	expect_equal(_steps, ["before"] as Array[String])


func test_fails_an_expectation() -> void:
	expect_equal(1 + 1, 3, "the sum")


func test_reports_an_error() -> void:
	push_error("too loud")


func test_has_a_script_error() -> void:
	var nothing: Node = null
	nothing.get_children()


func test_asserts() -> void:
	assert(1 > 2, "one is more")


func test_passes_although_the_same_error_came_before() -> void:
	expected_errors = 1
	push_error("too loud")
`,
  "trials/tests/test_plain.gd": `extends RefCounted

var failures: Array[String] = []


func test_needs_no_base_class() -> void:
	if not ProjectSettings.has_setting("application/config/name"):
		failures.append("no name")
`,
  "trials/tests/broken_test.gd":
    "extends Node\n\n\nfunc test_never_runs() -> void:\n\tvar x: int = missing\n\tprint(x)\n",
  "trials/tests/leaving_test.gd":
    'extends Node\n\n\nfunc _ready() -> void:\n\tpush_error("no coins")\n\tget_tree().quit(4)\n',
  "trials/tests/leaving_test.tscn": `[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="res://trials/tests/leaving_test.gd" id="1"]

[node name="Leaving" type="Node"]
script = ExtResource("1")
`,
  "trials/crash/tests/crash_test.gd": `extends "${CASE}"


func test_goes_well() -> void:
	pass


func test_takes_the_process_with_it() -> void:
	OS.crash("on purpose")


func test_is_never_begun() -> void:
	pass
`,
  "trials/hang/tests/hang_test.gd": `extends "${CASE}"


func test_hangs() -> void:
	var file := FileAccess.open("res://hanging", FileAccess.WRITE)
	file.store_string(str(OS.get_process_id()))
	file.close()
	while true:
		pass
`,
};

const GUT_SUITE = "res://units/test_gut_sums.gd";
const GDUNIT4_SUITE = "res://units/sums_test.gd";
const sums = suiteOf({ test_adds: "", test_compares: "[1] expected to equal [2]: 1 < 2 & more" });

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench({
    ...SUITES,
    ...WITH_GUT,
    ...WITH_GDUNIT4,
    "units/test_gut_sums.gd": suiteOf({
      test_adds: "",
      test_compares: "[1] expected to equal [2]: not the same",
      test_waits: "pending",
    }),
    "units/sums_test.gd": sums,
  });
});
afterAll(() => bench.dispose());

/** Runs tests; the answer fits the command's schema. */
async function run(params: Params): Promise<Params & { tests: Params[] }> {
  const answer = await bench.call("test.run", params);
  expect(COMMANDS.get("test.run")?.result.safeParse(answer).error).toBeUndefined();
  return answer as Params & { tests: Params[] };
}

const own = (folder: string) => ({ framework: "own", paths: [`res://${folder}`] });

/** The process in which the hanging test runs, once it does. */
async function hangingProcess(): Promise<number> {
  const path = join(bench.editor.project, "hanging");
  const pid = await until(() => existsSync(path) && Number(bench.editor.read("hanging")), {
    what: "the hanging test",
    deadlineMs: 30_000,
  });
  rmSync(path);
  return pid;
}

describe("test.list", () => {
  it("tells suites and tests with their lines, and runs nothing", async () => {
    const answer = await bench.call("test.list", own("trials/crash"));
    expect(answer).toEqual({
      framework: "own",
      installed: ["gut", "gdunit4", "own"],
      total: 3,
      suites: [
        {
          suite: "res://trials/crash/tests/crash_test.gd",
          tests: [
            { name: "test_goes_well", line: 4 },
            { name: "test_takes_the_process_with_it", line: 8 },
            { name: "test_is_never_begun", line: 12 },
          ],
        },
      ],
    });
  });

  it("finds own tests in every folder named test or tests, scenes too, and filters by name", async () => {
    const { suites } = await bench.call("test.list", { framework: "own" });
    const paths = (suites as { suite: string }[]).map(({ suite }) => suite);
    expect(paths).toEqual(
      expect.arrayContaining(["res://game/tests/level_test.tscn", "res://trials/tests/test_plain.gd"]),
    );
    expect(paths.filter((path) => path.startsWith("res://addons/"))).toEqual([]);
    expect(await bench.call("test.list", { framework: "own", name: "coin_counts" })).toMatchObject({ total: 1 });
  });

  it("cuts a long answer and says so", async () => {
    const answer = await bench.call("test.list", { ...own("trials/crash"), limit: 2 });
    expect(answer).toMatchObject({ total: 3, truncated: true, suites: [{ tests: [{}, {}] }] });
  });
});

describe("test.run on own tests", () => {
  it("passes the sample game's own suite, scripts and scene", async () => {
    const answer = await run(own("game"));
    expect(answer).toMatchObject({ framework: "own", passed: true, end: "finished", exitCode: 0 });
    expect(answer.totals).toEqual({ total: 4, passed: 4, failed: 0, error: 0, skipped: 0 });
    expect(answer).not.toHaveProperty("output");
  });

  it("tells for each test what failed, and where", async () => {
    const { tests, ...answer } = await run(own("trials/tests"));
    const outcomes = Object.fromEntries(tests.map(({ name, ...outcome }) => [name, outcome]));
    const file = "res://trials/tests/outcomes_test.gd";
    expect(outcomes.test_passes_after_some_frames).toMatchObject({ status: "passed" });
    expect(outcomes.test_fails_an_expectation).toMatchObject({
      status: "failed",
      message: "the sum expected 3 (int), got 2 (int)",
      file,
      line: 16,
    });
    expect(outcomes.test_reports_an_error).toMatchObject({ status: "failed", message: "too loud", file, line: 20 });
    expect(outcomes.test_has_a_script_error).toMatchObject({ status: "failed", file, line: 25 });
    expect(outcomes.test_asserts).toMatchObject({ status: "failed", file, line: 29 });
    expect(String(outcomes.test_asserts?.message)).toContain("one is more");
    expect(outcomes.test_passes_although_the_same_error_came_before).toMatchObject({ status: "passed" });
    expect(outcomes.test_needs_no_base_class).toMatchObject({ status: "passed" });
    // The suite that can't be loaded.
    expect(outcomes[""]).toMatchObject({ suite: "res://trials/tests/broken_test.gd", status: "error", line: 5 });
    expect(outcomes.runs).toMatchObject({ suite: "res://trials/tests/leaving_test.tscn", status: "failed" });
    expect(outcomes.runs?.message).toBe("It quit with 4.\nno coins");
    expect(answer).toMatchObject({ passed: false, end: "finished" });
    expect(answer.totals).toEqual({ total: 9, passed: 3, failed: 5, error: 1, skipped: 0 });
  });

  it("runs only tests whose names contain what is given", async () => {
    const { passed, totals } = await run({ ...own("trials/tests"), name: "passes" });
    expect({ passed, totals }).toEqual({
      passed: true,
      totals: { total: 2, passed: 2, failed: 0, error: 0, skipped: 0 },
    });
  });

  it("tells those that did not pass first when it cuts", async () => {
    const { tests, truncated, totals } = await run({ ...own("trials/tests"), limit: 6 });
    expect({ truncated, totals }).toMatchObject({ truncated: true, totals: { total: 9 } });
    expect(tests.map(({ status }) => status).filter((status) => status === "passed")).toEqual([]);
  });

  it("outlives a test that crashes, and names it", async () => {
    const { tests, end, passed, exitCode, output } = await run(own("trials/crash"));
    expect({ end, passed, exitCode }).toEqual({ end: "crashed", passed: false, exitCode: null });
    expect(tests).toMatchObject([
      { name: "test_goes_well", status: "passed" },
      {
        name: "test_takes_the_process_with_it",
        status: "error",
        message: "The process ended while it ran. Program crashed with signal 4",
      },
    ]);
    expect(output).toContain("handle_crash");
    expect(bench.editor.isRunning).toBe(true);
  });

  it("ends a test that hangs at its time", async () => {
    const answering = run({ ...own("trials/hang"), timeoutMs: 12_000 });
    const pid = await hangingProcess();
    const { tests, end, passed } = await answering;
    expect({ end, passed }).toEqual({ end: "timeout", passed: false });
    expect(tests).toMatchObject([{ name: "test_hangs", status: "error" }]);
    expect(isProcessAlive(pid)).toBe(false);
  });

  it("ends its process when it is cancelled, and tells its progress until then", async () => {
    const answering = bench.hub.ask("test.run", own("trials/hang"), { id: "cancelled-run" });
    const pid = await hangingProcess();
    const hasToldTest = () =>
      bench.hub.messages.some((message) => JSON.stringify(message).includes("test_hangs in res://"));
    await until(hasToldTest, { what: "the progress" });
    bench.hub.sendText(JSON.stringify({ jsonrpc: "2.0", method: "cancel", params: { id: "cancelled-run" } }));
    expect((await answering).error?.data).toMatchObject({ kind: "CANCELLED" });
    expect(isProcessAlive(pid)).toBe(false);
  });

  it("leaves nothing behind in the project, and no complaint of the addon's in the editor", () => {
    expect(bench.editor.output).not.toMatch(/at: .*res:\/\/addons\/godot_mcp_hub|user:\/\/godot_mcp_hub/);
    expect(readdirSync(join(bench.editor.project, "trials"))).toEqual(["crash", "hang", "tests"]);
    expect(existsSync(join(bench.editor.project, "reports"))).toBe(false);
  });

  it.each([
    ["a path that is not there", { paths: ["res://nowhere"] }, "NOT_FOUND"],
    ["a path outside of the project", { paths: ["res://../x"] }, "INVALID_PARAMS"],
    ["a folder without tests", { framework: "own", paths: ["res://addons/godot_mcp_hub/ui"] }, "NOT_FOUND"],
    ["a framework that nobody knows", { framework: "unittest" }, "NOT_FOUND"],
    ["no time at all", { framework: "own", timeoutMs: 0 }, "INVALID_PARAMS"],
  ])("refuses %s", async (_, params, kind) => {
    expect(await bench.fails("test.run", params)).toMatchObject({ kind });
  });
});

describe("test.run with GUT", () => {
  it("is the default where GUT is, and reads its report", async () => {
    const answer = await run({ paths: ["res://units"] });
    expect(answer).toMatchObject({ framework: "gut", passed: false, end: "finished", exitCode: 1 });
    expect(answer.tests).toEqual([
      { suite: GUT_SUITE, name: "test_adds", status: "passed", durationMs: 125 },
      {
        suite: GUT_SUITE,
        name: "test_compares",
        status: "failed",
        durationMs: 125,
        message: "[1] expected to equal [2]: not the same",
        file: GUT_SUITE,
        line: 12,
      },
      { suite: GUT_SUITE, name: "test_waits", status: "skipped", durationMs: 125, message: "not yet" },
    ]);
  });

  it("says of a test that asserted nothing that it did, and of what failed outside of the tests that something did", async () => {
    const suite = "units/more/test_asserting.gd";
    bench.editor.write(suite, suiteOf({ test_nothing: "nothing" }));
    const risky = { suite: `res://${suite}`, status: "passed", message: expect.stringContaining("asserted nothing") };
    expect(await run({ paths: ["res://units/more"] })).toMatchObject({ passed: true, tests: [risky] });
    bench.editor.write("fails_outside", "");
    const failed = await run({ paths: ["res://units/more"] });
    expect(failed).toMatchObject({
      passed: false,
      exitCode: 1,
      note: expect.stringContaining("before_all"),
      tests: [risky],
    });
    rmSync(join(bench.editor.project, "fails_outside"));
    bench.editor.write(suite, "");
  });

  it("tells of a suite that does not compile, which GUT passes over", async () => {
    bench.editor.write("units/broken/test_whole.gd", suiteOf({ test_adds: "" }));
    bench.editor.write(
      "units/broken/test_half.gd",
      "extends RefCounted\n\n\nfunc test_nothing() -> void:\n\tmissing()\n",
    );
    const answer = await run({ paths: ["res://units/broken"] });
    expect(answer).toMatchObject({ passed: false, end: "finished", totals: { passed: 1, error: 1 } });
    const file = "res://units/broken/test_half.gd";
    const message = expect.stringContaining("missing");
    expect(answer.tests).toContainEqual({
      suite: file,
      name: "",
      status: "error",
      durationMs: 0,
      message,
      file,
      line: 5,
    });
    bench.editor.write(".gutconfig.json", JSON.stringify({ dirs: ["res://units/broken"] }));
    expect(await run({})).toMatchObject({ passed: false, totals: { passed: 1, error: 1 } });
    rmSync(join(bench.editor.project, ".gutconfig.json"));
  });

  it("runs one file, and by name", async () => {
    const answer = await run({ paths: [GUT_SUITE], name: "adds" });
    expect(answer).toMatchObject({ passed: true, exitCode: 0, totals: { total: 1 } });
  });

  it("leaves it to GUT's own configuration where the tests are, unless paths are given", async () => {
    bench.editor.write(".gutconfig.json", JSON.stringify({ dirs: ["res://units"], tests: [GUT_SUITE] }));
    expect(await run({})).toMatchObject({ framework: "gut", end: "finished", totals: { total: 3 } });
    expect(await run({ paths: ["res://game"] })).toMatchObject({ framework: "gut", passed: false, tests: [] });
  });

  it("says so when GUT ends without a report, with what it printed", async () => {
    bench.editor.write(".gutconfig.json", "{");
    const { output, ...answer } = await run({});
    expect(answer).toMatchObject({ passed: false, end: "unreported", exitCode: 1, tests: [] });
    expect(output).toContain("Invalid gutconfig");
    rmSync(join(bench.editor.project, ".gutconfig.json"));
  });

  it("survives text in the report that GUT has not escaped", async () => {
    const { tests } = await run({ framework: "gut", paths: [GDUNIT4_SUITE] });
    expect(tests).toMatchObject([
      { name: "test_adds", status: "passed" },
      { name: "test_compares", status: "failed" },
    ]);
  });
});

describe("test.run with GdUnit4", () => {
  it("reads its report, with file and line", async () => {
    const answer = await run({ framework: "gdunit4", paths: ["res://units"] });
    expect(answer).toMatchObject({ framework: "gdunit4", passed: false, end: "finished", exitCode: 100 });
    expect(answer.tests).toEqual([
      { suite: GDUNIT4_SUITE, name: "test_adds", status: "passed", durationMs: 125 },
      {
        suite: GDUNIT4_SUITE,
        name: "test_compares",
        status: "failed",
        durationMs: 125,
        message: "[1] expected to equal [2]: 1 < 2 & more",
        file: GDUNIT4_SUITE,
        line: 7,
      },
    ]);
  });

  it("counts the last try of a test that was tried again, and says that it was", async () => {
    bench.editor.write("units/tries/tries_test.gd", suiteOf({ test_at_times: "flaky" }));
    const answer = await run({ framework: "gdunit4", paths: ["res://units/tries"] });
    expect(answer).toMatchObject({ passed: true, exitCode: 0, totals: { total: 1 } });
    expect(answer.tests).toMatchObject([{ status: "passed", message: expect.stringContaining("before it passed") }]);
  });

  it("passes where only nodes were left behind, and says that they were", async () => {
    bench.editor.write("units/orphans/leaves_test.gd", suiteOf({ test_leaves: "" }));
    const answer = await run({ framework: "gdunit4", paths: ["res://units/orphans"] });
    expect(answer).toMatchObject({ passed: true, exitCode: 101, note: expect.stringContaining("orphan") });
  });

  it("names the suite that keeps GdUnit4 from running any", async () => {
    const file = "res://units/broken/half_test.gd";
    bench.editor.write(
      "units/broken/half_test.gd",
      "extends RefCounted\n\n\nfunc test_nothing() -> void:\n\tmissing()\n",
    );
    const answer = await run({ framework: "gdunit4", paths: [file] });
    expect(answer).toMatchObject({ passed: false, end: "unreported", exitCode: 105, totals: { error: 1 } });
    expect(answer).toMatchObject({ note: expect.stringContaining("errors"), tests: [{ suite: file, file, line: 5 }] });
  });

  it("leaves out the tests whose names do not fit", async () => {
    const answer = await run({ framework: "gdunit4", paths: [GDUNIT4_SUITE], name: "adds" });
    expect(answer).toMatchObject({ passed: true, exitCode: 0, totals: { total: 1 } });
  });
});

/** A suite, as GUT and GdUnit4 find them, whose test says where it runs and never ends. */
const HANGING = `extends RefCounted


func test_hangs() -> String:
	var file := FileAccess.open("res://hanging", FileAccess.WRITE)
	file.store_string(str(OS.get_process_id()))
	file.close()
	while true:
		pass
	return ""
`;

describe("the process of a run", () => {
  const isGone = (pid: number) =>
    until(() => !isProcessAlive(pid), { what: "the end of the process", deadlineMs: 30_000 });

  it("ends with the addon when it is switched off", async () => {
    bench.hub.send("test.run", own("trials/hang"), { id: "left-alone" });
    const pid = await hangingProcess();
    await bench.call("editor.reload_plugin");
    await isGone(pid);
    await bench.hub.editor(2);
  });

  it("ends with an editor that is killed, although its test hangs, whichever framework runs it", async () => {
    bench.editor.write("endless/test_gut.gd", HANGING);
    bench.editor.write("endless/gdunit4_test.gd", HANGING);
    const endless = { paths: ["res://endless"] };
    const pids: number[] = [];
    for (const params of [own("trials/hang"), { framework: "gut", ...endless }, { framework: "gdunit4", ...endless }]) {
      bench.hub.send("test.run", params, { id: `orphan-${pids.length}` });
      pids.push(await hangingProcess());
    }
    await bench.editor.kill("SIGKILL");
    await Promise.all(pids.map(isGone));
  });
});
