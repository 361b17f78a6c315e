import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { HUB_METHODS } from "../../protocol/hub-methods.ts";

const document = readFileSync(new URL("../../docs/seeds.md", import.meta.url), "utf8");
const quoted = [...document.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);

it("docs/seeds.md names only commands that exist", () => {
  const names = quoted.filter((text) => /^[a-z]+\.[a-z_]+$/.test(text));
  expect(names.filter((name) => !COMMANDS.has(name) && !Object.hasOwn(HUB_METHODS, name))).toEqual([]);
});

it("docs/seeds.md names only tests that exist", () => {
  const tests = quoted.filter((text) => text.endsWith(".test.ts"));
  expect(tests.filter((test) => !existsSync(new URL(`../${test}`, import.meta.url)))).toEqual([]);
});
