/** Suites for GUT and for GdUnit4, each with one kind of thing that may become of a test, and what test.run says of it. */

export type Framework = "gut" | "gdunit4";

/** The expected report of one test: its status, and a part of its message. */
export interface Expected {
  readonly status: "passed" | "failed" | "error" | "skipped";
  readonly says?: string;
  readonly file?: string;
  readonly line?: number;
}

/** A project's suites for one framework. */
export interface Suites {
  /** Where the suites of `outcomes` are. */
  readonly folder: string;
  readonly files: Record<string, string>;
  /** What each of them comes to, in no order: "<file> > <test>". */
  readonly outcomes: Record<string, Expected>;
  /** What test.list tells: tests by suite. */
  readonly listed: Record<string, readonly string[]>;
  /** The inherited test of the list: the file in which it is written. */
  readonly inherited: { readonly suite: string; readonly file: string; readonly line: number };
  /** A file that the list leaves out, and why it might not. */
  readonly helper: string;
}

const GUT_TEST = 'extends "res://addons/gut/test.gd"';
const GDUNIT4_TEST = 'extends "res://addons/gdUnit4/src/GdUnitTestSuite.gd"';

const SCRIPT_ERROR = "\tvar nothing: Variant = null\n\tnothing.foo()\n";
const PRINTS_MUCH = `\tfor line: int in 20000:\n\t\tprint("line ", line, " of much that a test may print")\n`;
const HANGS = `\tvar file := FileAccess.open("res://hanging", FileAccess.WRITE)\n\tfile.store_string(str(OS.get_process_id()))\n\tfile.close()\n\twhile true:\n\t\tpass\n`;

const script = (head: string, functions: Record<string, string>) =>
  `${head}\n${Object.entries(functions)
    .map(([declared, body]) => `\n\nfunc ${declared} -> void:\n${body}`)
    .join("")}`;

const HOLDS = "\tassert_true(true)\n";
const gut = (functions: Record<string, string>) => script(GUT_TEST, functions);

