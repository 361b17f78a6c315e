import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { commandsDocument, examplesIn } from "../../scripts/commands-document.ts";

const document = readFileSync(new URL("../../docs/commands.md", import.meta.url), "utf8");
const examples = examplesIn(document);

describe("docs/commands.md", () => {
  it("is what `npm run generate:commands` writes, but for the examples", () => {
    expect(document).toBe(commandsDocument(examples));
  });

  it.each([...COMMANDS.keys()])("shows %s with a request and an answer that fit its schemas", (name) => {
    const command = COMMANDS.get(name);
    const example = examples.get(name);
    expect(command?.params.safeParse(example?.params).error).toBeUndefined();
    expect(command?.result.safeParse(example?.result).error).toBeUndefined();
    expect(example).toBeDefined();
  });
});
