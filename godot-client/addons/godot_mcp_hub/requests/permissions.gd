## What a request may do in other words than its command's: a property "script" is script.attach,
## whichever command sets it. The hub judges names of commands and does not read params: so it says
## which rules stand against what params can mean (see PROTOCOL.md, `context.withheld`), and this is
## where they are obeyed.
extends RefCounted

const CommandResult := preload("command_result.gd")
const Permissions := preload("permissions.gd")

const ATTACH := "script.attach"
const DETACH := "script.detach"
const A_READ := "a read sets nothing"

## It changes nothing that there is, so nothing of the project may run for it.
var only_looks: bool = false

## Rule by name of each command whose effect is withheld.
var _withheld: Dictionary = {}


## As the hub says it in the context of a request.
static func of(context: Dictionary) -> Permissions:
	var permissions := Permissions.new()
	if context.get("withheld") is Dictionary:
		permissions._withheld = context["withheld"]
	return permissions


## For values that are only compared with others.
static func for_reading() -> Permissions:
	var permissions := of({"withheld": {ATTACH: A_READ, DETACH: A_READ}})
	permissions.only_looks = true
	return permissions


## The same request, of which nothing stays.
func for_preview() -> Permissions:
	var permissions := Permissions.new()
	permissions._withheld = _withheld
	permissions.only_looks = true
	return permissions


## Null when a request may do what `command` does; otherwise why not.
func refusal(command: String) -> CommandResult:
	if not _withheld.has(command):
		return null
	return CommandResult.failed("FORBIDDEN",
			"That is what %s does, whatever it is called: rule '%s'. Nothing was done."
			% [command, _withheld[command]],
			"A person can change it: the rules are those of the hub or of this client's token.").with("rule", str(_withheld[command]))


## What other sessions hold of this editor, as the hub says with a command that writes more than it
## names (see PROTOCOL.md, `context.held`).
class Leases extends RefCounted:
	const WHOLE_EDITOR := "*"
	const SETTINGS := "settings"
	const SETTINGS_FILE := "res://project.godot"
	## A file is leased as what it is to a command.
	const KINDS: Array[String] = ["scene", "script", "file"]

	## Name of the holder by resource.
	var _held: Dictionary = {}

	## As the hub says it in the context of a request.
	static func of(context: Dictionary) -> Leases:
		var leases := Leases.new()
		if context.get("held") is Dictionary:
			leases._held = context["held"]
		return leases

	## Null when no other session holds the file; otherwise why it must be left alone.
	func refusal_of_file(path: String) -> CommandResult:
		if path == SETTINGS_FILE:
			return refusal(SETTINGS)
		for kind: String in KINDS:
			var failure := refusal("%s:%s" % [kind, path])
			if failure != null:
				return failure
		return null

	## Null when no other session holds the resource.
	func refusal(resource: String) -> CommandResult:
		var held := resource if _held.has(resource) else WHOLE_EDITOR
		if not _held.has(held):
			return null
		return CommandResult.failed("LEASE_HELD", "'%s' is writing to %s." % [_held[held], held],
				"Nothing was changed there. Repeat it when that session has finished.").with(
				"holder", str(_held[held])).with("resource", held)


## Whether agents may run code of the project in this editor: off until a person turns it on, for
## this project only.
class ExecutionGate extends RefCounted:
	const SECTION := "godot_mcp_hub"
	const KEY := "allow_code_execution"
	const VARIABLE := "GODOT_HUB_ENABLE_EXEC"

	## The person who runs the connected hub has opened all editors (`godot-hub run
	## --enable-exec`).
	static var is_opened_by_hub: bool = false

	static func is_open() -> bool:
		return not opened_elsewhere().is_empty() \
				or EditorInterface.get_editor_settings().get_project_metadata(SECTION, KEY, false)

	## What allows it whatever the dock says; empty where the dock decides.
	static func opened_elsewhere() -> String:
		if is_opened_by_hub:
			return "The hub was started with --enable-exec."
		return "%s is set for this editor." % VARIABLE \
				if OS.get_environment(VARIABLE) in ["1", "true"] else ""

	## Remembered with the editor's own data of this project, not in project.godot.
	static func set_open(allowed: bool) -> void:
		EditorInterface.get_editor_settings().set_project_metadata(SECTION, KEY, allowed)

	static func refusal(what: String) -> CommandResult:
		return refusal_of_reach("%s would run code, which is not allowed in this editor." % what)

	## The same for what leads beyond the scenes of the project.
	static func refusal_of_reach(what: String) -> CommandResult:
		return CommandResult.failed("FORBIDDEN", what,
				"A person can tick 'Allow code execution' in the editor's Hub dock, or start the hub with --enable-exec, or the editor with %s=1." % VARIABLE)
