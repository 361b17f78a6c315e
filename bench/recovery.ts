/** Measures the recovery of fifty adapters and five editors after the hub's sudden death. */
import { getGodot } from "../scripts/get-godot.mjs";
import { Studio } from "../test/support/studio.ts";

const ADAPTERS = 50;
const EDITORS = 5;
const ROUNDS = 3;

/** Runs the benchmark and prints its figures. */
export async function recovery(): Promise<void> {
  process.env.GODOT = await getGodot();
  const studio = await Studio.open();
  try {
    const names = Array.from({ length: EDITORS }, (_, n) => `editor-${n}`);
    await studio.editors(names);
    const agents = await Promise.all(Array.from({ length: ADAPTERS }, (_, n) => studio.agent(`agent-${n}`)));
    const callAll = () => Promise.all(agents.map((agent, n) => agent.run("run.status", {}, names[n % EDITORS])));
    await callAll();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const calls = callAll();
      await studio.hub.kill();
      await studio.hub.restart();
      const listening = performance.now();
      await calls;
      await callAll();
      console.log(
        `  round ${round}: ${(performance.now() - listening).toFixed(0)} ms after hub.json until ${ADAPTERS} adapters and ${EDITORS} editors had answered (goal: 2,000 or less)`,
      );
    }
  } finally {
    await studio.dispose();
  }
}
