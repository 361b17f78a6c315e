/** Measures a command end to end: an AI client's call through its adapter and the hub, to a stub and to a real headless editor. */
import { getGodot } from "../scripts/get-godot.mjs";
import { type Agent, Studio } from "../test/support/studio.ts";
import { until } from "../test/support/wait.ts";
import { Caller } from "./parts/caller.ts";
import { measure, quantile, report } from "./parts/measure.ts";
import { endAll, startPart } from "./parts/processes.ts";

/** The best time of an editor that sleeps 6.9 ms each frame, one call at a time: the p50 of the fastest peer. */
const BEST_PEER_MS = 6.9;
/** The fastest peer's answers a second with parallel reads. */
const BEST_PEER_RATE = 2_980;

const EDITOR = "bench-editor";
/** Adapters that ask together. */
const ADAPTERS = 4;
/** Nodes that one scene is given. */
const NODES = 400;

/** Runs the benchmark and prints its figures. */
export async function wholeWay(): Promise<void> {
  process.env.GODOT = await getGodot();
  const studio = await Studio.open({ args: ["--writes-per-minute", "0"] });
  try {
    const targetPort = await startPart("target", [studio.hub.url, studio.hub.token]);
    await studio.editors([EDITOR]);
    const direct = await Caller.connect(`ws://127.0.0.1:${targetPort}`);
    const through = await Caller.connect(studio.hub.url, studio.hub.token, "bench");
    const agent = await studio.agent("bench-agent");
    await until(() => through.call(1).then(() => true), { what: "the target" });
    await compare(direct, through, agent);
    await editor(agent);
    await together(studio, agent);
    await growing(agent);
  } finally {
    endAll();
    await studio.dispose();
  }
}

async function compare(direct: Caller, through: Caller, agent: Agent): Promise<void> {
  const read = (target: string, command: string) => () =>
    agent.mcp.client.callTool({ name: "command_run", arguments: { command, target } });
  const variants = [
    { name: "direct to a stub", run: () => direct.call(100) },
    { name: "hub, stub", run: () => through.call(100) },
    { name: "adapter, hub, stub", run: read("bench", "run.status") },
    { name: "adapter, hub, real editor", run: read(EDITOR, "run.status") },
  ];
  report("A read, one at a time", await measure(variants, { operations: 150, turns: 5 }));
  report("Reads, 16 in flight", await measure(variants, { operations: 800, turns: 5, depth: 16 }));
}

/** Reads and writes of a real editor against the best peer's figures, which were measured on a machine of this kind. */
async function editor(agent: Agent): Promise<void> {
  let count = 0;
  const write = () => {
    count += 1;
    const params = { path: "Player", properties: { position: { type: "Vector2", x: count, y: 0 } } };
    return agent.run("node.set_properties", params, EDITOR);
  };
  const variants = [
    { name: "read", run: () => agent.run("run.status", {}, EDITOR) },
    { name: "undoable write", run: write },
  ];
  const measured = await measure(variants, { operations: 100, turns: 5 });
  report("A real editor through adapter and hub, one at a time", measured);
  for (const { name, p50 } of measured) {
    console.log(
      `  ${name}: ${(p50 / BEST_PEER_MS).toFixed(2)} of the best peer's ${BEST_PEER_MS} ms (goal: 0.20 or less)`,
    );
  }
}

/** Reads of one editor in flight together, through one adapter and through several, as several agents have. */
async function together(studio: Studio, agent: Agent): Promise<void> {
  const agents = [agent];
  while (agents.length < ADAPTERS) agents.push(await studio.agent(`bench-agent-${agents.length}`));
  let turn = 0;
  const by = (asker: Agent | undefined) =>
    asker?.run("run.status", {}, EDITOR) ?? Promise.reject(new Error("no agent"));
  const variants = [
    { name: "through one adapter", run: () => by(agent) },
    { name: `through ${ADAPTERS} adapters`, run: () => by(agents[turn++ % ADAPTERS]) },
  ];
  const measured = await measure(variants, { operations: 2_000, turns: 3, depth: 64 });
  report("Reads of a real editor, 64 in flight", measured);
  for (const { name, rate } of measured) {
    console.log(
      `  ${name}: ${(rate / BEST_PEER_RATE).toFixed(1)} of the best peer's ${BEST_PEER_RATE}/s (goal: 2 or more)`,
    );
  }
}

/** Adds nodes one after another to one scene: the editor's redraw grows with each. */
async function growing(agent: Agent): Promise<void> {
  await agent.run("scene.create", { path: "res://growing.tscn", rootType: "Node2D" }, EDITOR);
  const times: number[] = [];
  for (let count = 0; count < NODES; count += 1) {
    const before = performance.now();
    await agent.run("node.add", { parent: ".", type: "Node2D", name: `Node${count}` }, EDITOR);
    times.push(performance.now() - before);
  }
  const span = NODES / 4;
  const parts = [times.slice(0, span), times.slice(-span)].map((part) => {
    const mean = part.reduce((sum, ms) => sum + ms, 0) / part.length;
    return `median ${quantile(
      part.toSorted((a, b) => a - b),
      0.5,
    ).toFixed(2)} ms, mean ${mean.toFixed(2)} ms`;
  });
  console.log(`\n${NODES} nodes added one after another: the first ${span} ${parts[0]}; the last ${span} ${parts[1]}`);
}
