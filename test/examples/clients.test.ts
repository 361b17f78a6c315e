/** The clients in examples/ are run as a reader would, against a real hub. */
import { execFile, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installWhenMissing } from "../support/debian.ts";
import { HubProcess } from "../support/hub-process.ts";
import { StubInstance } from "../support/stub-instance.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples/clients/", import.meta.url));
/** The system's own: another one has not the system's packages. */
const PYTHON = "/usr/bin/python3";
const TREE = { scene: "res://main.tscn", root: { name: "Main", type: "Node2D" } };

let hub: HubProcess;
let editor: StubInstance;

beforeAll(async () => {
  const hasWebsockets = () => spawnSync(PYTHON, ["-c", "import websockets"]).status === 0;
  installWhenMissing(["python3", "python3-websockets"], hasWebsockets, "Tests of the Python client");
  hub = await HubProcess.start();
  editor = new StubInstance({ project: "game", handlers: { "scene.get_tree": () => TREE } });
  await editor.connect(hub.url, hub.token);
});
afterAll(async () => {
  editor.client.terminate();
  await hub.dispose();
});

describe.each([
  ["scene_tree.ts", process.execPath, ["--import", "tsx"]],
  ["scene_tree.py", PYTHON, []],
])("%s", (file, program, options) => {
  const run = (home: string, ...args: string[]) =>
    new Promise<{ code: unknown; output: string }>((resolve) => {
      const env = { ...process.env, GODOT_HUB_HOME: home };
      const all = [...options, join(EXAMPLES, file), ...args];
      execFile(program, all, { env }, (error, out, err) => resolve({ code: error?.code ?? 0, output: out || err }));
    });

  it("prints what an editor answers", async () => {
    const { code, output } = await run(hub.home);
    expect(JSON.parse(output)).toEqual(TREE);
    expect(code).toBe(0);
    expect(JSON.parse((await run(hub.home, "game")).output)).toEqual(TREE);
  });

  it("prints the error, and fails, when there is no such editor", async () => {
    const { code, output } = await run(hub.home, "nowhere");
    expect(JSON.parse(output)).toMatchObject({ data: { kind: "TARGET_NOT_FOUND" } });
    expect(code).toBe(1);
  });

  it("says nothing to a hub that can't prove itself", async () => {
    const other = await HubProcess.start();
    try {
      const found = readFileSync(join(hub.home, "hub.json"), "utf8");
      writeFileSync(join(other.home, "hub.json"), found.replace(hub.url, other.url));
      const { code, output } = await run(other.home);
      expect(code).not.toBe(0);
      expect(output).not.toContain("Main");
    } finally {
      await other.dispose();
    }
  });
});
