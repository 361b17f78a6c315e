import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HubProcess } from "../support/hub-process.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { deferred } from "../support/wait.ts";
import { CLIENTS, RUN_MS, runScript } from "./scripted-client.ts";

const EDGE = 64;
const PICTURE = { view: "window", width: EDGE, height: EDGE, sourceWidth: EDGE, sourceHeight: EDGE };
const PROPERTIES = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`property_${at}`, "x".repeat(20)]));
const NODE = { scene: "res://main.tscn", revision: 1, path: "Player", type: "Node2D", properties: PROPERTIES };

/** A picture that is not one colour. */
function picture(): string {
  const png = new PNG({ width: EDGE, height: EDGE });
  for (let at = 0; at < png.data.length; at += 1) png.data[at] = at % 4 === 3 ? 255 : (at * 7) % 256;
  return PNG.sync.write(png).toString("base64");
}

describe("the model behind a real AI client", () => {
  let home: string;
  let hub: HubProcess;
  let editor: StubInstance;
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "godot-seen-home-"));
    hub = await HubProcess.start({ home: join(home, ".godot-hub") });
    editor = new StubInstance({
      project: "seen-game",
      handlers: {
        "node.get_properties": () => NODE,
        "editor.screenshot": () => ({ ...PICTURE, mimeType: "image/png", data: picture() }),
        "project.list_input_actions": () => ({ actions: [] }),
        "script.read": () => ({ path: "res://a.gd", hash: "1", lines: 1, source: "extends Node2D\n" }),
        "script.edit": () => ({ path: "res://a.gd", hash: "2", lines: 1, errors: [] }),
        "run.play": () => deferred().promise,
      },
    });
  });
  afterEach(async () => {
    editor.client.terminate();
    await hub.dispose();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it.each(CLIENTS)("sees what was written for it, by way of $client", { timeout: RUN_MS }, async (each) => {
    const { model, printed } = await runScript(each, home, [
      { name: "hub_status", args: {} },
      { name: "hub_status", args: {}, before: () => editor.connect(hub.url, hub.token) },
      { name: "node_inspect", args: { path: "Player", includeDefaults: true } },
      { name: "command_read", args: { command: "project.list_input_actions" } },
      { name: "script_write", args: { path: "res://a.gd", source: "extends Node\n" } },
      { name: "screenshot", args: {} },
      { name: "game_run", args: {} },
    ]);
    expect(model.results, printed).toHaveLength(7);
    const [without, status, long, read, written, screenshot, job] = model.results.map(({ text }) => text);
    expect(without).toContain("`godot-hub install <project>`");
    expect(status).toContain("This session: ");
    expect(long).toMatch(/cut: \d+ of \d+ characters\. Narrow it with path or names\..*\n\[seen-game@\w+\]/);
    // No person can be asked: reads, and changes that can be undone, have to pass all the same.
    expect(read).toContain("actions: []");
    expect(written).toContain("Changed res://a.gd");
    expect(screenshot).toContain("Picture of the editor's window");
    expect(model.results.map(({ pictures }) => pictures)).toEqual([0, 0, 0, 0, 0, 1, 0]);
    expect(job).toContain('its answer will be that of command_read {"command":"job.get","params":{"job":"job-1"}}');
  });

  // These two say that they ask their users, and here is none.
  it.each(CLIENTS.filter(({ client }) => ["claude", "codex"].includes(client)))(
    "sees the connected editors if no person can be asked for one, by way of $client",
    { timeout: RUN_MS },
    async (each) => {
      const other = new StubInstance({ project: "other-game" });
      await Promise.all([editor.connect(hub.url, hub.token), other.connect(hub.url, hub.token)]);
      const { model, printed } = await runScript(each, home, [{ name: "scene_tree", args: {} }]);
      expect(model.results, printed).toHaveLength(1);
      expect(model.results[0]?.text).toMatch(/TARGET_AMBIGUOUS.*(seen|other)-game@.*(seen|other)-game@/);
      other.client.terminate();
    },
  );
});
