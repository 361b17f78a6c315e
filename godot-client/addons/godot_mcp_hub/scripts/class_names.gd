## Classes by name: the engine's own and those that the project's scripts declare.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const LoadedScripts := preload("../reading/loaded_scripts.gd")
const NearNames := preload("../texts/near_names.gd")
const Permissions := preload("../requests/permissions.gd")
const ProjectResources := preload("../reading/project_resources.gd")
const Result := preload("../requests/result.gd")
const ScriptLineage := preload("../reading/script_lineage.gd")


## Whether `object` is of one of the comma-separated classes; an empty list allows all.
static func is_any_of(object: Object, names: String) -> bool:
	if names.is_empty():
		return true
	for name: String in names.split(","):
		if is_a(object, name.strip_edges()):
			return true
	return false


## Whether `object` is of a class, engine's or script's.
static func is_a(object: Object, name: String) -> bool:
	if object.is_class(name):
		return true
	var script: Script = object.get_script()
	return script != null and ScriptLineage.has(script, "class", name)


static func exists(name: String) -> bool:
	return ClassDB.class_exists(name) or not script_path(name).is_empty()


## Whether `type` is an engine class of scripts.
static func is_script(type: Variant) -> bool:
	return type is String and ClassDB.class_exists(type) and ClassDB.is_parent_class(type, "Script")


## A new node of class `type`.
static func make_node(type: String, permissions: Permissions) -> Result:
	if ClassDB.class_exists(type):
		if not ClassDB.is_parent_class(type, "Node") or not ClassDB.can_instantiate(type):
			return Result.err(CommandResult.failed("INVALID_PARAMS",
					"%s cannot be made as a node." % type))
		var forbidden := ClassRules.refusal(type)
		return Result.err(forbidden) if forbidden != null else Result.ok(ClassDB.instantiate(type))
	var path := script_path(type)
	if path.is_empty():
		var near := NearNames.of(type, _node_classes())
		return Result.err(CommandResult.failed("NOT_FOUND", "There is no class '%s'." % type,
				NearNames.question(near), near))
	var refusal := permissions.refusal(Permissions.ATTACH)
	return _make_scripted(type, path, permissions) if refusal == null else Result.err(refusal)


## The script that declares a class; null when none does.
static func script_of(name: String, permissions: Permissions) -> Script:
	var path := script_path(name)
	return null if path.is_empty() else ProjectResources.script(path, permissions)


static func _make_scripted(type: String, path: String, permissions: Permissions) -> Result:
	var script := ProjectResources.script(path, permissions)
	if script == null or LoadedScripts.is_broken(script):
		return Result.err(CommandResult.failed("SCRIPT_COMPILE_FAILED",
				"%s (%s) does not compile." % [type, path], "script.validate shows why."))
	var base := script.get_instance_base_type()
	if not ClassDB.is_parent_class(base, "Node") or not ClassDB.can_instantiate(base):
		return Result.err(CommandResult.failed("INVALID_PARAMS",
				"%s cannot be made as a node." % type))
	var forbidden := ClassRules.refusal(base)
	if forbidden != null:
		return Result.err(forbidden)
	var node: Node = ClassDB.instantiate(base)
	node.set_script(script)
	return Result.ok(node)


## The file of the script that declares a class; empty when none does.
static func script_path(name: String) -> String:
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		if entry["class"] == name:
			return entry["path"]
	return ""


static func _node_classes() -> Array:
	var names: Array = []
	for name: String in ClassDB.get_inheriters_from_class("Node"):
		if ClassDB.can_instantiate(name):
			names.append(name)
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		names.append(entry["class"])
	return names


## Classes of which no node or resource is made for an agent.
class ClassRules extends RefCounted:
	## They hold or load code, or stand for another class: code is written by script.*, scenes by
	## scene.* and node.*.
	const NEVER: Array[String] = ["GDExtension", "MissingNode", "MissingResource"]
	## The same inside of a value, where no command of theirs is.
	const NEVER_IN_VALUES: Array[String] = ["PackedScene"]
	## Parts of the editor that are not called so: ClassDB tells which those are since 4.4.
	const EDITORS_OWN: Array[String] = ["ScriptCreateDialog", "FileSystemDock", "ScriptEditor",
			"ScriptEditorBase"]
	## ClassDB.APIType of classes of the editor, and of extensions for it.
	const EDITOR_APIS: Array[int] = [1, 3]

	## Why nothing of the engine's class `type` is made; null when it may be.
	static func refusal(type: String) -> CommandResult:
		for never: String in NEVER:
			if ClassDB.is_parent_class(type, never):
				return CommandResult.failed("FORBIDDEN",
						"A %s stands for code, or for something else than it is: it is not made by commands." % type)
		if _is_of_editor(type) and not ExecutionGate.is_open():
			return ExecutionGate.refusal("%s, a part of the editor that acts on the editor," % type)
		return null

	## The same for a resource in a value.
	static func refusal_in_value(type: String) -> CommandResult:
		for never: String in NEVER_IN_VALUES:
			if ClassDB.is_parent_class(type, never):
				return CommandResult.failed("FORBIDDEN", "A new %s is not made as a value." % type,
						"Make a scene with scene.create, and name it by its path.")
		return refusal(type)

	static func _is_of_editor(type: String) -> bool:
		if ClassDB.has_method("class_get_api_type") \
				and EDITOR_APIS.has(ClassDB.call("class_get_api_type", type)):
			return true
		var at := type
		while not at.is_empty():
			if at.begins_with("Editor") or EDITORS_OWN.has(at):
				return true
			at = ClassDB.get_parent_class(at)
		return false
