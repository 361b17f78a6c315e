import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { until } from "../support/wait.ts";
import { WITH_GDUNIT4, WITH_GUT } from "./framework-stand-ins.ts";
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
	print_rich("[color=green]it goes [b]well[/b][/color]")


func test_takes_the_process_with_it() -> void:
	OS.crash("on purpose")


func test_is_never_begun() -> void:
	pass
`,
  "trials/quit/tests/quit_test.gd": `extends "${CASE}"


func test_goes_well() -> void:
	pass


func test_quits() -> void:
	get_tree().quit(0)


func test_is_never_begun() -> void:
	pass
`,
  "trials/kinds/tests/shared.gd": `extends "${CASE}"


func test_inherited() -> void:
	pass
`,
  "trials/kinds/tests/kinds_test.gd": `extends "shared.gd"


func test_größe() -> void:
	pass


func test_reports_an_error_and_prints_much() -> void:
	push_error("first of all")
	for line: int in 30000:
		print("line ", line, " of much that a test may print, so that a megabyte comes together")


func test_has_an_error_after_it_has_waited() -> void:
	await get_tree().process_frame
	var nothing: Node = null
	nothing.get_children()


func test_goes_well_after_it() -> void:
	pass
`,
  "trials/kinds/tests/late_test.gd": `extends "${CASE}"


func _exit_tree() -> void:
	push_error("not freed")


func test_is_told_of_its_end() -> void:
	pass
`,
  "trials/kinds/tests/needing_test.gd": `extends RefCounted


func _init(_something: String) -> void:
	pass


func test_cannot_be_made() -> void:
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

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench({
    ...SUITES,
    ...WITH_GUT,
    ...WITH_GDUNIT4,
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
    deadlineMs: 90_000,
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

  it("runs only tests whose names contain the given text", async () => {
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
    expect(output).toMatch(/^it goes well$/m);
    expect(bench.editor.isRunning).toBe(true);
  });

  it("names the test that quits, and does not pass for the tests that have not run", async () => {
    const { tests, end, passed } = await run(own("trials/quit"));
    expect({ end, passed }).toEqual({ end: "crashed", passed: false });
    const message = "The process ended while it ran. It quit with 0.";
    expect(tests).toMatchObject([
      { name: "test_goes_well", status: "passed" },
      { name: "test_quits", status: "error", message },
    ]);
  });

  it("loses no error: behind much output, after a wait, at the end of a test, before its beginning", async () => {
    const { tests } = await run(own("trials/kinds"));
    const outcomes = tests.map(({ name, status, message }) => [name, status, message]);
    expect(outcomes).toEqual([
      ["test_größe", "passed", undefined],
      ["test_reports_an_error_and_prints_much", "failed", "first of all"],
      ["test_has_an_error_after_it_has_waited", "failed", expect.stringContaining("get_children")],
      ["test_goes_well_after_it", "passed", undefined],
      ["test_inherited", "passed", undefined],
      ["test_is_told_of_its_end", "failed", "not freed"],
      ["test_cannot_be_made", "error", expect.stringContaining("_init")],
    ]);
    expect(await run({ ...own("trials/kinds"), name: "größe" })).toMatchObject({ passed: true, totals: { total: 1 } });
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
    expect(readdirSync(join(bench.editor.project, "trials"))).toEqual(["crash", "hang", "kinds", "quit", "tests"]);
    expect(existsSync(join(bench.editor.project, "reports"))).toBe(false);
  });

  it.each([
    ["a path that is not there", { paths: ["res://nowhere"] }, "NOT_FOUND"],
    ["a path outside the project", { paths: ["res://../x"] }, "INVALID_PARAMS"],
    ["a folder without tests", { framework: "own", paths: ["res://addons/godot_mcp_hub/ui"] }, "NOT_FOUND"],
    ["an unknown framework", { framework: "unittest" }, "NOT_FOUND"],
    ["no time at all", { framework: "own", timeoutMs: 0 }, "INVALID_PARAMS"],
  ])("refuses %s", async (_, params, kind) => {
    expect(await bench.fails("test.run", params)).toMatchObject({ kind });
  });
});

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

  it("ends with an editor that is killed, although its test hangs", async () => {
    bench.hub.send("test.run", own("trials/hang"), { id: "orphan" });
    const pid = await hangingProcess();
    await bench.editor.kill("SIGKILL");
    await isGone(pid);
  });
});
