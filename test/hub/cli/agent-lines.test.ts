/** `godot-hub install --agents`: lines for AI agents come, are kept up to date and go, and every other byte stays. */
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { AGENT_LINES, applyLines, planLines } from "../../../hub/install/agent-lines.ts";
import { fc } from "../../support/random.ts";
import { CommandLine, temporaryFolder } from "./command-line.ts";

const BEGIN = "<!-- godot-mcp-hub: begin -->";
const END = "<!-- godot-mcp-hub: end -->";
const BLOCK = `${BEGIN}\n${AGENT_LINES}\n${END}`;

function project(files: Record<string, string | Buffer> = {}): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "project.godot"), "config_version=5\n");
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const bytes = (folder: string, name = "AGENTS.md") => readFileSync(join(folder, name), "latin1");
const put = (folder: string) => changes(folder, false);
const take = (folder: string) => changes(folder, true);

function changes(folder: string, isRemoval: boolean): string[] {
  const plan = planLines(folder, isRemoval);
  applyLines(plan);
  return plan.map(({ path, change }) => `${basename(path)} ${change}`);
}

describe("lines for agents", () => {
  it("are ten, in a file that is made for them and goes with them", () => {
    expect(AGENT_LINES.split("\n")).toHaveLength(10);
    const folder = project();
    expect(put(folder)).toEqual(["AGENTS.md added"]);
    expect(bytes(folder)).toBe(`${BLOCK}\n`);
    expect(put(folder)).toEqual(["AGENTS.md unchanged"]);
    expect(take(folder)).toEqual(["AGENTS.md removed"]);
    expect(existsSync(join(folder, "AGENTS.md"))).toBe(false);
    expect(take(folder)).toEqual(["AGENTS.md unchanged"]);
  });

  it("come and go in any text, of any encoding and with any ends of lines", () => {
    const pieces = fc.constantFrom(
      "# Mine",
      "\n",
      "\r\n",
      "\n\n",
      " ",
      "\t",
      "caf\xe9",
      "\xff\xfe",
      "\xef\xbb\xbf",
      "<!-- x -->",
      "@x",
    );
    const folder = project();
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 12 }), (parts) => {
        const before = parts.join("");
        writeFileSync(join(folder, "AGENTS.md"), before, "latin1");
        expect(put(folder)).toEqual(["AGENTS.md added"]);
        const written = bytes(folder);
        expect(written.startsWith(before)).toBe(true);
        expect(written.split(AGENT_LINES.split("\n")[0] ?? "")).toHaveLength(2);
        if (before.includes("\r\n")) expect(written.slice(before.length)).not.toMatch(/(?<!\r)\n/);
        else expect(written.slice(before.length)).not.toContain("\r");
        expect(put(folder)).toEqual(["AGENTS.md unchanged"]);
        expect(take(folder)).toEqual(["AGENTS.md removed"]);
        expect(bytes(folder)).toBe(before);
      }),
    );
  });

  it("are brought up to date where they stand, and leave what was written after them", () => {
    const folder = project({ "AGENTS.md": `# Mine\n\n${BEGIN}\nof an older version\n${END}\n\n## More\n` });
    expect(put(folder)).toEqual(["AGENTS.md updated"]);
    expect(bytes(folder)).toBe(`# Mine\n\n${BLOCK}\n\n## More\n`);
    expect(take(folder)).toEqual(["AGENTS.md removed"]);
    expect(bytes(folder)).toBe("# Mine\n\n## More\n");
  });

  it.each([
    ["does not include AGENTS.md", "# Rules\n", ["AGENTS.md added", "CLAUDE.md added"]],
    ["only names it", "See AGENTS.md, me@AGENTS.md.\n", ["AGENTS.md added", "CLAUDE.md added"]],
    ["includes it", "# Rules\n\n@AGENTS.md\n", ["AGENTS.md added", "CLAUDE.md unchanged"]],
    ["includes it by a path", "see @./AGENTS.md for more", ["AGENTS.md added", "CLAUDE.md unchanged"]],
    ["includes another of that name", "@docs/AGENTS.md\n", ["AGENTS.md added", "CLAUDE.md added"]],
  ])("in a CLAUDE.md that %s", (_, text, expected) => {
    const folder = project({ "CLAUDE.md": text });
    expect(put(folder)).toEqual(expected);
    expect(bytes(folder, "CLAUDE.md").includes(BLOCK)).toBe(expected[1] === "CLAUDE.md added");
    take(folder);
    expect(bytes(folder, "CLAUDE.md")).toBe(text);
  });

  it("leave a CLAUDE.md that has come to include AGENTS.md", () => {
    const folder = project({ "CLAUDE.md": "# Rules\n" });
    put(folder);
    writeFileSync(join(folder, "CLAUDE.md"), `@AGENTS.md\n${bytes(folder, "CLAUDE.md")}`);
    expect(put(folder)).toEqual(["AGENTS.md unchanged", "CLAUDE.md removed"]);
    expect(bytes(folder, "CLAUDE.md")).toBe("@AGENTS.md\n# Rules\n");
  });

  it("are written once where one file is a link to the other, and through the link", () => {
    const folder = project({ "CLAUDE.md": "# Rules\n" });
    symlinkSync("CLAUDE.md", join(folder, "AGENTS.md"));
    expect(put(folder)).toEqual(["CLAUDE.md added"]);
    expect(lstatSync(join(folder, "AGENTS.md")).isSymbolicLink()).toBe(true);
    expect(take(folder)).toEqual(["CLAUDE.md removed"]);
    expect(bytes(folder, "CLAUDE.md")).toBe("# Rules\n");
  });

  it.each([
    [
      "a link that leads out of the project",
      (folder: string) => symlinkSync(join(temporaryFolder(), "x.md"), join(folder, "AGENTS.md")),
    ],
    [
      "a link to a file of others",
      (folder: string) => {
        const other = join(temporaryFolder(), "AGENTS.md");
        writeFileSync(other, "theirs\n");
        symlinkSync(other, join(folder, "AGENTS.md"));
      },
    ],
    ["half of the marks", (folder: string) => writeFileSync(join(folder, "AGENTS.md"), `${BEGIN}\nx\n`)],
    ["marks in the wrong order", (folder: string) => writeFileSync(join(folder, "AGENTS.md"), `${END}\n${BEGIN}\n`)],
    ["the lines twice", (folder: string) => writeFileSync(join(folder, "AGENTS.md"), `${BLOCK}\n${BLOCK}\n`)],
    [
      "text in UTF-16",
      (folder: string) => writeFileSync(join(folder, "AGENTS.md"), Buffer.from("# Mine\n", "utf16le")),
    ],
  ])("are refused by %s, and nothing is changed", (_, prepare) => {
    const folder = project({ "CLAUDE.md": "# Rules\n" });
    prepare(folder);
    const before = existsSync(join(folder, "AGENTS.md")) ? bytes(folder) : undefined;
    expect(() => planLines(folder, false)).toThrow(/by hand/);
    expect(existsSync(join(folder, "AGENTS.md")) ? bytes(folder) : undefined).toBe(before);
  });
});

