import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { plainText } from "../../../mcp-adapter/engine-docs/doc-entries.ts";
import { classReference } from "../../../mcp-adapter/engine-docs/reference-store.ts";

const DUMP = {
  classes: [
    {
      name: "Node",
      brief_description: "Base class.",
      methods: [
        { name: "add_child", description: "Adds a child.", arguments: [{ name: "node", type: "Node" }] },
        { name: "get_name" },
      ],
      signals: [{ name: "ready", description: "Emitted when ready." }],
      enums: [{ name: "Mode", values: [{ name: "MODE_ON", value: 1, description: "On." }] }],
    },
    {
      name: "Sprite2D",
      inherits: "Node",
      properties: [{ name: "texture", type: "Texture2D", description: "What it shows." }],
    },
  ],
  utility_functions: [
    { name: "sin", return_type: "float", description: "Sine.", arguments: [{ name: "x", type: "float" }] },
  ],
};

describe("the class reference", () => {
  let home: string;
  let engine: { version: string; executable: string };
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "godot-docs-"));
    // An "engine" that writes its dump where it stands, and counts how often it did.
    engine = { version: "4.6.3", executable: join(home, "engine") };
    writeFileSync(join(home, "dump.json"), JSON.stringify(DUMP));
    writeFileSync(
      engine.executable,
      `#!/bin/sh\necho run >> "${home}/runs"\ncp "${home}/dump.json" extension_api.json\n`,
    );
    chmodSync(engine.executable, 0o755);
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("finds members by words, in spite of typing errors", async () => {
    const reference = await classReference(home, engine);
    expect(reference.search("sprit2d textur", 1)).toMatchObject([
      { name: "Sprite2D.texture", kind: "property", signature: "texture: Texture2D" },
    ]);
    expect(reference.search("add child", 1)[0]?.signature).toBe("add_child(node: Node) -> void");
    expect(reference.search("sine", 1)[0]?.name).toBe("sin");
    // Two letters that changed places.
    expect(reference.search("txeture", 1)[0]?.name).toBe("Sprite2D.texture");
    expect(reference.search("zzzzzz", 5)).toEqual([]);
  });

  it("looks entries up, by a class that inherits them too, whatever their case", async () => {
    const reference = await classReference(home, engine);
    expect(reference.find("sprite2d.ready")?.name).toBe("Node.ready");
    expect(reference.find("Node.MODE_ON")?.signature).toBe("MODE_ON = 1");
    expect(reference.find("Node.get_name")).toBeUndefined();
    expect(reference.find("Nothing.at_all")).toBeUndefined();
    expect(reference.membersOf("Node").map(({ kind }) => kind)).toEqual(["method", "signal", "constant"]);
  });

  it("is made once, kept on disk, and there without an editor afterwards", async () => {
    const made = await Promise.all([classReference(home, engine), classReference(home, engine)]);
    expect(made[0]).toBe(made[1]);
    const [file = ""] = readdirSync(join(home, "docs"));
    expect(file).toMatch(/^4\.6\.3-[0-9a-f]{8}-1\.json$/);
    const kept = await classReference(home, undefined);
    expect(kept.find("Sprite2D")?.signature).toBe("Node");
  });

  it("is made anew for another build, and for a file that can't be read", async () => {
    await classReference(home, engine);
    writeFileSync(join(home, "dump.json"), JSON.stringify({ classes: [{ name: "Other" }] }));
    writeFileSync(engine.executable, `#!/bin/sh\ncp "${home}/dump.json" extension_api.json # new\n`);
    expect((await classReference(home, engine)).find("Other")).toBeDefined();
    expect(readdirSync(join(home, "docs"))).toHaveLength(2);
  });

  it("names the missing engine", async () => {
    await expect(classReference(home, undefined)).rejects.toMatchObject({ kind: "NOT_FOUND" });
    const elsewhere = { version: "4.6.3", executable: join(home, "not-here") };
    await expect(classReference(home, elsewhere)).rejects.toThrow(/can't be started here/);
    writeFileSync(engine.executable, "#!/bin/sh\nexit 1\n");
    await expect(classReference(home, engine)).rejects.toMatchObject({ kind: "INTERNAL_ERROR" });
  });
});

describe("the reference's markup", () => {
  it.each([
    ["Called each [b]frame[/b] by [Node].", "Called each frame by Node."],
    [
      "See [method Node.add_child], [member Engine.time_scale] and [param delta].",
      "See Node.add_child, Engine.time_scale and delta.",
    ],
    ["[url=https://example.org/a]Docs[/url]", "Docs (https://example.org/a)"],
    ["[codeblocks]\n[gdscript]\nvar a = [1]\n[/gdscript]\n[csharp]\nvar a;\n[/csharp]\n[/codeblocks]", "var a = [1]"],
  ])("%s", (markup, text) => {
    expect(plainText(markup)).toBe(text);
  });
});
