/** Runs the benchmarks one after another, or those named on the command line, and prints ratios measured side by side. */
import { cpus } from "node:os";
import { adapterStart } from "./adapter-start.ts";
import { answerTokens } from "./answer-tokens.ts";
import { commandSearch } from "./command-search.ts";
import { dashboard } from "./dashboard.ts";
import { fairness } from "./fairness.ts";
import { hostile } from "./hostile.ts";
import { hubAgainstDirect } from "./hub-against-direct.ts";
import { manyClients } from "./many-clients.ts";
import { manyLanes } from "./many-lanes.ts";
import { memory } from "./memory.ts";
import { recovery } from "./recovery.ts";
import { stalledConsumer } from "./stalled-consumer.ts";
import { tokens } from "./tokens.ts";
import { validateProject } from "./validate-project.ts";
import { wholeWay } from "./whole-way.ts";
import { worstFrame } from "./worst-frame.ts";
import { writingTurns } from "./writing-turns.ts";

const BENCHMARKS: Record<string, () => Promise<void>> = {
  "hub-against-direct": hubAgainstDirect,
  "whole-way": wholeWay,
  "many-lanes": manyLanes,
  fairness,
  "writing-turns": writingTurns,
  hostile,
  memory,
  "stalled-consumer": stalledConsumer,
  "many-clients": manyClients,
  recovery,
  "adapter-start": adapterStart,
  tokens,
  "answer-tokens": answerTokens,
  "command-search": commandSearch,
  "worst-frame": worstFrame,
  "validate-project": validateProject,
  dashboard,
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown !== undefined) {
  console.error(`Unknown benchmark '${unknown}'. There are: ${Object.keys(BENCHMARKS).join(", ")}.`);
  process.exit(2);
}
console.log(
  `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; ratios are to the first line of each table`,
);
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n# ${name}`);
  await run();
}
process.exit(0);
