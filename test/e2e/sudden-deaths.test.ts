import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GodotEditor } from "../support/godot-editor.ts";
import { type Agent, kindOf, Studio } from "../support/studio.ts";
import { until } from "../support/wait.ts";

describe("the sudden death of one process harms none of the others", () => {
  let studio: Studio;
  let alpha: GodotEditor;
  let beta: GodotEditor;
  let agents: Agent[];

  beforeAll(async () => {
    studio = await Studio.open();
    [alpha, beta] = (await studio.editors(["alpha", "beta"])) as [GodotEditor, GodotEditor];
    agents = await Promise.all([studio.agent("one"), studio.agent("two")]);
  });
  afterAll(() => studio.dispose());

  /** Nodes whose names begin with `prefix`, in the open scene of an editor. */
  const nodesNamed = async (agent: Agent, target: string, prefix: string): Promise<string[]> => {
    const tree = await agent.run("scene.get_tree", { depth: 1 }, target);
    const { children } = tree.root as { children: { name: string }[] };
    return children.map(({ name }) => name).filter((name) => name.startsWith(prefix));
  };
  /** Adds `count` nodes, one call after another. */
  const addNodes = async (agent: Agent, target: string, prefix: string, count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) await agent.run("node.add", { type: "Node", name: `${prefix}${n}` }, target);
  };
  const alphabetically = (count: number, prefix: string) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

  it("of an adapter in the middle of its commands", async () => {
    const victim = await studio.agent("victim");
    const [one, two] = agents as [Agent, Agent];
    const work = [addNodes(one, "beta", "A", 30), addNodes(two, "beta", "A", 0)];
    const doomed = Promise.allSettled([addNodes(victim, "alpha", "V", 1_000)]);
    await until(async () => (await nodesNamed(two, "alpha", "V")).length > 3, { what: "the victim's work" });
    process.kill(victim.mcp.pid, "SIGKILL");
    await doomed;
    await Promise.all(work);
    expect(await nodesNamed(one, "beta", "A")).toEqual(alphabetically(30, "A"));
    expect((await nodesNamed(two, "alpha", "V")).length).toBeLessThan(1_000);
  });

  it("of an editor: its writes end with OUTCOME_UNKNOWN or are never sent, the other editor's go on", async () => {
    const [one, two] = agents as [Agent, Agent];
    const other = addNodes(two, "beta", "B", 40);
    const outcomes: unknown[] = [];
    const doomed = (async () => {
      for (let n = 0; n < 1_000; n += 1) {
        const params = { type: "Node", name: `B${n}` };
        const result = await one.call("command_run", { command: "node.add", params, target: "alpha" });
        outcomes.push(kindOf(result));
        if (result.isError) return;
      }
    })();
    await until(() => outcomes.length > 5, { what: "some work" });
    alpha.signal("SIGSTOP");
    await until(async () => (await studio.counters()).pending !== 0, { what: "a write under way" });
    const killedAt = performance.now();
    await alpha.kill();
    await doomed;
    expect(outcomes.at(-1)).toBe("OUTCOME_UNKNOWN");
    expect(performance.now() - killedAt).toBeLessThan(15_000);
    await other;
    expect(await nodesNamed(two, "beta", "B")).toEqual(alphabetically(40, "B"));
    alpha.launch();
    await studio.ready(alpha);
    await addNodes(one, "alpha", "Again", 1);
  });

  it("of the hub: both adapters and both editors are back by themselves, every command is answered, none ran twice", async () => {
    const [one, two] = agents as [Agent, Agent];
    for (let round = 0; round < 3; round += 1) {
      const prefix = `H${round}x`;
      const work = [addNodes(one, "alpha", prefix, 60), addNodes(two, "beta", prefix, 60)];
      await until(async () => (await nodesNamed(one, "alpha", prefix)).length > 10, { what: "some work" });
      await studio.hub.kill();
      await studio.hub.restart();
      // A name that is taken is an error: an answer to a second run of the same command would be one.
      await Promise.all(work);
      expect(await nodesNamed(one, "alpha", prefix)).toEqual(alphabetically(60, prefix));
      expect(await nodesNamed(two, "beta", prefix)).toEqual(alphabetically(60, prefix));
    }
    const instances = await studio.instances();
    expect(instances.map(({ pid }) => pid).sort()).toEqual([alpha.pid, beta.pid].sort());
    const { accepted, answered, pending } = await studio.counters();
    expect(accepted).toBe((answered ?? 0) + (pending ?? 0));
  });
});
