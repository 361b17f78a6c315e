## Which settings of the project are written in other words than project.set_settings, or by a person only.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const ExecutionGate := preload("../requests/execution_gate.gd")
const Permissions := preload("../requests/permissions.gd")

const INPUT := "input/"
const AUTOLOAD := "autoload/"
## Beginnings of names of settings that other commands set, and take away.
const OWN_COMMANDS: Dictionary = {
	AUTOLOAD: ["project.add_autoload", "project.remove_autoload"],
	INPUT: ["project.set_input_action", "project.remove_input_action"],
	"application/run/main_scene": ["scene.set_main", "scene.set_main"],
}
## Beginnings of names of settings by which the editor itself comes to run something, with what that is.
const OF_EDITOR: Dictionary = {
	"editor_plugins/": "plugins of the editor",
	"editor_overrides/": "settings of the editor, with the programs that it starts",
	"importer_defaults/": "scripts that run when a scene is imported",
	"editor/version_control/": "the plugin for version control",
	"dotnet/": "assemblies that the editor builds and loads",
	"application/config/project_settings_override": "a second file of settings",
}
## A game writes its output there, over whatever has the name.
const LOG_FILE := "debug/file_logging/log_path"
const LOG_ENDINGS: Array[String] = ["", "log", "txt"]


## Why a setting may not be set, or taken away (null); null when it may.
static func refusal(name: String, value: Variant, permissions: Permissions) -> CommandResult:
	for beginning: String in OWN_COMMANDS:
		if name.begins_with(beginning):
			return permissions.refusal(OWN_COMMANDS[beginning][1 if value == null else 0])
	for beginning: String in OF_EDITOR:
		if name.begins_with(beginning) and not ExecutionGate.is_open():
			return ExecutionGate.refusal("The setting %s says which %s are used: it" % [name, OF_EDITOR[beginning]])
	if name.begins_with(LOG_FILE) and not LOG_ENDINGS.has(str(value).get_extension().to_lower()) and value != null:
		return CommandResult.failed("INVALID_PARAMS", "The setting '%s' must name a file that ends in .log or .txt." % name)
	return null
