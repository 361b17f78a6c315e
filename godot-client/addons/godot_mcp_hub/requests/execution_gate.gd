## Whether agents may run code of the project in this editor: off until somebody turns it on, for this project only.
extends RefCounted

const CommandResult := preload("command_result.gd")

const SECTION := "godot_mcp_hub"
const KEY := "allow_code_execution"
const VARIABLE := "GODOT_HUB_ENABLE_EXEC"

## Whoever runs the hub that is connected has opened all editors (`godot-hub run --enable-exec`).
static var is_opened_by_hub: bool = false


static func is_open() -> bool:
	return not opened_elsewhere().is_empty() or EditorInterface.get_editor_settings().get_project_metadata(SECTION, KEY, false)


## What allows it whatever the dock says; empty where the dock decides.
static func opened_elsewhere() -> String:
	if is_opened_by_hub:
		return "The hub was started with --enable-exec."
	return "%s is set for this editor." % VARIABLE if OS.get_environment(VARIABLE) in ["1", "true"] else ""


## Remembered with the editor's own data of this project, not in project.godot.
static func set_open(allowed: bool) -> void:
	EditorInterface.get_editor_settings().set_project_metadata(SECTION, KEY, allowed)


static func refusal(what: String) -> CommandResult:
	return refusal_of_reach("%s would run code, which is not allowed in this editor." % what)


## The same for what leads beyond the scenes of the project.
static func refusal_of_reach(what: String) -> CommandResult:
	return CommandResult.failed("FORBIDDEN", what,
			"A person can tick 'Allow code execution' in the editor's Hub dock, or start the hub with --enable-exec, or the editor with %s=1." % VARIABLE)
