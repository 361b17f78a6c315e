/** The result of any command as text: in the form that its own tool gives it, else as an outline. */
import { isGameCommand } from "../../protocol/commands/game.ts";
import { filesText, matchesText } from "../tools/project-tools.ts";
import { diagnosticsText, sourceText } from "../tools/script-tools.ts";
import { foundNodesText, gameText, gameTreeText } from "./game-text.ts";
import { gamesText } from "./games-text.ts";
import { logText, outputText } from "./log-text.ts";
import { outline } from "./outline.ts";
import { pictureText } from "./pictures.ts";
import { treeText } from "./tree-text.ts";

const TEXTS: ReadonlyMap<string, (result: unknown) => string> = new Map<string, (result: unknown) => string>([
  ["scene.get_tree", (tree) => treeText(tree) ?? outline(tree)],
  ["script.read", (script) => sourceText(script)],
  ["script.validate", diagnosticsText],
  ["project.list_files", filesText],
  ["project.search_files", matchesText],
  ["editor.get_log", logText],
  ["run.get_output", outputText],
  ["run.play", gamesText],
  ["run.stop", gamesText],
  ["run.status", gamesText],
  ["editor.screenshot", pictureLine],
  ["game.screenshot", pictureLine],
  ["game.get_tree", gameTreeText],
  ["game.find", foundNodesText],
]);

/** What a model reads of the result of `command`. */
export function resultText(command: string, result: unknown): string {
  return (TEXTS.get(command) ?? (isGameCommand(command) ? gameText : outline))(result);
}

function pictureLine(result: unknown): string {
  const shown = pictureText(result);
  return shown === undefined ? outline(result) : `Picture of ${shown}.`;
}
