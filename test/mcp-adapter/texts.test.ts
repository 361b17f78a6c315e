import { afterEach, describe, expect, it, vi } from "vitest";
import { Backoff } from "../../hub-client/conversation.ts";
import { parseExactly } from "../../hub-client/hub-socket.ts";
import { isOlderVersion } from "../../hub-client/versions.ts";
import { ProgressReporter, type ProgressUpdate } from "../../mcp-adapter/calls/progress-reporter.ts";
import { bounded } from "../../mcp-adapter/calls/tool-result.ts";
import { nearNames } from "../../mcp-adapter/params/near-names.ts";
import { LineStream } from "../../mcp-adapter/process/line-stream.ts";
import { outline } from "../../mcp-adapter/texts/outline.ts";
import { treeText } from "../../mcp-adapter/texts/tree-text.ts";
import { engineText } from "../../mcp-adapter/texts/value-text.ts";
import { RECONNECT_MAX_MS, RECONNECT_MIN_MS } from "../../protocol/timing.ts";
import { fc } from "../support/random.ts";

describe("JSON as the engine writes it", () => {
  it("is what JSON.parse says, when no integer is too large for it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const hasLong = /\d{16}/.test(text);
        if (!hasLong) expect(parseExactly(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("gives integers that a number can't hold as text, and leaves everything else alone", () => {
    const text =
      '{"big":9223372036854775807,"low":-9223372036854775808,"safe":9007199254740991,"list":[18446744073709551615],' +
      '"float":0.1234567890123456789,"huge":1234567890123456789e3,"text":"id 9223372036854775807, \\"quoted\\" 9223372036854775807"}';
    expect(parseExactly(text)).toEqual({
      big: "9223372036854775807",
      low: "-9223372036854775808",
      safe: 9007199254740991,
      list: ["18446744073709551615"],
      float: Number("0.1234567890123456789"),
      huge: Number("1234567890123456789e3"),
      text: 'id 9223372036854775807, "quoted" 9223372036854775807',
    });
  });

  it("copes with a text of millions of characters beside such an integer", () => {
    const long = "x\\n".repeat(2_000_000);
    expect(parseExactly(`{"big":9223372036854775807,"text":"${long}"}`)).toHaveProperty("big", "9223372036854775807");
  });
});

describe("engine values", () => {
  it.each([
    [{ type: "Vector2", x: 1, y: 2.5 }, "Vector2(1, 2.5)"],
    [{ type: "Color", r: 1, g: 0.5, b: 0, a: 1 }, "Color(1, 0.5, 0, 1)"],
    [{ type: "Rect2", position: { type: "Vector2", x: 0, y: 1 }, size: { x: 10, y: 20 } }, "Rect2(0, 1, 10, 20)"],
    [{ type: "Resource", class: "Texture2D", path: "res://icon.svg" }, "res://icon.svg"],
    [{ type: "Resource", class: "RectangleShape2D", path: "" }, "<RectangleShape2D>"],
    [{ type: "Node", path: "Player" }, "Player"],
  ])("are short: %j is %s", (value, text) => {
    expect(engineText(value)).toBe(text);
  });

  it.each([
    { type: "Node", path: "A", name: "A" },
    { type: "Vector2", x: 1, y: 2, revision: 3 },
    { type: "Vector2", x: "1", y: 2 },
    { type: "Basis", x: {}, y: {}, z: {} },
    { x: 1, y: 2 },
  ])("are not taken for something else: %j", (value) => {
    expect(engineText(value)).toBeUndefined();
  });
});

describe("an outline", () => {
  it("says the same as the JSON in fewer characters", () => {
    const value = {
      path: "Player",
      revision: 7,
      properties: {
        position: { type: "Vector2", x: 1, y: 2 },
        text: "two\nlines",
        tags: ["a", "b"],
        long: "x".repeat(100),
      },
      files: [
        { path: "res://a.gd", size: 1 },
        { path: `res://${"b".repeat(90)}.gd`, size: 2 },
      ],
      rows: [
        [0, { type: "Vector2", x: 1, y: 2 }],
        [1, "y".repeat(90)],
      ],
    };
    expect(outline(value).split("\n")).toEqual([
      'path: "Player"',
      "revision: 7",
      "properties:",
      "  position: Vector2(1, 2)",
      "  text: |",
      "    two",
      "    lines",
      '  tags: ["a", "b"]',
      `  long: "${"x".repeat(100)}"`,
      "files:",
      '  - path="res://a.gd" size=1',
      `  - path="res://${"b".repeat(90)}.gd" size=2`,
      "rows:",
      "  - [0, Vector2(1, 2)]",
      `  - [1, "${"y".repeat(90)}"]`,
    ]);
  });

  it("exists for every JSON value", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => typeof outline(value) === "string"));
  });
});

