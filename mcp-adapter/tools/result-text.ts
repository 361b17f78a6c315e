/** The result of any command as text: in the form that its own tool gives it, else as an outline. */
import { COMMANDS, type ResultForm } from "../../protocol/commands/index.ts";
import { foundNodesText, gameText, gameTreeText } from "../texts/game-text.ts";
import { gamesText } from "../texts/games-text.ts";
import { editorLogText, outputText } from "../texts/log-text.ts";
import { asObject, outline } from "../texts/outline.ts";
import { pictureText } from "../texts/pictures.ts";
import { pageLine } from "../texts/rest-advice.ts";
import { treeText } from "../texts/tree-text.ts";
import { filesText, matchesText } from "./project-tools.ts";
import { diagnosticsText, sourceText } from "./script-tools.ts";

type Params = Readonly<Record<string, unknown>>;
type TextOf = (result: unknown, params: Params) => string;

/** Each form in which a declaration has its result shown. */
const FORMS: Readonly<Record<ResultForm, TextOf>> = {
  content: contentText,
  diagnostics: diagnosticsText,
  editor_log: (log, { cursor }) => editorLogText(log, cursor !== undefined),
  files: filesText,
  found_nodes: foundNodesText,
  game: gameText,
  game_output: (output, { cursor }) => outputText(output, cursor !== undefined),
  game_tree: gameTreeText,
  games: gamesText,
  matches: matchesText,
  picture: pictureLine,
  source: (script, { from, to }) => sourceText(script, { from, to }),
  tree: (tree) => treeText(tree) ?? outline(tree),
};

/** What a model reads of the result of `command`. @param params What it was called with. */
export function resultText(command: string, result: unknown, params: Params = {}): string {
  const form = COMMANDS.get(command)?.shownAs;
  return form ? FORMS[form](result, params) : pageText(command, result);
}

/** Any result as an outline; below a list that was cut stands how to go on. */
function pageText(command: string, result: unknown): string {
  const line = pageLine(result, command);
  if (line === undefined) return outline(result);
  const { truncated: _, cursor: __, total: ___, ...rest } = asObject(result);
  return `${outline(rest)}\n${line}`;
}

/** The text that the project's own code offers stays as it is; of bytes only their number is shown. */
function contentText(result: unknown): string {
  const { text, blob, mimeType } = asObject(result);
  if (typeof text === "string") return text;
  return typeof blob === "string"
    ? `${blob.length} characters of base64, ${mimeType}: format "json" gives them`
    : outline(result);
}

function pictureLine(result: unknown): string {
  const shown = pictureText(result);
  return shown === undefined ? outline(result) : `Picture of ${shown}.`;
}
