## What other sessions hold of this editor, as the hub says with a command that writes more than it names (see PROTOCOL.md, `context.held`).
extends RefCounted

const CommandResult := preload("command_result.gd")
const Leases := preload("leases.gd")

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


## Null when nobody else holds the file; otherwise why it must be left alone.
func refusal_of_file(path: String) -> CommandResult:
	if path == SETTINGS_FILE:
		return refusal(SETTINGS)
	for kind: String in KINDS:
		var failure := refusal("%s:%s" % [kind, path])
		if failure != null:
			return failure
	return null


## Null when nobody else holds the resource.
func refusal(resource: String) -> CommandResult:
	var held := resource if _held.has(resource) else WHOLE_EDITOR
	if not _held.has(held):
		return null
	return CommandResult.failed("LEASE_HELD", "'%s' is writing to %s." % [_held[held], held],
			"Nothing was changed there. Repeat it when that session has finished.").with("holder", str(_held[held])).with("resource", held)
