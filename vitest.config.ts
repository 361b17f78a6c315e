/**
 * Three sets of tests: those without Godot, those with a real one, which is obtained first, and these once more in editors with windows.
 * `--mode long` adds the long ones; with it, or with `--mode windowed`, the third set is whole.
 */
import { defineConfig } from "vitest/config";

/** Tests that start a Godot. */
const WITH_GODOT = [
  "test/godot-client/**/*.test.ts",
  "test/e2e/**/*.test.ts",
  "test/game/**/*.test.ts",
  "test/chaos/**/*.test.ts",
  "test/clients/**/*.test.ts",
  "test/**/*.godot.test.ts",
];
/** Tests that take minutes: a soak, many rounds of a fault. */
const LONG = ["test/**/*.long.test.ts"];
/** Tests for which a window makes no difference: they start no editor, or a headless one in any case. */
const WITHOUT_WINDOW = [
  "test/{architecture,clients,corpus,hub,mcp-adapter}/**",
  "test/chaos/{adapters,connections,hostile-frames,surroundings}.test.ts",
  "test/e2e/{demo,launch}.test.ts",
  "test/game/export.test.ts",
  "test/godot-client/gdscript-units.test.ts",
];
/** Tests that run in editors with windows each time: where tabs, dialogs, focus, progress and drawn frames make a difference. */
const WINDOWED = [
  "test/godot-client/dialogs-and-missing-parts.test.ts",
  "test/godot-client/editor-commands.test.ts",
  "test/godot-client/engine-at-work.test.ts",
  "test/godot-client/scene-files.test.ts",
  "test/godot-client/scenes-and-sessions.test.ts",
  "test/godot-client/script-files.test.ts",
  "test/godot-client/switching.test.ts",
  "test/godot-client/undo-history.test.ts",
  "test/godot-client/without-a-pause.test.ts",
];

/** Seed of this run: TEST_SEED repeats another one. Read by test/support/random.ts. */
const SEED = process.env.TEST_SEED ?? String(Math.floor(Math.random() * 1_000_000));

export default defineConfig(({ mode }) => {
  console.info(`random numbers of the tests: TEST_SEED=${SEED}`);
  const isLong = mode === "long" || process.env.LONG === "1";
  const left = isLong ? [] : LONG;
  const windowed = isLong || mode === "windowed" ? WITH_GODOT : WINDOWED;
  // Where test/support/length.ts reads it.
  const env = { TEST_SEED: SEED, ...(isLong && { LONG: "1" }) };
  const common = { env, testTimeout: 120_000, hookTimeout: 180_000 };
  return {
    test: {
      pool: "forks",
      maxWorkers: 2,
      projects: [
        { test: { ...common, name: "node", include: ["test/**/*.test.ts"], exclude: [...WITH_GODOT, ...left] } },
        {
          test: {
            ...common,
            name: "godot",
            include: WITH_GODOT,
            exclude: left,
            globalSetup: ["test/global-setup.ts"],
          },
        },
        {
          test: {
            ...common,
            name: "windowed",
            include: windowed,
            exclude: [...WITHOUT_WINDOW, ...left],
            globalSetup: ["test/global-setup.ts", "test/windowed-global-setup.ts"],
            setupFiles: ["test/windowed-setup.ts"],
          },
        },
      ],
    },
  };
});
