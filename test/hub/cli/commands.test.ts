/** `godot-hub commands`: finds what `godot-hub call` runs, and tells how. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { runCommandLine } from "../../../hub/cli/program.ts";
import { COMMANDS } from "../../../protocol/commands/index.ts";

async function run(...words: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    color: false,
  };
  const code = await runCommandLine(["commands", ...words], { terminal, self: [], exitNow: () => {} });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const listSchema = z.array(z.strictObject({ name: z.string(), readOnly: z.boolean(), description: z.string() }));

describe("godot-hub commands", () => {
  it("lists every command", async () => {
    const { code, out } = await run("--json");
    expect(code).toBe(0);
    expect(listSchema.parse(JSON.parse(out)).map(({ name }) => name)).toEqual([...COMMANDS.keys()]);
  });

  it("lists those that have all of the words, in any order and case", async () => {
    const { out } = await run("Action", "INPUT");
    const names = out.trim().split("\n");
    expect(names.length).toBeGreaterThan(0);
    expect(names.length).toBeLessThan(COMMANDS.size / 4);
    for (const line of names) expect(line.toLowerCase()).toMatch(/(?=.*action)(?=.*input)/);
    expect((await run("INPUT", "Action")).out).toBe(out);
  });

  it("shows the params of the one that is named: which may be left out, and what they are", async () => {
    const { out } = await run("scene.open");
    expect(out).toMatch(/^scene\.open: /);
    expect(out).toMatch(/^ {2}path +string/m);
    const tree = (await run("scene.get_tree")).out;
    expect(tree).toMatch(/^scene\.get_tree \(read\): /);
    expect(tree).toMatch(/^ {2}depth\? +integer/m);
    const { params } = z
      .looseObject({ params: z.looseObject({}) })
      .parse(JSON.parse((await run("scene.open", "--json")).out));
    expect(params).toMatchObject({ type: "object", properties: { path: { type: "string" } } });
  });

  it("shows every command without a fault, in the list and alone", async () => {
    for (const name of COMMANDS.keys())
      expect((await run(name)).out, name).toMatch(new RegExp(`^${name}( \\(read\\))?: `));
  });

  it("says so when none has the words", async () => {
    const { code, out, err } = await run("no", "such", "thing");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("'no such thing'");
  });
});
