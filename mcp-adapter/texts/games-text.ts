/** The games of an editor, a line each, with the first of what they have complained about. */
import { z } from "zod";
import { outline, pairs } from "./outline.ts";

/** Errors of one game that are shown, and the length of each, in characters: run.get_output has them whole. */
const ERRORS_SHOWN = 5;
const ERROR_LENGTH = 300;

const errorSchema = z.looseObject({ message: z.string(), file: z.string().optional(), line: z.number().optional() });
const gameSchema = z.looseObject({
  game: z.number(),
  name: z.string().nullable().optional(),
  scene: z.string(),
  state: z.string(),
  errors: z.number(),
  firstErrors: z.array(errorSchema).optional(),
});
const runSchema = z.looseObject({ playing: z.boolean(), scene: z.string().nullable(), games: z.array(gameSchema) });

/** The answer of `run.play`, `run.stop` and `run.status`. */
export function gamesText(run: unknown): string {
  const parsed = runSchema.safeParse(run).data;
  if (!parsed) return outline(run);
  const { playing, scene: _, games, ...rest } = parsed;
  const more = Object.keys(rest).length > 0 ? [outline(rest)] : [];
  return [playing ? "Playing." : "Nothing plays.", ...games.flatMap(gameLines), ...more].join("\n");
}

function gameLines({
  game,
  name,
  scene,
  state,
  errors,
  firstErrors = [],
  ...rest
}: z.infer<typeof gameSchema>): string[] {
  const details = Object.entries(rest).filter(([, value]) => value !== null && value !== 0);
  const head =
    `Game ${game}${name ? ` (${name})` : ""}: ${state}, ${scene} ${pairs(Object.fromEntries(details))}`.trimEnd();
  if (firstErrors.length === 0) return [`${head}${errors > 0 ? ` errors=${errors}` : ""}`];
  const shown = firstErrors.slice(0, ERRORS_SHOWN);
  const cut = errors > shown.length ? `, the first ${shown.length} of them here, all in the log of the game` : "";
  return [head, `  errors: ${errors}${cut}`, ...shown.map((error) => `  - ${errorLine(error)}`)];
}

function errorLine({ message, file, line }: z.infer<typeof errorSchema>): string {
  const at = file ? ` (${file}${line === undefined ? "" : `:${line}`})` : "";
  const short = message.length > ERROR_LENGTH ? `${message.slice(0, ERROR_LENGTH)}…` : message;
  return `${short.replaceAll("\n", " ")}${at}`;
}
