/** Measuring over a while, and comparing before with after. The editor carries these out, for its games too: so a snapshot outlives its game. */
import { z } from "zod";
import { readCommand } from "./define.ts";

const statistics = z.object({ min: z.number(), median: z.number(), p95: z.number(), max: z.number() });

/** A snapshot without its numbers. */
const introduction = z.looseObject({
  snapshot: z.string(),
  of: z.enum(["game", "editor"]),
  label: z.string().optional(),
  game: z.number().int().optional(),
  scene: z.string().optional(),
  durationMs: z.number().int(),
  frames: z.number().int(),
});

/** A monitor that has changed by more than the tolerance; `percent` is null where there was nothing before. */
const change = z.object({
  monitor: z.string(),
  statistic: z.enum(["median", "p95"]),
  before: z.number(),
  after: z.number(),
  percent: z.number().nullable(),
});

const snapshotId = z.string().min(1).max(20).describe("Id of a snapshot: the editor keeps the last 20 while it runs.");

export const profilerCommands = [
  readCommand("profiler.snapshot", {
    description:
      "Measures the running game, or the editor, for a while: least, median, 95th percentile and most of frame time, memory, nodes, draw calls and the project's own monitors.",
    keywords: "profile performance slow bottleneck frame time script functions profiler why lag where spent",
    params: {
      of: z.enum(["game", "editor"]).optional().describe("Default: game."),
      game: z.number().int().min(1).optional().describe("Number of the game. Default: the newest that runs."),
      ms: z.number().int().min(100).max(60_000).optional().describe("How long. Default 2,000."),
      label: z.string().max(200).optional().describe("What it shows, for the comparison."),
    },
    result: introduction.extend({ monitors: z.record(z.string(), statistics) }),
    long: true,
  }),
  readCommand("profiler.compare", {
    description: "Compares two snapshots, such as before and after a change: what got worse, what better, by how much.",
    keywords: "before after regression faster slower",
    params: {
      before: snapshotId,
      after: snapshotId,
      tolerance: z.number().min(0).max(1_000).optional().describe("Percent that count as no change. Default 10."),
    },
    result: z.looseObject({
      before: introduction,
      after: introduction,
      worse: z.array(change),
      better: z.array(change),
      unchanged: z.number().int(),
      unmatched: z.array(z.string()),
    }),
  }),
] as const;
