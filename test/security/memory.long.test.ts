/** Attacks by size at their full size, on a separate hub: its memory is a flat line, at any amount. */
import { describe, expect, it } from "vitest";
import { memoryOf } from "../../bench/parts/process-figures.ts";
import { HOARDS } from "../support/hoards.ts";
import { HubProcess } from "../support/hub-process.ts";
import { openAdapter } from "../support/protocol-client.ts";

const MIB = 1024 * 1024;
/** More than all bounds of one kind and the garbage of what was refused; less than half of what the largest attack sends. */
const MOST_BYTES = 800 * MIB;

// Resident memory is read from /proc.
describe.runIf(process.platform === "linux")("the hub's memory", () => {
  it.each(Object.entries(HOARDS))("does not follow %s", { timeout: 600_000 }, async (_name, attack) => {
    const hub = await HubProcess.start({ args: ["--writes-per-minute", "0"] });
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, memoryOf(hub.pid));
    }, 20);
    try {
      const before = memoryOf(hub.pid);
      const ends = await attack(hub);
      expect(most - before).toBeLessThan(MOST_BYTES);
      const { client } = await openAdapter(hub.url, hub.token);
      expect((await client.request("hub.status")).error).toBeUndefined();
      client.terminate();
      for (const end of ends) end();
    } finally {
      clearInterval(watch);
      await hub.dispose();
    }
  });
});
