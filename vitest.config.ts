/** Two sets of tests: those that need a real Godot, which is obtained first, and those that don't. `--mode long` adds the long ones. */
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

export default defineConfig(({ mode }) => {
  const isLong = mode === "long" || process.env.LONG === "1";
  const left = isLong ? [] : LONG;
  // Where test/support/length.ts reads it.
  const env = isLong ? { LONG: "1" } : {};
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
      ],
    },
  };
});