describe("a scene's tree", () => {
  it("is indented text with the main facts of each node", () => {
    const sprite = { name: "Sprite", type: "Sprite2D", path: "Player/Sprite", groups: [], script: null };
    const player = {
      name: "Player",
      type: "CharacterBody2D",
      path: "Player",
      script: "res://player.gd",
      groups: ["a", "b"],
      children: [sprite],
    };
    const tree = {
      scene: "res://main.tscn",
      revision: 3,
      root: { name: "Main", type: "Node2D", path: ".", children: [player] },
    };
    expect(treeText(tree)).toBe(
      [
        "res://main.tscn (revision 3)",
        "Main: Node2D",
        '  Player: CharacterBody2D script=res://player.gd groups=["a", "b"]',
        "    Sprite: Sprite2D",
      ].join("\n"),
    );
    expect(treeText({ ...tree, truncated: true, cursor: "c1", total: 900 })).toContain(
      'cut of 900 nodes: go on with cursor "c1"',
    );
  });

  it("is nothing for a value that is no tree", () => {
    expect(treeText({ ok: true })).toBeUndefined();
  });
});

describe("a long text", () => {
  it("is cut at the end of a line, says how much is missing and how to get it", () => {
    const lines = Array.from({ length: 3_000 }, (_, line) => `line ${line}`).join("\n");
    const cut = bounded(lines, "Use limit.");
    expect(cut.length).toBeLessThan(20_200);
    expect(cut).toMatch(/\nline \d+\n\.\.\. cut: \d+ of \d+ characters\. Use limit\.$/);
    expect(bounded("short", "")).toBe("short");
    expect(bounded("x".repeat(30_000), "").length).toBeLessThan(20_200);
  });
});

describe("near names", () => {
  it("are the likely meanings of a mistyped name", () => {
    const known = ["node.add", "node.rename", "scene.open", "script.read"];
    expect(nearNames("node.renam", known, 1)).toEqual(["node.rename"]);
    expect(nearNames("NODE_ADD", known, 1)).toEqual(["node.add"]);
    expect(nearNames("zzz", known, 3)).toEqual([]);
  });
});

describe("a pipe", () => {
  it("gives whole lines, however it was cut into chunks", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", "é", "\n") })), (chunks) => {
        const lines = new LineStream();
        for (const chunk of chunks) lines.write(Buffer.from(chunk));
        const text = chunks.join("");
        const read = Buffer.concat([...chunksOf(lines)]).toString();
        expect(read).toBe(text.slice(0, text.lastIndexOf("\n") + 1));
      }),
    );
  });
});

function* chunksOf(stream: LineStream): Generator<Buffer> {
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) yield chunk;
}

describe("versions", () => {
  it.each([
    ["0.1.0", "0.2.0", true],
    ["0.9.0", "0.10.0", true],
    ["1.0.0", "1.0.0", false],
    ["1.0.1", "1.0.0", false],
    ["1.0.0-beta", "1.0.1", true],
    ["unknown", "1.0.0", false],
  ])("%s is older than %s: %s", (a, b, older) => {
    expect(isOlderVersion(a, b)).toBe(older);
  });
});

describe("delays between attempts", () => {
  it("double up to the longest, with full jitter", () => {
    const highest = new Backoff();
    const delays = Array.from({ length: 8 }, () => highest.next(() => 1));
    expect(delays.slice(0, 3)).toEqual([RECONNECT_MIN_MS, 2 * RECONNECT_MIN_MS, 4 * RECONNECT_MIN_MS]);
    expect(delays.at(-1)).toBe(RECONNECT_MAX_MS);
    expect(new Backoff().next(() => 0)).toBe(0);
  });
});

describe("progress", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("always grows, and is heard of at least every ten seconds until the call ends", () => {
    vi.useFakeTimers();
    const heard: ProgressUpdate[] = [];
    const reporter = new ProgressReporter((update) => heard.push(update));
    vi.advanceTimersByTime(10_000);
    reporter.forward({ id: "a", progress: 3, total: 10, message: "importing" });
    reporter.forward({ id: "a", progress: 3, total: 10 });
    vi.advanceTimersByTime(25_000);
    reporter.stop();
    vi.advanceTimersByTime(60_000);
    expect(heard).toHaveLength(5);
    expect(heard[1]).toEqual({ progress: 3, total: 10, message: "importing" });
    const counts = heard.map(({ progress }) => progress);
    expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
  });
});
