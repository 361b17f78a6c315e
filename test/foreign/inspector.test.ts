import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { HttpAdapter } from "../mcp-adapter/support/http-adapter.ts";
import { HubProcess } from "../support/hub-process.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { Inspector } from "./inspector.ts";

/** Tools whose example names something that a session makes first: the right answer is an error. */
const NOTHING_TO_GET = new Set(["job_get"]);

const listSchema = z.object({
  result: z.object({ tools: z.array(z.looseObject({ name: z.string(), description: z.string() })) }),
});
/** Has the Inspector ask an adapter. */
type Ask = (...args: string[]) => Promise<string>;
type ListedTool = { name: string; description: string };
const callSchema = z.object({
  result: z.looseObject({ content: z.array(z.looseObject({ type: z.string() })).min(1) }),
});

describe("the MCP Inspector", () => {
  let hub: HubProcess;
  let editor: StubInstance;
  let game: StubInstance;
  let inspector: Inspector;
  beforeAll(async () => {
    // Each call is a separate session: it releases its leases at once when it ends.
    hub = await HubProcess.start({ args: ["--implicit-lease-ms", "1"] });
    const epoch = "inspected";
    const executable = engineIn(hub.home);
    editor = new StubInstance({
      project: "my-game",
      epoch,
      identify: { instance: { epoch, pid: process.pid, headless: true, executable } },
    });
    await editor.connect(hub.url, hub.token);
    const parent = editor.identified.clientId;
    game = new StubInstance({ project: "my-game", identify: { clientType: "game", parent } });
    await game.connect(hub.url, hub.token);
    inspector = await Inspector.start(hub.home);
  }, 180_000);
  afterAll(async () => {
    inspector?.stop();
    for (const instance of [editor, game]) instance.client.terminate();
    await hub.dispose();
  });

  const adapterOf = (preset: string) => ["--home", hub.home, "--no-launch", "--preset", preset];
  const listed = async (preset: string) =>
    listSchema.parse(JSON.parse(await inspector.ask(adapterOf(preset), "--method", "tools/list", "--strict"))).result
      .tools;

  const call = async ({ name, description }: ListedTool, ask: Ask): Promise<void> => {
    const asked = ask("--method", "tools/call", "--tool-name", name, "--tool-args-json", exampleIn(description));
    if (NOTHING_TO_GET.has(name)) {
      await expect(asked).rejects.toThrow("tool_is_error");
      return;
    }
    const answer = await asked;
    expect(callSchema.safeParse(JSON.parse(answer)).success, `${name}: ${answer}`).toBe(true);
  };
  const callAll = async (preset: string, ask: Ask): Promise<void> => {
    const tools = await listed(preset);
    expect(tools.length).toBeGreaterThan(0);
    await Promise.all(tools.map((tool) => call(tool, ask)));
  };

  it.each(["compact", "full", "graphql"])("warns of nothing in the tools of the preset %s", async (preset) => {
    expect(await inspector.complaints(adapterOf(preset))).toBe("");
  });

  it("finds no error in the tools of the preset compact, and calls every one of them", { timeout: 200_000 }, () =>
    callAll("compact", (...args) => inspector.ask(adapterOf("compact"), ...args)),
  );

  it.each(["full", "graphql"])(
    "finds no error in the tools of the preset %s, and calls every one of them over HTTP",
    { timeout: 280_000 },
    async (preset) => {
      const adapter = await HttpAdapter.start(hub.home, ["--no-launch", "--preset", preset]);
      try {
        await callAll(preset, (...args) => inspector.askOver(adapter.url, hub.token, ...args));
      } finally {
        await adapter.stop();
      }
    },
  );

  const read = async (ask: Ask): Promise<void> => {
    expect(await ask("--method", "resources/list")).toContain("godot://instances");
    expect(await ask("--method", "resources/templates/list")).toContain("godot://{instance}/script/{+path}");
    expect(await ask("--method", "resources/read", "--uri", "godot://instances")).toContain("my-game@");
    expect(await ask("--method", "prompts/list")).toContain("build_feature");
    const prompt = await ask("--method", "prompts/get", "--prompt-name", "explain_scene");
    expect(prompt).toContain("Explain the scene that is open");
    const status = await ask("--method", "tools/call", "--tool-name", "hub_status");
    expect(status).toContain("This session");
  };

  describe.each(["legacy", "auto", "modern"])("with --protocol-era %s", (era) => {
    const inEra =
      (ask: Ask): Ask =>
      (...args) =>
        ask("--protocol-era", era, ...args);

    it("lists and reads tools, resources, templates and prompts", async () => {
      const ask = inEra((...args) => inspector.ask(adapterOf("compact"), ...args));
      expect(await ask("--method", "tools/list", "--strict")).toContain("scene_edit");
      await read(ask);
    });

    it("does so over HTTP", async () => {
      const adapter = await HttpAdapter.start(hub.home, ["--no-launch"]);
      try {
        const ask = inEra((...args) => inspector.askOver(adapter.url, hub.token, ...args));
        expect(await ask("--method", "tools/list", "--strict")).toContain("scene_edit");
        await read(ask);
      } finally {
        await adapter.stop();
      }
    });
  });
});

/** The call that a tool's description shows. */
function exampleIn(description: string): string {
  return /Example: (\{.*\})$/s.exec(description)?.[1] ?? "{}";
}

/** Stands in for an engine that writes down its class reference. */
function engineIn(folder: string): string {
  const path = join(folder, "engine");
  const dump = { classes: [{ name: "Area2D", signals: [{ name: "body_entered", description: "A body enters." }] }] };
  writeFileSync(join(folder, "dump.json"), JSON.stringify(dump));
  writeFileSync(path, `#!/bin/sh\ncp "${folder}/dump.json" extension_api.json\n`);
  chmodSync(path, 0o755);
  return path;
}
