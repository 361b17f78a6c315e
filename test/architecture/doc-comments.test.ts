/** Tests that exported names of the hub, and of the floor below it, have a comment that says their purpose. */
import { expect, it } from "vitest";
import { sourceFiles } from "./source-files.ts";

/** Beginnings of declarations that others see: exported ones, and the public methods and getters of a class. */
const EXPORTED = /^export (?:async )?(?:abstract )?(?:function|class|interface|type|const) (\w+)/;
const MEMBER = /^ {2}(?:static )?(?:async )?(?:get )?([a-z]\w*)\(.*\{$/;
/** Words that begin a statement or a constructor instead, and handlers of an object literal. */
const NO_MEMBER = new Set(["constructor", "if", "for", "while", "switch", "catch", "return"]);

it("every exported declaration and public member of hub and hub-client has a doc comment", () => {
  const bare = ["hub-client", "hub"]
    .flatMap((floor) => sourceFiles(floor))
    .flatMap(({ path, text }) => {
      const lines = text.split("\n");
      return lines.flatMap((line, index) => {
        const name = EXPORTED.exec(line)?.[1] ?? (isInClass(lines, index) ? MEMBER.exec(line)?.[1] : undefined);
        if (name === undefined || NO_MEMBER.has(name)) return [];
        return lines[index - 1]?.trimEnd().endsWith("*/") ? [] : [`${path}:${index + 1}: ${name}`];
      });
    });
  expect(bare).toEqual([]);
});

/** True when the nearest line above that is not indented opens an exported class. */
function isInClass(lines: readonly string[], index: number): boolean {
  const opener = lines.slice(0, index).findLast((line) => /^\S/.test(line) && !/^[/* })]/.test(line));
  return opener !== undefined && /^export (?:abstract )?class /.test(opener);
}
