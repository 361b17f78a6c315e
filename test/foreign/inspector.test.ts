import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { HubProcess } from "../support/hub-process.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { Inspector } from "./inspector.ts";

const PRESETS = ["compact", "full", "graphql"] as const;
/** The preset full has a tool for each command: a call of each one takes minutes. */
const IS_LONG = process.env.MODE === "long";
/** Calls at the same time: each is two processes. */
const AT_ONCE = 2;

/** Tools whose example names something that a session makes first: the right answer is an error. */
const NOTHING_TO_GET = new Set(["job_get"]);

const listSchema = z.object({
  result: z.object({ tools: z.array(z.looseObject({ name: z.string(), description: z.string() })) }),
});
const callSchema = z.object({
  result: z.looseObject({ content: z.array(z.looseObject({ type: z.string() })).min(1) }),
});

describe("the MCP Inspector", () => {
  let hub: HubProcess;
  let editor: StubInstance;
  let game: StubInstance;
  let inspector: Inspector;
  beforeAll(async () => {
    hub = await HubProcess.start();
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
    inspector = await Inspector.fetch(hub.home);
  }, 180_000);
  afterAll(async () => {
    for (const instance of [editor, game]) instance.client.terminate();
    await hub.dispose();
  });

  const adapterOf = (preset: string) => ["--home", hub.home, "--no-launch", "--preset", preset];
  const listed = async (preset: string) =>
    listSchema.parse(JSON.parse(await inspector.ask(adapterOf(preset), "--method", "tools/list", "--strict"))).result
      .tools;

  it.each(PRESETS)(
    "finds no error in the tools of the preset %s, and calls them",
    async (preset) => {
      const tools = await listed(preset);
      const called = preset === "full" && !IS_LONG ? oneOfEachGroup(tools) : tools;
      const left = called.map(({ name, description }) => ({ name, example: exampleIn(description) }));
      const call = async (): Promise<void> => {
        for (let tool = left.pop(); tool; tool = left.pop()) {
          const args = ["--tool-name", tool.name, "--tool-args-json", tool.example];
          const asked = inspector.ask(adapterOf(preset), "--method", "tools/call", ...args);
          if (NOTHING_TO_GET.has(tool.name)) {
            await expect(asked).rejects.toThrow("tool_is_error");
            continue;
          }
          const answer = await asked;
          expect(callSchema.safeParse(JSON.parse(answer)).success, `${tool.name}: ${answer}`).toBe(true);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, call));
    },
    300_000,
  );

  it("lists and reads resources, templates and prompts", async () => {
    const ask = (...args: string[]) => inspector.ask(adapterOf("compact"), "--method", ...args);
    expect(await ask("resources/list")).toContain("godot://instances");
    expect(await ask("resources/templates/list")).toContain("godot://{instance}/script/{+path}");
    expect(await ask("resources/read", "--uri", "godot://instances")).toContain("my-game@");
    expect(await ask("prompts/list")).toContain("build_feature");
    expect(await ask("prompts/get", "--prompt-name", "explain_scene")).toContain("Explain the scene that is open");
  });
});

/** The first tool of each group of commands, and everything that is no command. */
function oneOfEachGroup<T extends { name: string }>(tools: readonly T[]): T[] {
  const groupOf = ({ name }: T) => name.slice(0, name.indexOf("_"));
  return tools.filter((tool, at) => tools.findIndex((other) => groupOf(other) === groupOf(tool)) === at);
}

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
