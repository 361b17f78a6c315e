/** A member in a file of JSON with comments: it comes and goes, and nothing else in the file changes. */

import { parse } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { setJsonMember } from "../../../hub/cli/json-member.ts";
import { fc } from "../../support/random.ts";

const AT = ["servers", "godot"];
const VALUE = { command: "node", args: ["a"] };
const put = (text: string) => setJsonMember(text, AT, VALUE);
const take = (text: string) => setJsonMember(text, AT, undefined);

describe("a member that comes", () => {
  it.each([
    [
      "into no file",
      "",
      '{\n  "servers": {\n    "godot": {\n      "command": "node",\n      "args": [\n        "a"\n      ]\n    }\n  }\n}\n',
    ],
    ["below a comment that is all there is", "// mine\n", /^\/\/ mine\n\{\n {2}"servers": \{[\s\S]*\}\n$/],
    ["into an empty object", "{}", /^\{\n {2}"servers": \{[\s\S]*\n {2}\}\n\}$/],
    ["into one with a comment", "{\n  // mine\n}\n", /^\{\n {2}"servers": \{[\s\S]*\n {2}\}\n {2}\/\/ mine\n\}\n$/],
    ["into an empty list of servers", '{"servers":{}}', /^\{"servers":\{\n {2}"godot": \{[\s\S]*\n\}\}$/],
    [
      "after the comment on the last one",
      '{\n  "a": 1 // one\n}\n',
      /^\{\n {2}"a": 1, \/\/ one\n {2}"servers": [\s\S]*\n {2}\}\n\}\n$/,
    ],
    [
      "after a comma at the end",
      '{\n  "a": 1, // one\n}\n',
      /^\{\n {2}"a": 1, \/\/ one\n {2}"servers": [\s\S]*\n {2}\},\n\}\n$/,
    ],
    [
      "with tabs",
      '{\n\t"servers": {\n\t\t"x": {}\n\t}\n}',
      /\n\t\t"x": \{\},\n\t\t"godot": \{\n\t\t\t"command": "node",/,
    ],
    ["with four blanks", '{\n    "a": 1\n}', /\n {4}"servers": \{\n {8}"godot": \{\n {12}"command"/],
    ["with the line ends of Windows", '{\r\n  "a": 1\r\n}\r\n', /^(?:[^\r\n]*\r\n)+$/],
    [
      "in place of another",
      '{"servers":{"godot":{"old":1}, /* two */ "x":2}}',
      /^\{"servers":\{"godot":\{\n[\s\S]*\}, \/\* two \*\/ "x":2\}\}$/,
    ],
  ])("%s", (_, before, after) => {
    const written = put(before);
    if (typeof after === "string") expect(written).toBe(after);
    else expect(written).toMatch(after);
    expect(parse(written, [], { allowTrailingComma: true })).toMatchObject({ servers: { godot: VALUE } });
    expect(put(written)).toBe(written);
  });

  it.each([
    ["no JSON", "{ this", "The file is no JSON: InvalidSymbol at character 2."],
    ["a list", "[]", "The file has no object."],
    ["a number", "3", "The file has no object."],
    ["servers that are a list", '{"servers":[]}', "The file has 'servers' that is no object."],
    ["servers that are null", '{"servers":null}', "The file has 'servers' that is no object."],
  ])("is refused by %s", (_, text, message) => {
    expect(() => put(text)).toThrow(message);
  });
});

describe("a member that goes", () => {
  it.each([
    ["the only one", '{"servers":{"godot":{}}}', '{"servers":{}}'],
    ["the only one, with a comma", '{"servers":{"godot":{},}}', '{"servers":{}}'],
    ["the first", '{"servers":{"godot":{}, "x":1}}', '{"servers":{ "x":1}}'],
    ["the last", '{"servers":{"x":1, "godot":{}}}', '{"servers":{"x":1 }}'],
    ["the last, after a comment", '{"servers":{\n "x":1, // one\n "godot":{}\n}}', '{"servers":{\n "x":1 // one\n}}'],
    ["one with a comment of its own", '{"servers":{\n "godot":{} // mine\n}}', '{"servers":{\n  // mine\n}}'],
    ["one before a comment and a comma", '{"servers":{"godot":{} /* c */, "x":1}}', '{"servers":{ /* c */ "x":1}}'],
    ["the last of several, with commas", '{"servers":{\n "x":1,\n "godot":{},\n}}', '{"servers":{\n "x":1,\n}}'],
    ["one that is not there", '{"servers":{"x":1}}', '{"servers":{"x":1}}'],
    ["one of a blank file", " \n", " \n"],
  ])("%s", (_, before, after) => {
    expect(take(before)).toBe(after);
    expect(take(after)).toBe(after);
  });
});

/** Files as people write them: members, comments of both kinds, commas at ends, any indentation and line end. */
const files = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom("a", "b", "servers", "// x", "}"), { maxLength: 4 }),
    inner: fc.uniqueArray(fc.constantFrom("x", "y", "z"), { maxLength: 3 }),
    comments: fc.array(fc.constantFrom("", "", " // said", " /* said */"), { minLength: 8, maxLength: 8 }),
    unit: fc.constantFrom("  ", "    ", "\t"),
    eol: fc.constantFrom("\n", "\r\n"),
    isTrailing: fc.boolean(),
    end: fc.constantFrom("", "\n"),
  })
  .map(({ names, inner, comments, unit, eol, isTrailing, end }) => {
    const said = [...comments];
    const object = (members: string[], indent: string): string => {
      const lines = members.map((member, at) => {
        const comma = at < members.length - 1 || isTrailing ? "," : "";
        return `${indent}${unit}${member}${comma}${said.pop() ?? ""}`;
      });
      return lines.length === 0 ? "{}" : ["{", ...lines, `${indent}}`].join(eol);
    };
    const servers = object(
      inner.map((name) => `${JSON.stringify(name)}: { "command": "${name}" }`),
      unit,
    );
    const members = names.map((name) => `${JSON.stringify(name)}: ${name === "servers" ? servers : "[1, {}]"}`);
    return object(members, "") + end;
  });

const comments = (text: string) => text.match(/said/g)?.length ?? 0;

it("comes and goes in any file, and leaves every other member and every comment where it was", () => {
  fc.assert(
    fc.property(files, (before) => {
      const options = { allowTrailingComma: true };
      const old = parse(before, [], options);
      const written = put(before);
      const errors: never[] = [];
      expect(parse(written, errors, options)).toEqual({ ...old, servers: { ...old.servers, godot: VALUE } });
      const taken = take(written);
      expect(parse(taken, errors, options)).toEqual({ ...old, servers: { ...old.servers } });
      expect(errors).toEqual([]);
      expect([written, taken].map(comments)).toEqual([comments(before), comments(before)]);
      if (old.servers && Object.keys(old.servers).length > 0) expect(taken).toBe(before);
    }),
  );
});