const GUT_SUITES: Suites = {
  folder: "res://suites",
  files: {
    "suites/shared_base.gd": `${GUT_TEST}\n\nvar value := 1\n\n\nfunc test_inherited() -> void:\n\tassert_eq(value, 1)\n`,
    "suites/test_child.gd": script('extends "res://suites/shared_base.gd"', {
      "before_each()": "\tvalue = 2\n",
      "test_größe()": HOLDS,
    }),
    "suites/test_other_child.gd": `${script('extends "res://suites/shared_base.gd"', { "test_own()": HOLDS })}

class TestInner:
	extends "res://addons/gut/test.gd"

	func test_inside() -> void:
		assert_true(true)


class Double:
	func test_nothing() -> void:
		pass
`,
    "suites/test_hooks.gd": gut({
      "before_all()": '\tassert_true(false, "before all is broken")\n',
      "after_all()": '\tassert_true(false, "after all is broken")\n',
      "test_between()": HOLDS,
    }),
    "suites/test_skipped.gd": `${GUT_TEST}\n\nvar skip_script := "not today"\n\n\nfunc test_never() -> void:\n\tassert_true(false)\n`,
    "suites/test_kinds.gd": gut({
      "test_script_error()": SCRIPT_ERROR,
      "test_waits()": `\tawait get_tree().process_frame\n${HOLDS}`,
      "test_later()": '\tpending("not yet")\n',
      "test_later_and_false()": '\tpending("not yet")\n\tassert_true(false, "and false")\n',
      "test_nothing()": "\tpass\n",
      "test_numbers(number: int = use_parameters([1, 2, 3]))": '\tassert_true(number < 3, "small <&> number")\n',
      "test_prints_much()": PRINTS_MUCH + HOLDS,
    }),
    "suites/test_broken.gd": gut({ "test_unreachable()": "\tmissing()\n" }),
    "apart/test_error_before.gd": gut({ "before_all()": SCRIPT_ERROR, "test_fine()": HOLDS }),
    "apart/test_crash.gd": gut({
      "test_before()": HOLDS,
      "test_crashes()": '\tOS.crash("on purpose")\n',
      "test_behind()": HOLDS,
    }),
    "apart/test_hang.gd": gut({ "test_before()": HOLDS, "test_hangs()": HANGS }),
    "apart/test_quit.gd": gut({
      "test_before()": HOLDS,
      "test_quits()": "\tget_tree().quit(3)\n\tawait get_tree().create_timer(5).timeout\n",
    }),
    "apart/test_crash_before.gd": gut({ "before_all()": '\tOS.crash("before")\n', "test_next()": HOLDS }),
    "apart/test_all_skipped.gd": `${GUT_TEST}\n\nvar skip_script := "none of them"\n\n\nfunc test_never() -> void:\n\tpass\n`,
    "apart/none/test_none.gd": gut({ "helps()": "\tpass\n" }),
  },
  outcomes: {
    "test_child.gd > test_größe": { status: "passed" },
    "test_child.gd > test_inherited": { status: "failed", says: "[2]", file: "res://suites/shared_base.gd", line: 7 },
    "test_other_child.gd > test_inherited": { status: "passed" },
    "test_other_child.gd > test_own": { status: "passed" },
    "test_other_child.gd.TestInner > test_inside": { status: "passed" },
    "test_hooks.gd > before_all": { status: "failed", says: "before all is broken", line: 5 },
    "test_hooks.gd > after_all": { status: "failed", says: "after all is broken", line: 9 },
    "test_hooks.gd > test_between": { status: "passed" },
    "test_skipped.gd > ": { status: "skipped", says: "not today" },
    "test_kinds.gd > test_script_error": { status: "failed", says: "Nonexistent function 'foo'" },
    "test_kinds.gd > test_waits": { status: "passed" },
    "test_kinds.gd > test_later": { status: "skipped", says: "not yet" },
    "test_kinds.gd > test_later_and_false": { status: "failed", says: "and false", line: 20 },
    "test_kinds.gd > test_nothing": { status: "passed", says: "asserted nothing" },
    "test_kinds.gd > test_numbers": { status: "failed", says: "small <&> number", line: 28 },
    "test_kinds.gd > test_prints_much": { status: "passed" },
    "test_broken.gd > ": { status: "error", says: "missing", line: 5 },
  },
  listed: {
    "test_child.gd": ["test_größe", "test_inherited"],
    "test_other_child.gd": ["test_own", "test_inherited"],
    "test_other_child.gd.TestInner": ["test_inside"],
    "test_hooks.gd": ["test_between"],
    "test_skipped.gd": ["test_never"],
    "test_kinds.gd": [
      "test_script_error",
      "test_waits",
      "test_later",
      "test_later_and_false",
      "test_nothing",
      "test_numbers",
      "test_prints_much",
    ],
    "test_broken.gd": ["test_unreachable"],
  },
  inherited: { suite: "test_child.gd", file: "res://suites/shared_base.gd", line: 6 },
  helper: "shared_base.gd",
};

const IS_TRUE = "\tassert_bool(true).is_true()\n";
const IS_FALSE = "\tassert_bool(false).is_true()\n";
const gdunit4 = (functions: Record<string, string>) => script(GDUNIT4_TEST, functions);

