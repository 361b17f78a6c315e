/** The result of any command as text: in the form that its own tool gives it, else as an outline. */
import { outline } from "./outline.ts";
import { filesText, matchesText } from "./tools/project-tools.ts";
import { diagnosticsText, sourceText } from "./tools/script-tools.ts";
import { treeText } from "./tree-text.ts";

const TEXTS: ReadonlyMap<string, (result: unknown) => string> = new Map<string, (result: unknown) => string>([
  ["scene.get_tree", (tree) => treeText(tree) ?? outline(tree)],
  ["script.read", (script) => sourceText(script)],
  ["script.validate", diagnosticsText],
  ["project.list_files", filesText],
  ["project.search_files", matchesText],
]);

/** What a model reads of the result of `command`. */
export function resultText(command: string, result: unknown): string {
  return (TEXTS.get(command) ?? outline)(result);
}
