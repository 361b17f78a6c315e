/** Tests the texts for agents outside the tools: the skill and the lines for AGENTS.md. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "gpt-tokenizer";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { AGENT_LINES } from "../../hub/install/agent-lines.ts";
import { TOOLS } from "../../mcp-adapter/tools/index.ts";
import { unknownWords, wrongNames } from "../support/named-things.ts";

const SKILL = fileURLToPath(new URL("../../skills/godot", import.meta.url));
const files = readdirSync(SKILL, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md"))
  .map((path) => path.replaceAll("\\", "/"))
  .toSorted();
const read = (path: string) => readFileSync(join(SKILL, path), "utf8");

describe("the skill", () => {
  const [, matter = "", body = ""] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(read("SKILL.md")) ?? [];

  it("has the front matter that the Agent Skills specification allows, and no other", () => {
    const schema = z.strictObject({
      name: z
        .string()
        .max(64)
        .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
      description: z.string().min(1).max(1_024),
      license: z.string().optional(),
      compatibility: z.string().min(1).max(500).optional(),
      metadata: z.record(z.string(), z.string()).optional(),
      "allowed-tools": z.string().optional(),
    });
    const front = schema.parse(parse(matter));
    expect(front.name).toBe("godot");
    expect(front.description).toMatch(/Godot 4.*Use it whenever.*project\.godot/);
  });

  it("is short: the part that is loaded at once, and each file that is read on demand", () => {
    expect(body.split("\n").length).toBeLessThan(80);
    expect(encode(body).length).toBeLessThan(1_500);
    for (const file of files) expect(encode(read(file)).length, file).toBeLessThan(1_500);
  });

  it("leads to every file beside it, one level deep, and to no other", () => {
    const links = [...body.matchAll(/\]\(([^)#]+)/g)].map(([, path = ""]) => path);
    expect(new Set(links)).toEqual(new Set(files.filter((file) => file !== "SKILL.md")));
    expect(files.filter((file) => file.split("/").length > 2)).toEqual([]);
    const among = files.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = ""]) => join(SKILL, file, "..", path)),
    );
    expect(among.filter((path) => !existsSync(path))).toEqual([]);
  });

  it("leads to headings that are there", () => {
    const anchors = files.flatMap((file) =>
      [...read(file).matchAll(/\]\(([^)#]*)#([^)]+)\)/g)].map(([, path, anchor = ""]) => {
        const target = path ? read(join(file, "..", path)) : read(file);
        return [...target.matchAll(/^#+ (.*)$/gm)].some(([, title = ""]) => slug(title) === anchor) ? "" : anchor;
      }),
    );
    expect(anchors.filter(Boolean)).toEqual([]);
  });

  it("names each tool, so that an agent knows when to use it", () => {
    expect([...TOOLS.keys()].filter((name) => !body.includes(`\`${name}\``) && !body.includes(`\`${name} `))).toEqual(
      [],
    );
  });
});

describe("the tools, commands, params and flags", () => {
  it.each(files)("that %s names are there, and its examples fit them", async (file) => {
    expect(await wrongNames(read(file))).toEqual([]);
  });

  it("that the lines for AGENTS.md name are there", async () => {
    expect(await wrongNames(AGENT_LINES)).toEqual([]);
  });

  it("that a plugin names when a session starts are there", () => {
    const script = readFileSync(
      fileURLToPath(new URL("../../scripts/plugin/session-start.mjs", import.meta.url)),
      "utf8",
    );
    const said = [...script.matchAll(/return `(.*)`;/g)].map(([, text = ""]) => text.replaceAll("godot_mcp_hub", ""));
    expect(said.length).toBeGreaterThan(2);
    expect(said.flatMap((text) => unknownWords(text.replaceAll(/\$\{[^}]*\}/g, "")))).toEqual([]);
  });

  it.each([
    ["`scene_manage`", "There is no tool or operation scene_manage."],
    ["Call scene_manage.", "There is no tool scene_manage."],
    ['```\nscene_open {"file":"res://a.tscn"}\n```', "scene_open"],
    ['`command_read {"command":"scene.save"}`', "scene.save is called with command_run, not command_read."],
    ['`command_run {"command":"scene.explode"}`', "There is no command scene.explode."],
    ['`scene_edit {"operations":[{"op":"rename","path":"A","title":"B"}]}`', "rename"],
    ["`scene.explode`", "There is no command scene.explode."],
    ["`ifVersion`", "There is no param ifVersion."],
    ["`godot-hub explode`", "There is no command godot-hub explode."],
    ["`godot-hub call scene.save --fast`", "godot-hub call has no flag --fast."],
    ["`godot-hub call scene.open '{\"file\":1}'`", "scene.open"],
  ])("would be missed in %j", async (text, message) => {
    const [first] = await wrongNames(text);
    expect(first).toContain(message);
  });
});

/** How Markdown makes an anchor of a heading. */
function slug(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}
