/** Measures the hub's memory under attacks that make it keep as much as possible: a flat line at any amount. */
import { HOARDS } from "../test/support/hoards.ts";
import { HubProcess } from "../test/support/hub-process.ts";
import { memoryOf } from "./parts/process-figures.ts";

const MIB = 1024 * 1024;

/** Runs the benchmark and prints its figures; memory is read from /proc, so on Linux only. */
export async function memory(): Promise<void> {
  for (const [name, attack] of Object.entries(HOARDS)) {
    const hub = await HubProcess.start({ args: ["--writes-per-minute", "0"] });
    try {
      const before = memoryOf(hub.pid);
      let most = before;
      const watch = setInterval(() => {
        most = Math.max(most, memoryOf(hub.pid));
      }, 20);
      const figures: string[] = [];
      for (let wave = 0; wave < 2; wave += 1) {
        most = before;
        const ends = await attack(hub);
        figures.push(`+${((most - before) / MIB).toFixed(0)} MiB`);
        for (const end of ends) end();
      }
      clearInterval(watch);
      console.log(`  ${name.padEnd(40)} at most ${figures.join(", again ")}`);
    } finally {
      await hub.dispose();
    }
  }
}
