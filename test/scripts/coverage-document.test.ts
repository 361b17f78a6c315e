/** Holds docs/coverage.md to the command table and to the tests that it names. */
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { HUB_METHODS } from "../../protocol/hub-methods.ts";

const document = readFileSync(new URL("../../docs/coverage.md", import.meta.url), "utf8");
const quoted = [...document.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
const names = quoted.filter((text) => /^[a-z]+\.[a-z_]+$/.test(text));
const groupOf = (name: string) => name.split(".")[0];

it("docs/coverage.md names only commands that exist", () => {
  expect(names.filter((name) => !COMMANDS.has(name) && !Object.hasOwn(HUB_METHODS, name))).toEqual([]);
});

it("docs/coverage.md names a command of every group", () => {
  const covered = new Set(names.map(groupOf));
  expect([...COMMANDS.keys()].filter((name) => !covered.has(groupOf(name)))).toEqual([]);
});

it("docs/coverage.md names only tests that exist", () => {
  const tests = quoted.filter((text) => text.endsWith(".test.ts"));
  expect(tests.filter((test) => !existsSync(new URL(`../${test}`, import.meta.url)))).toEqual([]);
});
