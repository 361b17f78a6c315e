/**
 * Stand-ins for GUT and GdUnit4, which can't be packed into this repository: scripts at the same paths that begin in the same way, take
 * the same options, tell of their tests by the same signals, end with the same codes and write the same reports, for suites that use
 * a small part of what the real ones offer. Written from the sources of GUT 9.7 and GdUnit4 6.1, and held to them by
 * real-frameworks.long.test.ts, which runs framework-suites.ts with both.
 */
import { readFileSync } from "node:fs";

const text = (name: string) => readFileSync(new URL(`./stand-ins/${name}`, import.meta.url), "utf8");

/** Files of a project that has GUT. */
export const WITH_GUT: Record<string, string> = {
  "addons/gut/gut_cmdln.gd": text("gut_cmdln.gd"),
  "addons/gut/gut.gd": text("gut.gd"),
  "addons/gut/gut_collected.gd": text("gut_collected.gd"),
  "addons/gut/test.gd": text("gut_test.gd"),
};

const GDUNIT4 = "addons/gdUnit4";
/** The file of GdUnit4 in which its options are. */
export const GDUNIT4_RUNNER = `${GDUNIT4}/src/core/runners/GdUnitTestCIRunner.gd`;

/** Files of a project that has GdUnit4. */
export const WITH_GDUNIT4: Record<string, string> = {
  [`${GDUNIT4}/bin/GdUnitCmdTool.gd`]: text("gd_unit_cmd_tool.gd"),
  [GDUNIT4_RUNNER]: text("gd_unit_ci_runner.gd"),
  [`${GDUNIT4}/src/core/GdUnitSignals.gd`]: text("gd_unit_signals.gd"),
  [`${GDUNIT4}/src/core/GdUnitTools.gd`]: text("gd_unit_tools.gd"),
  [`${GDUNIT4}/src/core/event/GdUnitEvent.gd`]: text("gd_unit_event.gd"),
  [`${GDUNIT4}/src/core/report/GdUnitReport.gd`]: text("gd_unit_report.gd"),
  [`${GDUNIT4}/src/core/discovery/GdUnitTestCase.gd`]: text("gd_unit_test_case.gd"),
  [`${GDUNIT4}/src/GdUnitTestSuite.gd`]: text("gd_unit_test_suite.gd"),
};
