/** Counts words that name nothing, in documents and sources: a text should name the client, the lease, the editor or the person. */
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { expect, it } from "vitest";
import { filesBelow, ROOT } from "./source-files.ts";

/** Written apart here, so that this file does not contain what it looks for. */
const VAGUE = ["who|ever", "some|body", "no|body", "what| is", "to|ld", "of its| own"].map((word) =>
  word.replace("|", ""),
);
const PATTERN = new RegExp(String.raw`\b(${VAGUE.join("|")})\b`, "gi");
const TEXT = new Set([".md", ".ts", ".mjs", ".gd", ".py", ".sh", ".yml"]);

/** Generated from declarations: their words are counted there. */
const GENERATED = new Set(["docs/commands.md", "docs/tools.md", "docs/demo/transcript.md"]);

/** How many of these words each file or folder may have. A number may only become smaller. */
const MOST: readonly (readonly [path: string, most: number])[] = [
  ["README.md", 0],
  ["CONTRIBUTING.md", 0],
  ["AGENTS.md", 0],
  ["SECURITY.md", 0],
  ["PROTOCOL.md", 0],
  ["CHANGELOG.md", 0],
  ["docs", 3],
  ["skills", 0],
  ["examples", 0],
  ["protocol", 1],
  ["scripts", 3],
  ["bench", 2],
  ["mcp-adapter/tools", 0],
  ["test", 100],
];

it.each(MOST)("%s has at most %i vague words", (path, most) => {
  const files =
    extname(path) === ".md"
      ? [path]
      : filesBelow(path).filter((file) => TEXT.has(extname(file)) && !GENERATED.has(file));
  const found = files.flatMap((file) =>
    readFileSync(join(ROOT, file), "utf8")
      .split("\n")
      .flatMap((line, index) => [...line.matchAll(PATTERN)].map(([word]) => `${file}:${index + 1}: ${word}`)),
  );
  expect(found.length, found.join("\n")).toBeLessThanOrEqual(most);
});
