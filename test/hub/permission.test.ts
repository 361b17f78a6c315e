/** Patterns of names: what they match, and that no pattern takes long. */

import { describe, expect, it } from "vitest";
import { nameMatcher } from "../../hub/access/permission.ts";
import { fc } from "../support/random.ts";

/** The same by a regular expression, which is what a reader has in mind. */
function byExpression(pattern: string, name: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, ".*");
  return new RegExp(`^${escaped}$`, "s").test(name);
}

describe("name patterns", () => {
  it("match as the regular expression with '.*' for each star would", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "*"), maxLength: 12 });
    const name = fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 12 });
    fc.assert(fc.property(text, name, (pattern, of) => nameMatcher([pattern])(of) === byExpression(pattern, of)));
  });

  it("match when one of several does", () => {
    const matches = nameMatcher(["scene.*", "*.delete"]);
    expect(["scene.open", "node.delete", "node.add", "scene"].map(matches)).toEqual([true, true, false, false]);
  });

  it("answer at once where a regular expression would go on for ever", () => {
    const pattern = `${"*a".repeat(49)}*b`;
    expect(nameMatcher([pattern])("a".repeat(100))).toBe(false);
  });
});
