/** test.run and test.list with GUT and GdUnit4, for which stand-ins stand here; real-frameworks.long.test.ts has the real ones. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { until } from "../support/wait.ts";
import { type FrameworkBench, itRunsAsItsFramework, openFrameworkBench } from "./framework-bench.ts";
import { GDUNIT4_RUNNER, WITH_GDUNIT4, WITH_GUT } from "./framework-stand-ins.ts";
import { apart, type Framework, SUITES } from "./framework-suites.ts";

/** Enough for a stand-in to begin its second test, on a busy machine too. */
const HANG_MS = 12_000;

let bench: FrameworkBench;
const project = () => bench.editor.project;

/** Opens the bench for the tests of a framework, and closes it. */
function hasBenchWith(files: Record<string, string>): void {
  beforeAll(async () => {
    bench = await openFrameworkBench(files);
  });
  afterAll(() => bench.dispose());
}

/** Does something with a file of the project changed. */
async function withFile<T>(path: string, text: string, work: () => Promise<T>): Promise<T> {
  const before = existsSync(join(project(), path)) ? bench.editor.read(path) : undefined;
  bench.editor.write(path, text);
  try {
    return await work();
  } finally {
    if (before === undefined) rmSync(join(project(), path));
    else bench.editor.write(path, before);
  }
}

async function endsWithTheEditor(framework: Framework): Promise<void> {
  bench.hub.send("test.run", { framework, paths: [apart(framework, "hang")] }, { id: "orphan" });
  const path = join(project(), "hanging");
  const pid = await until(() => existsSync(path) && Number(bench.editor.read("hanging")), {
    what: "the hanging test",
    deadlineMs: 60_000,
  });
  await bench.editor.kill("SIGKILL");
  await until(() => !isProcessAlive(pid), { what: "the end of the process", deadlineMs: 30_000 });
}

describe("GUT", () => {
  hasBenchWith({ ...WITH_GUT, ...SUITES.gut.files });
  itRunsAsItsFramework("gut", () => bench, HANG_MS);

  const config = (members: Record<string, unknown>) =>
    JSON.stringify({ dirs: ["res://suites"], include_subdirs: true, ...members });
  const withConfig = (members: Record<string, unknown>) =>
    withFile(".gutconfig.json", config(members), async () => ({
      listed: await bench.hub.call("test.list", {}),
      ran: await bench.run({}),
    }));

  it("is the default, and finds its report wherever the configuration has it written", async () => {
    const { listed, ran } = await withConfig({ junit_xml_timestamp: true, junit_xml_file: "res://elsewhere.xml" });
    expect(listed).toMatchObject({ framework: "gut", total: 15 });
    expect(ran).toMatchObject({ framework: "gut", end: "finished", exitCode: 1, totals: { total: 17, skipped: 2 } });
    expect(existsSync(join(project(), "elsewhere.xml"))).toBe(false);
  });

  it.each([
    [{ prefix: "shared_" }, ["suites/shared_base.gd"]],
    [{ suffix: "_hooks.gd" }, ["suites/test_hooks.gd"]],
    [{ dirs: [], tests: ["res://apart/test_error_before.gd"] }, ["apart/test_error_before.gd"]],
    [{ dirs: ["res://apart"], include_subdirs: false, suffix: "_quit.gd" }, ["apart/test_quit.gd"]],
    [{ dirs: ["res://apart"], suffix: "_none.gd" }, []],
  ])("lists what %j means", async (members, suites) => {
    const { suites: listed } = await withFile(".gutconfig.json", config(members), () =>
      bench.hub.call("test.list", {}),
    );
    expect(listed).toMatchObject(suites.map((suite) => ({ suite: `res://${suite}` })));
    expect(listed).toHaveLength(suites.length);
  });

  it("says that it does not know the outcomes of tests that GUT has not reported", async () => {
    const { output, ...answer } = await withFile(".gutconfig.json", "{", () => bench.run({}));
    expect(answer).toMatchObject({ passed: false, end: "unreported", exitCode: 1, tests: [] });
    expect(answer.note).toMatch(/not known/);
    expect(answer.note).not.toMatch(/no test failed/);
    expect(output).toContain("Invalid gutconfig");
  });

  it("says what fails although no test does: a hook after the run", async () => {
    const answer = await withFile("hook_exits_with_1", "", () => bench.run({ paths: [apart("gut", "error_before")] }));
    expect(answer).toMatchObject({ passed: false, end: "finished", exitCode: 1, totals: { failed: 0, error: 0 } });
    expect(answer.note).toContain("no test failed");
  });

  it("reads the report where GUT tells of no test while it runs", async () => {
    const main = bench.editor.read("addons/gut/gut.gd");
    const silent = main.replace(/^\s*\w+\.emit\(.*\)$/gm, (line) => line.replace(/\S.*/, "pass"));
    const answer = await withFile("addons/gut/gut.gd", silent, () =>
      withConfig({ junit_xml_timestamp: true }).then(({ ran }) => ran),
    );
    expect(answer).toMatchObject({ passed: false, end: "finished", exitCode: 1, totals: { failed: 3, error: 1 } });
    expect(answer.tests).toContainEqual(
      expect.objectContaining({ name: "test_numbers", status: "failed", message: "small <&> number", line: 28 }),
    );
  });

  it("ends with an editor that is killed, although a test hangs", () => endsWithTheEditor("gut"));
});

