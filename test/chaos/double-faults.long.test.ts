/** Two or three of hub, editor and adapter stop or die at once, under load: every write has its one answer, and happens at most once. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GodotEditor } from "../support/godot-editor.ts";
import { HubObserver } from "../support/hub-observer.ts";
import { HubProcess } from "../support/hub-process.ts";
import { fc, SEED } from "../support/random.ts";
import { until } from "../support/wait.ts";
import { effectsIn, MarkingSession, markedScenes } from "./marks.ts";

type Part = "hub" | "editor" | "adapter";
type Way = "stopped" | "killed";
type Fault = readonly (readonly [Part, Way])[];

/** Silence after which the hub gives a client up: some stops are shorter, some longer. */
const HEARTBEATS = ["--heartbeat-interval-ms", "1000", "--heartbeat-timeout-ms", "4000"];
const RECOVERY_MS = 240_000;
/** The errors that a caller may get while its editor is away or, from an adapter that has just started, while the hub is. */
const EXPLAINED = [
  "ok",
  "lost",
  "OUTCOME_UNKNOWN",
  "TIMEOUT",
  "INSTANCE_DISCONNECTED",
  "TARGET_NOT_FOUND",
  "NO_INSTANCE",
  "HUB_UNREACHABLE",
];

const PARTS: readonly (readonly Part[])[] = [
  ["hub", "editor"],
  ["hub", "adapter"],
  ["editor", "adapter"],
  ["hub", "editor", "adapter"],
];

/** Every way in which those parts can fail together. */
function faultsOf([part, ...others]: readonly Part[]): Fault[] {
  if (part === undefined) return [[]];
  const ways: readonly Way[] = ["stopped", "killed"];
  return ways.flatMap((way) => faultsOf(others).map((fault): Fault => [[part, way], ...fault]));
}

const FAULTS = PARTS.flatMap(faultsOf);
const roundOf = (fault: Fault) =>
  fc.record({
    fault: fc.shuffledSubarray([...fault], { minLength: fault.length }),
    /** Successes before the first part fails. */
    after: fc.nat(80),
    /** Time between two failures, and until the first part is back, ms. */
    apart: fc.constantFrom(0, 1, 20, 300),
    down: fc.constantFrom(100, 1_500, 7_000),
  });
const [ROUNDS = []] = fc.sample(
  fc.shuffledSubarray(FAULTS, { minLength: FAULTS.length }).chain((faults) => fc.tuple(...faults.map(roundOf))),
  { numRuns: 1 },
);

describe(`hub, editor and adapter that fail together in ${ROUNDS.length} ways`, () => {
  let hub: HubProcess;
  let editor: GodotEditor;
  let mortal: MarkingSession;
  let steady: MarkingSession;

  beforeAll(async () => {
    hub = await HubProcess.start({ args: ["--implicit-lease-ms", "0", ...HEARTBEATS] });
    editor = GodotEditor.start({ name: "Marked", env: { GODOT_HUB_HOME: hub.home }, files: markedScenes(2) });
    const observer = await HubObserver.open(hub);
    await observer.untilPresent([editor.project]);
    observer.close();
    mortal = await MarkingSession.start(hub.home, "mortal", editor.project, 0);
    steady = await MarkingSession.start(hub.home, "steady", editor.project, 1);
  });
  afterAll(async () => {
    await Promise.all([mortal?.close(), steady?.close()]);
    await editor?.dispose();
    await hub?.dispose();
  });

  const sessions = () => [mortal, steady];

  async function fail(part: Part, way: Way): Promise<void> {
    const signal = way === "stopped" ? "SIGSTOP" : "SIGKILL";
    if (part === "adapter") mortal.signalAdapter(signal);
    else if (way === "killed") await (part === "hub" ? hub : editor).kill();
    else (part === "hub" ? hub : editor).signal(signal);
  }

  async function recover(part: Part, way: Way): Promise<void> {
    if (way === "stopped") {
      if (part === "adapter") mortal.signalAdapter("SIGCONT");
      else (part === "hub" ? hub : editor).signal("SIGCONT");
    } else if (part === "adapter") await mortal.restartAdapter();
    else if (part === "hub") await hub.restart();
    else editor.launch();
  }

  /** Waits until every session has had so many more successes. */
  async function succeeding(count: number, what: string): Promise<void> {
    const enough = sessions().map((session) => session.succeeded + count);
    const isDone = () => sessions().every((session, index) => session.succeeded >= (enough[index] ?? 0));
    await until(isDone, { what, deadlineMs: RECOVERY_MS });
  }

  it(
    "leave no session without work for good",
    async () => {
      for (const session of sessions()) session.begin();
      for (const [index, { fault, after, apart, down }] of ROUNDS.entries()) {
        const what = `round ${index}: ${fault.map((each) => each.join(" ")).join(", ")}`;
        await succeeding(after, `${after} marks before ${what}`);
        for (const [part, way] of fault) {
          await fail(part, way);
          await pause(apart);
        }
        await pause(down);
        for (const [part, way] of fault) await recover(part, way);
        await succeeding(5, `the recovery from ${what}`);
      }
      await Promise.all(sessions().map((session) => session.end()));
      expect(sessions().flatMap(({ surprises }) => surprises)).toEqual([]);
    },
    ROUNDS.length * RECOVERY_MS,
  );

  it("leave each write carried out as its answer says, and none twice", () => {
    const counts = new Map<string, number>();
    for (const mark of effectsIn(editor)) counts.set(mark, (counts.get(mark) ?? 0) + 1);
    const kinds = new Map<string, number>();
    const wrong: string[] = [];
    for (const { outcomes } of sessions()) {
      for (const [mark, outcome] of outcomes) {
        const { kind, atLeast, atMost } = outcome ?? { kind: "none", atLeast: 0, atMost: 0 };
        const count = counts.get(mark) ?? 0;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        if (count < atLeast || count > atMost || !EXPLAINED.includes(kind))
          wrong.push(`${mark}: ${kind}, ${count} times`);
      }
    }
    const asked = sessions().reduce((sum, { outcomes }) => sum + outcomes.size, 0);
    console.info(`seed ${SEED}: ${asked} writes, ${counts.size} effects, ${JSON.stringify(Object.fromEntries(kinds))}`);
    expect(wrong).toEqual([]);
  });

  it("leave the writes of a session in the order of asking", () => {
    const places = new Map([...steady.outcomes.keys()].map((mark, index) => [mark, index]));
    const order = effectsIn(editor).flatMap((mark) => places.get(mark) ?? []);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it("leave nothing pending", async () => {
    const observer = await HubObserver.open(hub);
    const { accepted, answered } = await observer.untilIdle();
    expect(accepted).toBe(answered);
    observer.close();
  });
});
