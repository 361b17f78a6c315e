/** Four AI clients that write to one scene of a real editor without a pause: each has its turn, nothing is lost or refused. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { type Agent, Studio } from "../support/studio.ts";

const AGENTS = 4;
const ROUNDS = 3;
const SCENE = "res://game/level.tscn";

let studio: Studio;
let agents: Agent[];

beforeAll(async () => {
  studio = await Studio.open();
  await studio.editors(["shared"]);
  agents = await Promise.all(Array.from({ length: AGENTS }, (_, index) => studio.agent(`writer-${index}`)));
});
afterAll(() => studio.dispose());

const writtenSchema = z.looseObject({ revision: z.number() });

it("each have one turn in four, in the order of the scene's revisions", async () => {
  const written: { revision: number; writer: number }[] = [];
  /** Whose turn it was: the writes of one agent in a row. */
  const turns = () => {
    const writers = written.toSorted((one, other) => one.revision - other.revision).map(({ writer }) => writer);
    return writers.filter((writer, index) => writer !== writers[index - 1]);
  };
  const shares = () => agents.map((_, writer) => turns().filter((each) => each === writer).length);
  const isOver = () => shares().every((share) => share >= ROUNDS);
  const writeOn = async (agent: Agent, writer: number) => {
    for (let x = 0; !isOver(); x += 1) {
      const params = { scene: SCENE, path: ".", properties: { editor_description: `${writer} ${x}` } };
      const { revision } = writtenSchema.parse(await agent.run("node.set_properties", params));
      written.push({ revision, writer });
    }
  };
  await Promise.all(agents.map(writeOn));
  expect(Math.max(...shares())).toBeLessThanOrEqual(2 * Math.min(...shares()));
  const revisions = written.map(({ revision }) => revision);
  expect(new Set(revisions).size).toBe(revisions.length);
});
