/** Measures the hub's cost: the same requests over one WebSocket, through a relay that reads nothing, and through the hub. */
import { HubProcess } from "../test/support/hub-process.ts";
import { Caller } from "./parts/caller.ts";
import { measure, report } from "./parts/measure.ts";
import { endAll, startPart } from "./parts/processes.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

interface Size {
  name: string;
  bytes: number;
  operations: number;
  depth: number;
}

const SIZES: readonly Size[] = [
  { name: "200 B, one at a time", bytes: 100, operations: 400, depth: 1 },
  { name: "200 B, 16 in flight", bytes: 100, operations: 2_000, depth: 16 },
  { name: "4 KB, 16 in flight", bytes: 4 * KIB, operations: 1_000, depth: 16 },
  { name: "64 KB, one at a time", bytes: 64 * KIB, operations: 150, depth: 1 },
  { name: "1 MB, one at a time", bytes: MIB, operations: 25, depth: 1 },
  { name: "8 MB, one at a time", bytes: 8 * MIB, operations: 6, depth: 1 },
];

/** Runs the benchmark and prints its figures. */
export async function hubAgainstDirect(): Promise<void> {
  // The limit on writes a minute is raised, so that none is refused.
  const hub = await HubProcess.start({ args: ["--writes-per-minute", "0"] });
  try {
    const relay = `ws://127.0.0.1:${await startPart("relay")}`;
    const targetPort = await startPart("target", [hub.url, hub.token, `${relay}/target`]);
    const direct = await Caller.connect(`ws://127.0.0.1:${targetPort}`);
    const piped = await Caller.connect(`ws://127.0.0.1:${await startPart("pipe", [String(targetPort)])}`);
    const relayed = await Caller.connect(relay);
    const through = await Caller.connect(hub.url, hub.token);
    const writing = await Caller.connect(hub.url, hub.token, undefined, "store_bytes");
    await through.untilAnswered();
    for (const { name, bytes, operations, depth } of SIZES) {
      const variants = [
        { name: "direct", run: () => direct.call(bytes) },
        { name: "through a blind TCP pipe", run: () => piped.call(bytes) },
        { name: "through a relay of frames", run: () => relayed.call(bytes) },
        { name: "through the hub", run: () => through.call(bytes) },
        { name: "through the hub, a write", run: () => writing.call(bytes) },
      ];
      report(`Answers of ${name}`, await measure(variants, { operations, turns: 7, depth }));
    }
  } finally {
    endAll();
    await hub.dispose();
  }
}
