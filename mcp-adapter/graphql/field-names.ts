/** The names of GraphQL fields: one for each command, and the well-known names for what they mean. */
import { COMMANDS, type CommandDefinition } from "../../protocol/commands/index.ts";

/** A field that stands for a command. */
export interface CommandField {
  readonly name: string;
  readonly command: CommandDefinition;
  /** Params that the field does not take, because it sets them itself. */
  readonly fixed: Readonly<Record<string, unknown>>;
}

const NAMED: readonly (readonly [field: string, command: string, fixed?: Record<string, unknown>])[] = [
  ["project", "project.get_info"],
  ["scene", "scene.get_tree"],
  ["currentScene", "scene.get_tree", { scene: undefined }],
  ["node", "node.get_properties"],
  ["script", "script.read"],
  ["parseErrors", "script.validate"],
  ["findReferences", "project.search_files"],
  ["autoloads", "project.list_autoloads"],
  ["dependencyGraph", "project.get_dependencies"],
  ["nodeTypeInfo", "classdb.get_class"],
  ["classHierarchy", "classdb.search", { query: "" }],
  ["classdbSearch", "classdb.search"],
  ["logs", "editor.get_log"],
  ["debuggerErrors", "editor.get_log", { level: "error" }],
  ["createScene", "scene.create"],
  ["createSceneFromTemplate", "scene.create_from_template"],
  ["openScene", "scene.open"],
  ["saveScene", "scene.save"],
  ["createScript", "script.create"],
  ["addNode", "node.add"],
  ["removeNode", "node.delete"],
  ["duplicateNode", "node.duplicate"],
  ["reparentNode", "node.move"],
  ["setProperties", "node.set_properties"],
  ["connectSignal", "node.connect_signal"],
  ["disconnectSignal", "node.disconnect_signal"],
  ["addInputAction", "project.set_input_action"],
  ["setProjectSetting", "project.set_settings"],
];

/** Every field that is one command, by its name, in the order of the command table; a command may have several. */
export const COMMAND_FIELDS: ReadonlyMap<string, CommandField> = new Map(
  commandFields().map((field) => [field.name, field]),
);

function commandFields(): CommandField[] {
  return [...COMMANDS.values()].flatMap((command) => {
    const named = NAMED.filter(([, name]) => name === command.name);
    if (named.length === 0) return [{ name: camelCase(command.name), command, fixed: {} }];
    return named.map(([name, , fixed = {}]) => ({ name, command, fixed }));
  });
}

/** `scene.list_open` becomes `sceneListOpen`. */
function camelCase(name: string): string {
  return name.replace(/[._]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
