## Classes of which no node or resource is made for an agent.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const ExecutionGate := preload("../requests/execution_gate.gd")

## They hold or load code, or stand for another class: code is written by script.*, scenes by scene.* and node.*.
const NEVER: Array[String] = ["GDExtension", "MissingNode", "MissingResource"]
## The same inside of a value, where no command of theirs is.
const NEVER_IN_VALUES: Array[String] = ["PackedScene"]
## Parts of the editor that are not called so: ClassDB tells which those are since 4.4.
const EDITORS_OWN: Array[String] = ["ScriptCreateDialog", "FileSystemDock", "ScriptEditor", "ScriptEditorBase"]
## ClassDB.APIType of classes of the editor, and of extensions for it.
const EDITOR_APIS: Array[int] = [1, 3]


## Why nothing of the engine's class `type` is made; null when it may be.
static func refusal(type: String) -> CommandResult:
	for never: String in NEVER:
		if ClassDB.is_parent_class(type, never):
			return CommandResult.failed("FORBIDDEN", "A %s stands for code, or for something else than it is: it is not made by commands." % type)
	if _is_of_editor(type) and not ExecutionGate.is_open():
		return ExecutionGate.refusal("%s, a part of the editor that acts on the editor," % type)
	return null


## The same for a resource in a value.
static func refusal_in_value(type: String) -> CommandResult:
	for never: String in NEVER_IN_VALUES:
		if ClassDB.is_parent_class(type, never):
			return CommandResult.failed("FORBIDDEN", "A new %s is not made as a value." % type, "Make a scene with scene.create, and name it by its path.")
	return refusal(type)


static func _is_of_editor(type: String) -> bool:
	if ClassDB.has_method("class_get_api_type") and EDITOR_APIS.has(ClassDB.call("class_get_api_type", type)):
		return true
	var at := type
	while not at.is_empty():
		if at.begins_with("Editor") or EDITORS_OWN.has(at):
			return true
		at = ClassDB.get_parent_class(at)
	return false
