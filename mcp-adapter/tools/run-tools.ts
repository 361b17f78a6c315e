/** Declares the tools that run the game and the project's tests. */
import { z } from "zod";
import { WireError } from "../../protocol/errors.ts";
import { defineTool } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import { gamesText } from "../texts/games-text.ts";
import { restOf } from "../texts/rest-advice.ts";
import { resultText } from "./result-text.ts";

export const runTools = [
  defineTool({
    name: "game_run",
    title: "Run a Godot game or its tests",
    description:
      'Runs a Godot project: its main scene, the scene that is edited, a given scene, or its tests (GUT, GdUnit4, own); waits until the game runs and tells errors. More ways: command_run run.play. Example: {"scene":"res://level.tscn"}',
    search: "play start launch, unit tests",
    effects: {},
    hasData: true,
    params: {
      scene: z.string().max(1_024).optional().meta({ alias: "path" }).describe("Scene to play, res://..."),
      what: z.enum(["main", "current", "tests"]).optional().describe("Instead of scene. Default: main."),
      filter: z.string().max(200).optional().describe("tests: only those whose names contain this."),
      paused: z.boolean().optional().describe("Begin paused, for game_control step."),
      fixedFps: z.int().min(1).max(1_000).optional().describe("Frames of 1/fixedFps s each: the same run every time."),
    },
    run: async ({ scene, what, filter, paused, fixedFps }, call) => {
      const isTests = what === "tests";
      const foreign = Object.entries(isTests ? { scene, paused, fixedFps } : { filter }).find(
        ([, value]) => value !== undefined,
      );
      if (foreign) {
        throw new WireError("INVALID_PARAMS", `'${foreign[0]}' does not go with ${isTests ? "tests" : "playing"}.`, {
          hint: isTests ? 'Example: {"what":"tests","filter":"player"}' : 'For tests: {"what":"tests"}',
        });
      }
      if (isTests) {
        const answer = await call.command("test.run", { name: filter });
        return result(resultText("test.run", answer.result), { ...answer, rest: restOf("test.run") });
      }
      const answer = await call.command("run.play", {
        scene,
        which: scene === undefined ? what : undefined,
        paused,
        fixedFps,
      });
      return result(gamesText(answer.result), answer);
    },
  }),
  defineTool({
    name: "game_stop",
    title: "Stop the running Godot game",
    description: "Stops the running Godot game and tells how it ended. Example: {}",
    search: "quit end close game",
    effects: { idempotent: true },
    params: {},
    run: async (_, call) => {
      const answer = await call.command("run.stop", {});
      return result(gamesText(answer.result), answer);
    },
  }),
] as const;
