/** Commands that may take long: what they hold up, and for how long. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { LocalHub } from "../support/local-hub.ts";

let hub: LocalHub;
beforeEach(async () => {
  hub = await LocalHub.start({ implicitLeaseMs: 200 });
});
afterEach(() => hub.dispose());

it("the lease of a long write lapses soon after its answer, not when its deadline would have come", async () => {
  await hub.editor();
  const [one, two] = [await hub.adapter(), await hub.adapter()];
  const run = { resources: ["run"], deadlineMs: 300_000 };
  expect((await one.request("run.play", {}, run)).error).toBeUndefined();
  expect((await two.request("run.stop", {}, run)).error).toBeUndefined();
});

it("nor does a lease from before last longer when a long write is refused", async () => {
  await hub.editor({ handlers: { "run.stop": () => ({}) } });
  const [one, two] = [await hub.adapter(), await hub.adapter()];
  const run = { resources: ["run"], deadlineMs: 300_000 };
  expect((await one.request("run.stop", {}, run)).error).toBeUndefined();
  expect((await one.request("run.play", {}, run)).error).toBeDefined();
  expect((await two.request("run.stop", {}, run)).error).toBeUndefined();
});
