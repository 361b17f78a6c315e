import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { toolsDocument } from "../../scripts/tools-document.ts";

it("docs/tools.md is what `npm run generate` writes", async () => {
  expect(readFileSync(new URL("../../docs/tools.md", import.meta.url), "utf8")).toBe(await toolsDocument());
});
