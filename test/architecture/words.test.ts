/** Tests that no file has traces of a machine or switched-off checks. */
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesBelow, ROOT, sourceFiles } from "./source-files.ts";

const TEXT = new Set([
  ".ts",
  ".mjs",
  ".json",
  ".gd",
  ".md",
  ".tscn",
  ".godot",
  ".cfg",
  ".yml",
  ".yaml",
  ".sh",
  ".html",
  ".toml",
  "",
]);
/** Written apart here, so that this file does not contain what it looks for. */
const TRACES = [
  ["/work", "/main"],
  ["/work", "/shared"],
  ["../", "shared/"],
  ["/root", "/."],
  ["/tmp", "/brief"],
].map((parts) => parts.join(""));

describe("the project's files", () => {
  const texts = filesBelow("")
    .filter((path) => TEXT.has(extname(path)))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

  it.each(TRACES)("do not contain %s", (trace) => {
    expect(texts.filter(({ text }) => text.includes(trace)).map(({ path }) => path)).toEqual([]);
  });

  it("do not take packages from anywhere but the public registry", () => {
    const lock = readFileSync(join(ROOT, "package-lock.json"), "utf8");
    const hosts = [...lock.matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map(([, host]) => host);
    expect(hosts.filter((host) => host !== "registry.npmjs.org")).toEqual([]);
  });

  it("do not switch off the type checker", () => {
    const switchedOff = /@ts-(ignore|nocheck|expect-error)|\bas any\b/;
    const sources = ["protocol", "hub-client", "hub", "mcp-adapter", "bench"].flatMap((folder) => sourceFiles(folder));
    expect(sources.filter(({ text }) => switchedOff.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("draw no random number in a test but from the run's seed", () => {
    const unseeded = /\bMath\.random\b|from "fast-check"/;
    const tests = sourceFiles("test").filter(({ path }) => !path.includes("architecture/"));
    expect(tests.filter(({ text }) => unseeded.test(text)).map(({ path }) => path)).toEqual(["test/support/random.ts"]);
  });

  it("do not skip a test, nor run one alone", () => {
    const set = /\b(it|test|describe)\.(skip|only|todo)\b/;
    const tests = sourceFiles("test").filter(({ path }) => path.endsWith(".test.ts"));
    expect(tests.filter(({ text }) => set.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