describe("GdUnit4", () => {
  hasBenchWith({ ...WITH_GDUNIT4, ...SUITES.gdunit4.files });
  itRunsAsItsFramework("gdunit4", () => bench, HANG_MS);

  it("says that a test has passed at a later try", async () => {
    const setting = "\n[gdunit4]\n\nsettings/test/flaky_check_enable=true\n";
    const flaky = `extends "res://addons/gdUnit4/src/GdUnitTestSuite.gd"\n\nvar tries := 0\n\n\nfunc test_at_times() -> void:\n\ttries += 1\n\tassert_bool(tries > 1).is_true()\n`;
    bench.editor.write("apart/flaky_test.gd", flaky);
    const answer = await withFile("project.godot", bench.editor.read("project.godot") + setting, () =>
      bench.run({ paths: ["res://apart/flaky_test.gd"] }),
    );
    expect(answer).toMatchObject({ passed: true, exitCode: 0, totals: { total: 1, passed: 1 } });
    expect(answer.tests[0]?.message).toMatch(/failed before it passed/);
  });

  it("passes where only nodes were left behind, and says that they were", async () => {
    const leaves = `extends "res://addons/gdUnit4/src/GdUnitTestSuite.gd"\n\n\nfunc test_leaves() -> void:\n\tNode.new()\n`;
    const answer = await withFile("apart/leaving_test.gd", leaves, () =>
      bench.run({ paths: ["res://apart/leaving_test.gd"] }),
    );
    expect(answer).toMatchObject({ passed: true, exitCode: 101, note: expect.stringContaining("orphan") });
  });

  it("gives a version no option that it does not know", async () => {
    const old = bench.editor.read(GDUNIT4_RUNNER).replaceAll('"--ignoreHeadlessMode"', '"-help"');
    const unasked = old.replace('OPTIONS.has("-help") and not args.has("-help")', "false");
    const answer = await withFile(GDUNIT4_RUNNER, unasked, () =>
      bench.run({ paths: [apart("gdunit4", "error_before")] }),
    );
    expect(answer).toMatchObject({ passed: true, end: "finished" });
    const refused = await withFile(GDUNIT4_RUNNER, old, () => bench.run({ paths: [apart("gdunit4", "error_before")] }));
    expect(refused).toMatchObject({ passed: false, end: "unreported", exitCode: 103 });
    expect(refused.note).toContain("without a window");
  });

  it("says what keeps GdUnit4 itself from compiling", async () => {
    const broken = `${bench.editor.read(GDUNIT4_RUNNER)}\n\nfunc needs_another_godot() -> void:\n\tunheard_of()\n`;
    const answer = await withFile(GDUNIT4_RUNNER, broken, () => bench.run({ paths: ["res://suites"] }));
    expect(answer).toMatchObject({ passed: false, end: "unreported", note: expect.stringContaining("unheard_of") });
  });

  it("is as deaf as by its own runner where the project has no log", async () => {
    const setting = "\n[debug]\n\nfile_logging/enable_file_logging=false\nfile_logging/enable_file_logging.pc=false\n";
    const name = "test_script_error";
    const answer = await withFile("project.godot", bench.editor.read("project.godot") + setting, () =>
      bench.run({ paths: ["res://suites/kinds_test.gd"], name }),
    );
    expect(answer.tests).toMatchObject([{ name, status: "passed" }]);
  });

  it("reads the report where GdUnit4 tells of no test while it runs", async () => {
    const silent = bench.editor.read(GDUNIT4_RUNNER).replace("Signals.instance().gdunit_event.emit(event)", "pass");
    const answer = await withFile(GDUNIT4_RUNNER, silent, () => bench.run({ paths: ["res://suites"] }));
    expect(answer).toMatchObject({ passed: false, end: "finished", exitCode: 100 });
    const seen = answer.tests.map(({ name, status }) => [name, status]);
    expect(seen).toContainEqual(["test_script_error", "error"]);
    expect(seen).toContainEqual(["test_numbers:2 (3)", "failed"]);
  });

  it("ends with an editor that is killed, although a test hangs", () => endsWithTheEditor("gdunit4"));
});
