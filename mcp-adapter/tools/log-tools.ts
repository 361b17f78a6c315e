/** Declares `log_read`: one log for the output and errors of editor and game. */
import { z } from "zod";
import { CommandError } from "../../hub-client/client-errors.ts";
import type { Answer } from "../../hub-client/pending-request.ts";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import { LOG_LENGTH, logText } from "../texts/log-text.ts";

/** Entries of each log unless the caller asks for more or less. */
const DEFAULT_LIMIT = 100;
/** Between the two parts of a cursor: of the editor's log, and of which game's output. */
const BETWEEN = "/";
/** The cursor that begins with the oldest entry that is kept, of every log. */
const FIRST = "0";

const gameSchema = z.looseObject({ game: z.number(), state: z.string() });

interface LogParams {
  /** How long its text may be, in characters. */
  readonly length: number;
  readonly level?: "info" | "warning" | "error" | undefined;
  readonly limit?: number | undefined;
}

/** One log of the two. */
interface Part {
  readonly title: string;
  readonly text: string;
  /** Where to go on with it. */
  readonly cursor: string;
  readonly answer?: Answer;
}

export const logTools = [
  defineTool({
    name: "log_read",
    title: "Read the log of Godot: errors, warnings, prints",
    description:
      'Reads what a Godot editor and the game it played have reported and printed: errors with stack traces, warnings, prints; the newest, or what came since a cursor. Also of a game that crashed. Example: {"level":"error"}',
    search: "console output, crash, stack trace",
    effects: { readOnly: true },
    params: {
      of: z.enum(["editor", "game", "both"]).optional().describe("Default: both."),
      level: z.enum(["info", "warning", "error"]).optional().describe("The lowest level. Default: info, prints too."),
      cursor: z.string().max(60).optional().describe("Of an earlier answer: what came since."),
      limit: z.int().min(1).max(5_000).optional().describe("Entries of each log. Default 100."),
    },
    run: async ({ of = "both", cursor, ...given }, call) => {
      const params = { ...given, length: of === "both" ? LOG_LENGTH / 2 : LOG_LENGTH };
      const [editorCursor, gameCursor] = cursor === FIRST ? [FIRST, FIRST] : (cursor ?? "").split(BETWEEN);
      const parts = await Promise.all([
        ...(of === "game" ? [] : [editorLog(params, editorCursor, call)]),
        ...(of === "editor"
          ? []
          : [gameLog(params, of === "game" ? (gameCursor ?? cursor) : gameCursor, of === "both", call)]),
      ]);
      const next = of === "game" ? `${BETWEEN}${parts[0]?.cursor}` : parts.map((part) => part.cursor).join(BETWEEN);
      const lines = parts.map(({ title, text }) => `${title}:\n${text}`);
      const logs = Object.fromEntries(
        parts.map(({ title, answer }) => [title.split(" ")[0]?.toLowerCase(), answer?.result ?? null]),
      );
      const text = [...lines, `Go on later with cursor ${JSON.stringify(next)}.`].join("\n\n");
      return result(text, {
        instance: parts.find((part) => part.answer)?.answer?.instance,
        result: { ...logs, cursor: next },
      });
    },
  }),
] as const;

async function editorLog(
  { level, limit, length }: LogParams,
  cursor: string | undefined,
  call: ToolCall,
): Promise<Part> {
  const asked = { level, cursor: cursor || undefined, limit: limit ?? call.limitOr(DEFAULT_LIMIT) };
  const answer = await call.command("editor.get_log", asked);
  return { title: "Editor", ...partOf(answer, asked.cursor !== undefined, length), answer };
}

/** @param cursor `<game>:<cursor>`; that of a game before the newest says nothing of this one. */
async function gameLog(
  { level, limit, length }: LogParams,
  cursor: string | undefined,
  mayBeAbsent: boolean,
  call: ToolCall,
): Promise<Part> {
  const [number, since] = cursor === FIRST ? [undefined, FIRST] : (cursor ?? "").split(":");
  const asked = { level, limit: limit ?? call.limitOr(DEFAULT_LIMIT) };
  try {
    const newest = await call.command("run.get_output", { ...asked, cursor: since || undefined });
    const found = gameSchema.safeParse(newest.result).data;
    if (!found) return { title: "Game", ...partOf(newest, false, length), answer: newest };
    const { game, state } = found;
    const isSame = String(game) === number || cursor === FIRST;
    const answer = isSame || !since ? newest : await call.command("run.get_output", asked);
    const part = partOf(answer, isSame && since !== undefined, length);
    return { title: `Game ${game}, ${state}`, text: part.text, cursor: `${game}:${part.cursor}`, answer };
  } catch (error) {
    if (!mayBeAbsent || !(error instanceof CommandError) || error.kind !== "NOT_FOUND") throw error;
    return { title: "Game", text: error.message, cursor: "" };
  }
}

function partOf(answer: Answer, isContinued: boolean, length: number): { text: string; cursor: string } {
  const { text, cursor } = logText(answer.result, isContinued, length);
  return { text, cursor: cursor ?? "" };
}
