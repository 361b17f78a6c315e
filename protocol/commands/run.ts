/** Running the game from the editor, and what the game says. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { limit, resPath } from "./params.ts";

/** Number of a game of this editor, in the order of their starts. */
const game = z.number().int().min(1).optional();

const args = z.array(z.string().max(1_000)).max(50);

const logEntry = z.looseObject({
  seq: z.number().int(),
  level: z.string(),
  message: z.string(),
  count: z.number().int(),
  file: z.string().optional(),
  line: z.number().int().optional(),
  function: z.string().optional(),
  stack: z.array(z.string()).optional(),
});

/** The status of one game. */
const gameState = z.looseObject({
  game: z.number().int(),
  /** Name under which the hub knows it: the target of commands for this game. */
  name: z.string().nullable(),
  scene: z.string(),
  pid: z.number().int().nullable(),
  state: z.enum(["starting", "running", "hung", "stopped", "ended"]),
  /** Where the debugger has stopped it. */
  stoppedAt: z.string().optional(),
  /** Of a game that hangs: where, in words; the line, and the calls that lead there, innermost first, when it runs one. */
  hungIn: z.string().optional(),
  hungAt: z.string().optional(),
  hungStack: z.array(z.string()).optional(),
  errors: z.number().int(),
  warnings: z.number().int(),
  end: z.enum(["quit", "crashed", "stopped", "killed"]).optional(),
  /** For a game that quit by itself; null for others, and where the system does not report it. */
  exitCode: z.number().int().nullable().optional(),
  crash: z.string().optional(),
  firstErrors: z.array(logEntry).optional(),
});

const runState = z.looseObject({
  playing: z.boolean(),
  scene: z.string().nullable(),
  games: z.array(gameState),
  startedBy: z.string().optional(),
  note: z.string().optional(),
  /** Scenes that playing has saved, and those with unsaved changes that it has not, with the reason. */
  saved: z.array(z.string()).optional(),
  notSaved: z.array(z.looseObject({ scene: z.string(), kind: z.string(), message: z.string() })).optional(),
});

export const runCommands = [
  writeCommand("run.play", {
    description:
      "Plays the main scene, the scene that is open, or a given one, and waits until the game runs or says why it does not. Several games at once for multiplayer.",
    keywords: "run start launch debug f5 current scene project play game main test editor button press",
    tool: { name: "game_run" },
    shownAs: "games",
    params: {
      which: z
        .enum(["main", "current", "custom"])
        .optional()
        .describe('Default: "main", or "custom" when `scene` is given.'),
      scene: resPath.optional().meta({ alias: "path" }).describe("Scene to play."),
      games: z.number().int().min(1).max(8).optional().describe("How many games of it. Default: 1, or as argsOf has."),
      args: args.optional().describe('Arguments of the games; what follows "--" is for the game itself.'),
      argsOf: z
        .array(args)
        .max(8)
        .optional()
        .describe('Further arguments of each game, such as [["--","--server"],["--","--client"]].'),
      paused: z.boolean().optional().describe("Begin paused, before the first frame: for game.step and game.record."),
      fixedFps: z
        .number()
        .int()
        .min(1)
        .max(1_000)
        .optional()
        .describe(
          "Every frame lasts 1/fixedFps s of the game's time, however loaded the machine is: the same run every time.",
        ),
      save: z
        .enum(["none", "own", "all"])
        .optional()
        .describe(
          'Which scenes are saved first: "own" (default), those that only you have changed; "all"; "none". The game plays what the files have.',
        ),
    },
    result: runState,
    long: true,
    locks: ["run"],
    writesMore: true,
  }),
  writeCommand("run.stop", {
    description: "Stops the running games, or one of them.",
    keywords: "quit end close kill f8 stop project scene game",
    tool: { name: "game_stop" },
    shownAs: "games",
    params: { game: game.describe("Number of the game. Default: all.") },
    result: runState,
    locks: ["run"],
  }),
  readCommand("run.status", {
    description:
      "The games that run, or those of the last play: process, state, errors, who started them, how they ended.",
    keywords: "running exit code crashed game crash why still",
    tool: { name: "game_inspect", with: { what: "status" } },
    shownAs: "games",
    params: {},
    result: runState,
  }),
  readCommand("run.get_output", {
    description:
      "What a game printed and reported, with script stack traces; equal errors stand once, with a count. Also after its end or crash.",
    keywords: "console log stdout debug output print errors get game runtime exceptions",
    tool: { name: "log_read", with: { of: "game" } },
    shownAs: "game_output",
    params: {
      game: game.describe("Number of the game. Default: the newest."),
      cursor: z.string().max(20).optional().describe("Cursor of an earlier answer: what came since."),
      level: z.enum(["info", "warning", "error"]).optional().describe("The lowest level. Default: info."),
      limit,
    },
    result: z.looseObject({
      game: z.number().int(),
      state: z.string(),
      entries: z.array(logEntry),
      cursor: z.string(),
      truncated: z.boolean().optional(),
      skippedLines: z
        .number()
        .int()
        .optional()
        .describe("Lines that came too fast to be kept; errors among them are counted."),
    }),
  }),
] as const;
