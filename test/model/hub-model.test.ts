/** Random histories of editors, adapters and requests: after each step the real hub is what the model says. */

import { describe, it } from "vitest";
import { isLong } from "../support/length.ts";
import { fc } from "../support/random.ts";
import { finish } from "./finish.ts";
import { HubModel } from "./hub-model.ts";
import { HubWorld } from "./hub-world.ts";
import { STEPS } from "./steps.ts";

const HISTORIES = isLong ? 2_000 : 80;
const MAX_STEPS = isLong ? 100 : 60;

describe("a hub", () => {
  it(
    `follows the model through ${HISTORIES} random histories`,
    async () => {
      const history = fc.commands(STEPS, { maxCommands: MAX_STEPS, size: "max" });
      const follows = async (steps: Iterable<fc.AsyncCommand<HubModel, HubWorld>>) => {
        const model = new HubModel();
        const world = await HubWorld.start();
        try {
          await fc.asyncModelRun(() => ({ model, real: world }), steps);
          await finish(model, world);
        } finally {
          await world.dispose();
        }
      };
      await fc.assert(fc.asyncProperty(history, follows), { numRuns: HISTORIES, endOnFailure: false });
    },
    HISTORIES * 10_000 + 120_000,
  );
});
