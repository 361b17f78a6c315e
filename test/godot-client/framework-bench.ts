/** A project with a framework, stand-in or real, and an editor on it; and what holds of test.run and test.list with either. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { GodotEditor } from "../support/godot-editor.ts";
import { StubHub } from "../support/stub-hub.ts";
import { until } from "../support/wait.ts";
import { apart, type Framework, SUITES } from "./framework-suites.ts";
import type { Params } from "./workbench.ts";

/** One test as test.run tells it. */
export type Outcome = Params & { suite: string; name: string; status: string };
/** What test.run answers. */
export type Answer = Params & { tests: Outcome[]; note?: string };

export interface FrameworkBench {
  readonly hub: StubHub;
  readonly editor: GodotEditor;
  /** Runs tests; the answer fits the command's schema. */
  readonly run: (params: Params) => Promise<Answer>;
  readonly dispose: () => Promise<void>;
}

/** The longest that a run of the suites may take. */
export const RUN_MS = 120_000;

/** Starts an editor on a project with `files` and a separate user folder; `prepare` changes the project first. */
export async function openFrameworkBench(
  files: Record<string, string>,
  prepare: (project: string) => void = () => undefined,
): Promise<FrameworkBench> {
  const hub = await StubHub.start();
  const data = mkdtempSync(join(tmpdir(), "framework-data-"));
  const editor = GodotEditor.prepare({ env: { ...hub.env, XDG_DATA_HOME: data }, files });
  prepare(editor.project);
  editor.launch();
  await hub.editor();
  return {
    hub,
    editor,
    run: async (params) => {
      const answer = await hub.call("test.run", params, { deadlineMs: RUN_MS });
      expect(COMMANDS.get("test.run")?.result.safeParse(answer).error).toBeUndefined();
      return answer as Answer;
    },
    dispose: async () => {
      await editor.dispose();
      await hub.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

const short = (suite: unknown) => String(suite).replace(/^res:\/\/\w+\//, "");
const byName = (tests: readonly Outcome[]) =>
  new Map(tests.map((test) => [`${short(test.suite)} > ${test.name}`, test]));

/** What holds of a framework's runs, stand-in or real; `hangMs` is what it needs until its second test. */
export function itRunsAsItsFramework(framework: Framework, bench: () => FrameworkBench, hangMs: number): void {
  const suites = SUITES[framework];
  const of = (about: string) => ({ framework, paths: [apart(framework, about)] });

  it("lists what the framework would run: inherited tests, names in any alphabet, no helper", async () => {
    const answer = await bench().hub.call("test.list", { framework, paths: [suites.folder] });
    const listed = answer.suites as { suite: string; tests: Params[] }[];
    const names = listed.map(({ suite, tests }) => [short(suite), tests.map(({ name }) => name)]);
    expect(Object.fromEntries(names)).toEqual(suites.listed);
    expect(names.map(([suite]) => suite)).not.toContain(framework === "gut" ? suites.helper : "helping.gd");
    const { suite, file, line } = suites.inherited;
    const tests = listed.find((each) => short(each.suite) === suite)?.tests;
    expect(tests?.find(({ name }) => name === "test_inherited")).toEqual({ name: "test_inherited", file, line });
  });

  it("tells of each test what the framework says, also of what its report leaves out", async () => {
    const answer = await bench().run({ framework, paths: [suites.folder] });
    expect(answer).toMatchObject({ passed: false, end: "finished", exitCode: framework === "gut" ? 1 : 100 });
    const seen = byName(answer.tests);
    expect([...seen.keys()].toSorted()).toEqual(Object.keys(suites.outcomes).toSorted());
    for (const [name, { status, says, file, line }] of Object.entries(suites.outcomes)) {
      const outcome = seen.get(name);
      const place = { ...(file ? { file } : {}), ...(line ? { line } : {}) };
      expect({ [name]: outcome }).toMatchObject({ [name]: { status, ...place } });
      expect(`${name}: ${outcome?.message}`).toContain(says ?? "");
    }
  });

  it("runs tests chosen by a part of their names, and no hook of another suite", async () => {
    const answer = await bench().run({ framework, paths: [suites.folder], name: "größe" });
    expect(answer).toMatchObject({ passed: true, totals: { total: 1, passed: 1 }, tests: [{ name: "test_größe" }] });
  });

  it("names the test that crashes, and keeps what became of those before it", async () => {
    const answer = await bench().run(of("crash"));
    expect(answer).toMatchObject({ passed: false, end: "crashed", exitCode: null });
    const message = expect.stringMatching(/ended while it ran.*signal/);
    expect(answer.tests).toMatchObject([
      { name: "test_before", status: "passed" },
      { name: "test_crashes", status: "error", message },
    ]);
    expect(answer.output).toContain("handle_crash");
  });

  it("says of a crash before the first test that it was before it", async () => {
    const answer = await bench().run(of("crash_before"));
    expect(answer).toMatchObject({ passed: false, end: "crashed", totals: { error: 1 } });
    const name = framework === "gut" ? "test_next" : "before";
    expect(answer.tests).toMatchObject([{ name, message: expect.stringContaining("process ended") }]);
  });

  it("names the test that hangs, and ends it", async () => {
    const answering = bench().run({ ...of("hang"), timeoutMs: hangMs });
    const path = join(bench().editor.project, "hanging");
    const pid = await until(() => existsSync(path) && Number(bench().editor.read("hanging")), {
      what: "the hanging test",
      deadlineMs: 60_000,
    });
    rmSync(path);
    const answer = await answering;
    expect(answer).toMatchObject({ passed: false, end: "timeout", exitCode: null });
    expect(answer.tests).toMatchObject([{ name: "test_before" }, { name: "test_hangs", status: "error" }]);
    expect(answer.output).toContain("Godot Engine");
    expect(isProcessAlive(pid)).toBe(false);
  });

  it("names the test that quits", async () => {
    const answer = await bench().run(of("quit"));
    expect(answer).toMatchObject({ passed: false, end: "crashed" });
    const message = expect.stringContaining("It quit with");
    expect(answer.tests).toMatchObject([{ name: "test_before" }, { name: "test_quits", status: "error", message }]);
  });

  it("notes an error in code before the tests, for which the framework fails no test", async () => {
    const answer = await bench().run(of("error_before"));
    expect(answer).toMatchObject({ passed: true, note: expect.stringMatching(/^before(_all)?\(\) of .*'foo'/) });
  });

  it.each(["all_skipped", "none/none"])("has not passed where no test has: %s", async (about) => {
    const place = apart(framework, about).replace(/(test_)?none\/none/, "none/$1none");
    const answer = await bench().run({ framework, paths: [place] });
    expect(answer).toMatchObject({ passed: false, exitCode: 0, totals: { passed: 0, failed: 0, error: 0 } });
    expect(answer.note ?? "").not.toBe("");
  });

  it("runs for two who ask at once, one after the other", async () => {
    const places = ["error_before", "all_skipped"].map((about) => apart(framework, about));
    const answers = await Promise.all(places.map((place) => bench().run({ framework, paths: [place] })));
    expect(answers.map(({ passed, end }) => ({ passed, end }))).toEqual([
      { passed: true, end: "finished" },
      { passed: false, end: "finished" },
    ]);
  });
}
