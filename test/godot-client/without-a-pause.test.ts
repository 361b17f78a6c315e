/** Commands of several agents without a pause between them: each is done once the engine is through with the one before. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isLong } from "../support/length.ts";
import { seeded } from "../support/random.ts";
import { RestlessAgent } from "./restless-agent.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const COMMANDS = isLong ? 10_000 : 210;
const AGENTS = ["ann", "ben", "cleo"];
/** Commands of one agent that wait or run at the same time. */
const WINDOW = 6;
const PLAYS = isLong ? 20 : 2;

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench?.dispose());

/** The names of the nodes below the root, as a scene's file has them. */
function nodesIn(path: string): string[] {
  return [...bench.editor.read(path).matchAll(/^\[node name="(\w+)" .*parent="\."/gm)].map(([, name = ""]) => name);
}

it(`what ${COMMANDS} commands of three agents have done is on disk`, {
  timeout: 3_600_000,
}, async () => {
  const random = seeded();
  const agents = AGENTS.map((name) => new RestlessAgent(bench.hub, bench.editor, name, seeded(random() * 2 ** 32)));
  const player = new RestlessAgent(bench.hub, bench.editor, "player", random);
  const plays = async (): Promise<void> => {
    for (let play = 0; play < PLAYS; play += 1) await player.play();
  };
  await Promise.all([...agents.map((agent) => agent.work(COMMANDS / AGENTS.length, WINDOW)), plays()]);
  await bench.call("scene.save_all", {}, { deadlineMs: 120_000 });

  expect(bench.editor.isRunning).toBe(true);
  for (const agent of agents) {
    for (const [path, text] of agent.files) {
      expect(existsSync(join(bench.editor.project, path)), path).toBe(true);
      if (text) expect(bench.editor.read(path), path).toBe(text);
      if (path.endsWith(".svg")) expect(bench.editor.read(`${path}.import`), path).toContain(".ctex");
    }
    const scenes = [...agent.scenes.map(({ path, nodes }) => [path, nodes] as const), ...agent.closed];
    for (const [path, nodes] of scenes) expect(nodesIn(path).sort(), path).toEqual([...nodes].sort());
    console.info(Object.fromEntries(agent.counts));
  }
  expect(bench.editor.complaints).toEqual([]);
});
