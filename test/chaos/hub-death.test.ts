/** Kills the hub at random moments under load and starts it again: no client sees more than a delay. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GodotEditor } from "../support/godot-editor.ts";
import { HubObserver } from "../support/hub-observer.ts";
import { HubProcess } from "../support/hub-process.ts";
import { isLong } from "../support/length.ts";
import { startMcpClient } from "../support/mcp-client.ts";
import { openAdapter } from "../support/protocol-client.ts";
import { seeded } from "../support/random.ts";
import { until } from "../support/wait.ts";
import { LastingStub } from "./lasting-stub.ts";
import { namesIn } from "./scene-tree.ts";
import { emptyScenes, scenePath } from "./scenes.ts";
import { Session } from "./session.ts";

const ROUNDS = isLong ? 50 : 5;
/** After how many more answers the hub is killed, at most. */
const ANSWERS_BETWEEN_DEATHS = 120;
const EVERYBODY_BACK_MS = 30_000;
const random = seeded();

describe(`a hub that is killed ${ROUNDS} times under load`, () => {
  let hub: HubProcess;
  let editors: GodotEditor[];
  let stub: LastingStub;
  let sessions: Session[];
  /** How long after the new hub listened all were back, by round; adapters are looked for once the instances are there. */
  const backAfterMs = { instances: [] as number[], adapters: [] as number[] };

  beforeAll(async () => {
    hub = await HubProcess.start({ args: ["--implicit-lease-ms", "0"] });
    const env = { GODOT_HUB_HOME: hub.home };
    editors = ["Alpha", "Beta"].map((name) => GodotEditor.start({ name, env, files: emptyScenes(2) }));
    stub = await LastingStub.start(hub, { project: "gamma" });
    const observer = await HubObserver.open(hub);
    await observer.untilPresent(editors.map(({ project }) => project));
    observer.close();
    sessions = await Promise.all(workplaces().map((workplace, index) => startSession(index, workplace)));
  });

  afterAll(async () => {
    await Promise.all(sessions?.map((session) => session.close()) ?? []);
    stub?.dispose();
    await Promise.all(editors?.map((editor) => editor.dispose()) ?? []);
    await hub?.dispose();
  });

  const workplaces = () => [
    ...editors.flatMap(({ project }) => [0, 1].map((scene) => ({ target: project, scene: scenePath(scene) }))),
    { target: "gamma", scene: scenePath(0) },
  ];

  const startSession = async (index: number, workplace: { target: string; scene: string }): Promise<Session> => {
    const mcp = await startMcpClient({ home: hub.home, name: `agent-${index}`, args: ["--no-launch"] });
    return new Session(mcp, `n${index}`, workplace);
  };

  const answered = (): number => sessions.reduce((sum, session) => sum + session.answered, 0);

  /** Kills the hub after a random number of answers, starts it again, and waits until all are back. */
  const dieAndReturn = async (): Promise<void> => {
    const enough = answered() + Math.floor(random() * ANSWERS_BETWEEN_DEATHS);
    await until(() => answered() >= enough, { what: "answers between two deaths", deadlineMs: 60_000 });
    await hub.restart();
    const listensAt = performance.now();
    const observer = await HubObserver.open(hub);
    const afterMs = async (isBack: () => Promise<boolean>, what: string): Promise<number> => {
      await until(isBack, { what, deadlineMs: EVERYBODY_BACK_MS });
      return Math.round(performance.now() - listensAt);
    };
    const instancesAreBack = async () =>
      (await observer.instances()).filter(({ state }) => state !== "away").length === editors.length + 1;
    const adaptersAreBack = async () => (await observer.clients()).length === sessions.length;
    backAfterMs.instances.push(await afterMs(instancesAreBack, "the instances' return"));
    backAfterMs.adapters.push(await afterMs(adaptersAreBack, "the adapters' return"));
    observer.close();
  };

  it(
    "costs no caller more than a delay",
    async () => {
      for (const session of sessions) session.start();
      for (let round = 0; round < ROUNDS; round += 1) await dieAndReturn();
      await Promise.all(sessions.map((session) => session.stop()));
      const { instances, adapters } = backAfterMs;
      console.info(`instances back after ${instances} ms, adapters after ${adapters} ms; ${answered()} answers`);
      expect(sessions.flatMap(({ errors }) => errors)).toEqual([]);
    },
    (ROUNDS + 1) * 120_000,
  );

  it("carries out each write of the editors' sessions exactly once, in the order of asking", async () => {
    const { client } = await openAdapter(hub.url, hub.token);
    for (const [index, { target, scene }] of workplaces().slice(0, -1).entries()) {
      const asked = sessions[index]?.asked ?? [];
      expect(await namesIn(client, target, scene)).toEqual(asked);
      expect(asked.length).toBeGreaterThan(0);
    }
    client.terminate();
  });

  it("carries out each write of the stub's session exactly once, in the order of asking", () => {
    const { executed, executions } = stub.instance;
    const added = executed.filter(({ method }) => method === "node.add").map(({ params }) => params.name);
    expect(added).toEqual(sessions.at(-1)?.asked);
    const writes = executed.filter(({ method }) => method === "node.add");
    expect(writes.map(({ id }) => executions.get(id))).toEqual(writes.map(() => 1));
  });

  it("has answered all that it accepted", async () => {
    const observer = await HubObserver.open(hub);
    const counters = await observer.untilIdle();
    expect(counters.accepted).toBe(counters.answered);
    observer.close();
  });
});
