/** The end of a random history: everybody is back and every request has its answer. */
import { expect } from "vitest";
import type { HubModel } from "./hub-model.ts";
import type { HubWorld } from "./hub-world.ts";
import { cancel, endCommand, returnAdapter, returnEditor, type Step } from "./steps.ts";

/** Lets everything come to its end: all come back, every command ends, and what still waits is taken back. */
export async function finish(model: HubModel, world: HubWorld): Promise<void> {
  const perform = async (one: Step) => {
    if (one.check(model)) await one.run(model, world);
  };
  const slots = [0, 1, 2];
  for (const slot of slots) await perform(returnAdapter(slot));
  for (const slot of slots) await perform(returnEditor(slot));
  const isWorking = (slot: number) => model.editors[slot] !== undefined && world.editor(slot).isWorking;
  for (let busy = slots.filter(isWorking); busy.length > 0; busy = slots.filter(isWorking)) {
    for (const slot of busy) await perform(endCommand(slot));
  }
  for (const slot of slots) while (model.unanswered(slot).length > 0) await perform(cancel(slot, 0));
  expect((await world.observer.status()).counters.pending).toBe(0);
}
