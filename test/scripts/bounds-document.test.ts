import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { withBounds } from "../../scripts/bounds-document.ts";

it("docs/security.md has every bound of the hub: `npm run generate` writes them", () => {
  const document = readFileSync(new URL("../../docs/security.md", import.meta.url), "utf8");
  expect(withBounds(document)).toBe(document);
});