describe("godot-hub install --agents", () => {
  const run = (...args: string[]) => new CommandLine().run(["install", ...args]);

  it("installs the addon and writes the lines; --remove takes the lines alone", async () => {
    const folder = project({ "AGENTS.md": "# Mine\n" });
    const installed = await run(folder, "--agents");
    expect(installed.code).toBe(0);
    expect(installed.stdout).toContain("AGENTS.md has the lines for agents.");
    expect(bytes(folder)).toBe(`# Mine\n\n${BLOCK}\n`);
    const removed = await run(folder, "--agents", "--remove");
    expect(removed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/AGENTS\.md no longer has the lines for agents\.\n$/),
    });
    expect(bytes(folder)).toBe("# Mine\n");
    expect(existsSync(join(folder, "addons", "godot_mcp_hub", "plugin.cfg"))).toBe(true);
  });

  it("--dry-run shows the lines and where they would stand, and writes nothing", async () => {
    const folder = project({ "CLAUDE.md": "# Rules\n" });
    const { code, stdout } = await run(folder, "--agents", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("Dry run: nothing is changed.");
    expect(stdout).toContain(`${join(folder, "AGENTS.md")} has the lines`);
    expect(stdout).toContain(`${join(folder, "CLAUDE.md")} has the lines`);
    expect(stdout).toContain(AGENT_LINES);
    expect(existsSync(join(folder, "AGENTS.md"))).toBe(false);
    expect(bytes(folder, "CLAUDE.md")).toBe("# Rules\n");
  });

  it("without it, a project gets no such file", async () => {
    const folder = project();
    await run(folder);
    expect(existsSync(join(folder, "AGENTS.md"))).toBe(false);
  });

  it("refuses in one line before anything is written", async () => {
    const folder = project({ "AGENTS.md": `${BEGIN}\n` });
    const { code, stdout, stderr } = await run(folder, "--agents");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^godot-hub: .*mend that by hand\.\n$/);
    expect(existsSync(join(folder, "addons"))).toBe(false);
    const none = join(folder, "none");
    mkdirSync(none);
    expect(await run(none, "--agents", "--remove")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no Godot project"),
    });
    expect(await run(folder, "--remove")).toMatchObject({ code: 2, stderr: expect.stringContaining("add --agents") });
  });
});
