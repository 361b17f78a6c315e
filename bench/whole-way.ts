/** A command the whole way: an AI client's call through its adapter and the hub, to a stub and to a real headless editor. */
import { getGodot } from "../scripts/get-godot.mjs";
import { type Agent, Studio } from "../test/support/studio.ts";
import { until } from "../test/support/wait.ts";
import { Caller } from "./parts/caller.ts";
import { measure, report } from "./parts/measure.ts";
import { endAll, startPart } from "./parts/processes.ts";

/** What an editor answers at best, one at a time, while it sleeps its own 6.9 ms each frame: the p50 of the fastest peer. */
const BEST_PEER_MS = 6.9;
/** What the fastest peer answers with reads in flight together, a second. */
const BEST_PEER_RATE = 2_980;

/** Runs the benchmark and prints its figures. */
export async function wholeWay(): Promise<void> {
  process.env.GODOT = await getGodot();
  const studio = await Studio.open();
  try {
    const targetPort = await startPart("target", [studio.hub.url, studio.hub.token]);
    await studio.editors(["bench-editor"]);
    const direct = await Caller.connect(`ws://127.0.0.1:${targetPort}`);
    const through = await Caller.connect(studio.hub.url, studio.hub.token, "bench");
    const agent = await studio.agent("bench-agent");
    await until(() => through.call(1).then(() => true), { what: "the target" });
    await compare(direct, through, agent);
    await editor(agent);
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
    { name: "adapter, hub, real editor", run: read("bench-editor", "run.status") },
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
    return agent.run("node.set_properties", params, "bench-editor");
  };
  const variants = [
    { name: "read", run: () => agent.run("run.status", {}, "bench-editor") },
    { name: "undoable write", run: write },
  ];
  const measured = await measure(variants, { operations: 100, turns: 5 });
  report("A real editor through adapter and hub, one at a time", measured);
  for (const { name, p50 } of measured) {
    console.log(
      `  ${name}: ${(p50 / BEST_PEER_MS).toFixed(2)} of the best peer's ${BEST_PEER_MS} ms (goal: 0.20 or less)`,
    );
  }
  const [pipelined] = await measure(variants.slice(0, 1), { operations: 2_000, turns: 3, depth: 64 });
  const rate = pipelined?.rate ?? 0;
  console.log(
    `  reads in flight together: ${rate.toFixed(0)}/s, ${(rate / BEST_PEER_RATE).toFixed(1)} of the best peer's (goal: 2 or more)`,
  );
}
