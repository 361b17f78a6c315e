import { describe, expect, it } from "vitest";
import { PROMPT_LISTINGS, promptText } from "../../mcp-adapter/prompts/prompts.ts";

describe("prompts", () => {
  it.each(PROMPT_LISTINGS.map((listing) => [listing.name, listing] as const))(
    "%s fills in what it is given",
    (name, listing) => {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(listing.title.length).toBeGreaterThan(3);
      const given = Object.fromEntries(listing.arguments.map((argument) => [argument.name, `<${argument.name}>`]));
      const { text } = promptText(name, given);
      for (const value of Object.values(given)) expect(text).toContain(value);
      const needed = listing.arguments.filter(({ required }) => required).map((argument) => argument.name);
      const least = Object.fromEntries(needed.map((argument) => [argument, "x"]));
      expect(promptText(name, least).text).not.toContain("undefined");
    },
  );

  it("name missing arguments and the known ones", () => {
    expect(() => promptText("build_feature", {})).toThrow("'feature' is missing");
    expect(() => promptText("build_castle", {})).toThrow(/no prompt 'build_castle'.*build_feature/);
  });
});