const GDUNIT4_SUITES: Suites = {
  folder: "res://suites",
  files: {
    "suites/shared_base.gd": `${GDUNIT4_TEST}\n\nvar value := 1\n\n\nfunc test_inherited() -> void:\n\tassert_bool(value == 1).is_true()\n`,
    "suites/child_test.gd": script('extends "res://suites/shared_base.gd"', {
      "before_test()": "\tvalue = 2\n",
      "test_größe()": IS_TRUE,
    }),
    "suites/other_child_test.gd": script('extends "res://suites/shared_base.gd"', { "test_own()": IS_TRUE }),
    "suites/helping.gd": "extends RefCounted\n\n\nfunc test_nothing() -> void:\n\tpass\n",
    "suites/before_test.gd": gdunit4({ "before()": IS_FALSE, "test_between()": IS_TRUE }),
    "suites/after_test.gd": gdunit4({ "after()": IS_FALSE, "test_between()": IS_TRUE }),
    "suites/skipped_test.gd": gdunit4({
      'before(do_skip := true, skip_reason := "not today")': "\tpass\n",
      "test_never()": IS_FALSE,
    }),
    "suites/kinds_test.gd": gdunit4({
      "test_script_error()": SCRIPT_ERROR,
      "test_waits()": `\tawait get_tree().process_frame\n${IS_TRUE}`,
      "test_numbers(number: int, test_parameters := [[1], [2], [3]])": "\tassert_bool(number < 3).is_true()\n",
      'test_skipped(do_skip := true, skip_reason := "not yet")': IS_FALSE,
      "test_prints_much()": PRINTS_MUCH + IS_TRUE,
    }),
    "suites/broken_test.gd": gdunit4({ "test_unreachable()": "\tmissing()\n" }),
    "apart/error_before_test.gd": gdunit4({ "before()": SCRIPT_ERROR, "test_fine()": IS_TRUE }),
    "apart/crash_test.gd": gdunit4({
      "test_before()": IS_TRUE,
      "test_crashes()": '\tOS.crash("on purpose")\n',
      "test_behind()": IS_TRUE,
    }),
    "apart/hang_test.gd": gdunit4({ "test_before()": IS_TRUE, "test_hangs()": HANGS }),
    "apart/quit_test.gd": gdunit4({
      "test_before()": IS_TRUE,
      "test_quits()": "\tget_tree().quit(3)\n\tawait get_tree().create_timer(5).timeout\n",
    }),
    "apart/crash_before_test.gd": gdunit4({ "before()": '\tOS.crash("before")\n', "test_next()": IS_TRUE }),
    "apart/all_skipped_test.gd": gdunit4({
      'before(do_skip := true, skip_reason := "none of them")': "\tpass\n",
      "test_never()": IS_FALSE,
    }),
    "apart/none/none_test.gd": gdunit4({ "helps()": "\tpass\n" }),
  },
  outcomes: {
    "shared_base.gd > test_inherited": { status: "passed" },
    "child_test.gd > test_größe": { status: "passed" },
    "child_test.gd > test_inherited": { status: "failed", file: "res://suites/shared_base.gd", line: 7 },
    "other_child_test.gd > test_inherited": { status: "passed" },
    "other_child_test.gd > test_own": { status: "passed" },
    "before_test.gd > ": { status: "failed", line: 5 },
    "before_test.gd > test_between": { status: "passed" },
    "after_test.gd > ": { status: "failed", line: 5 },
    "after_test.gd > test_between": { status: "passed" },
    "skipped_test.gd > test_never": { status: "skipped", says: "entire test suite" },
    "kinds_test.gd > test_script_error": { status: "error", says: "Nonexistent function 'foo'" },
    "kinds_test.gd > test_waits": { status: "passed" },
    "kinds_test.gd > test_numbers:0 (1)": { status: "passed" },
    "kinds_test.gd > test_numbers:1 (2)": { status: "passed" },
    "kinds_test.gd > test_numbers:2 (3)": { status: "failed", line: 15 },
    "kinds_test.gd > test_skipped": { status: "skipped", says: "not yet" },
    "kinds_test.gd > test_prints_much": { status: "passed" },
    "broken_test.gd > ": { status: "error", says: "missing", line: 5 },
  },
  listed: {
    "shared_base.gd": ["test_inherited"],
    "child_test.gd": ["test_größe", "test_inherited"],
    "other_child_test.gd": ["test_own", "test_inherited"],
    "before_test.gd": ["test_between"],
    "after_test.gd": ["test_between"],
    "skipped_test.gd": ["test_never"],
    "kinds_test.gd": ["test_script_error", "test_waits", "test_numbers", "test_skipped", "test_prints_much"],
    "broken_test.gd": ["test_unreachable"],
  },
  inherited: { suite: "child_test.gd", file: "res://suites/shared_base.gd", line: 6 },
  helper: "helping.gd",
};

/** The suites of both frameworks. */
export const SUITES: Record<Framework, Suites> = { gut: GUT_SUITES, gdunit4: GDUNIT4_SUITES };

/** Path of a suite of one test that stands apart, by what it is about. */
export function apart(framework: Framework, about: string): string {
  return `res://apart/${framework === "gut" ? `test_${about}` : `${about}_test`}.gd`;
}
