## Nodes of an open scene. Every change is one undo step with the agent's name.
extends RefCounted

const Command := preload("../command.gd")
const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const NodeEdits := preload("../editing/node_edits.gd")
const NodePaths := preload("../editing/node_paths.gd")
const PropertyDefaults := preload("../editing/property_defaults.gd")
const PropertyEdits := preload("../editing/property_edits.gd")
const PropertyInfos := preload("../editing/property_infos.gd")
const PropertyValues := preload("../editing/property_values.gd")
const SceneEditor := preload("../editing/scene_editor.gd")
const SceneView := preload("../editing/scene_view.gd")

var _editor: SceneEditor


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.read("node.get_properties", _get_properties, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "names?": TYPE_ARRAY, "all?": TYPE_BOOL}),
		Command.write("node.add", _add, {
			"scene?": TYPE_STRING, "parent?": TYPE_STRING, "type?": TYPE_STRING, "instance?": TYPE_STRING, "name?": TYPE_STRING,
			"properties?": TYPE_DICTIONARY, "index?": TYPE_INT, "ifRevision?": TYPE_INT}),
		Command.write("node.delete", _delete, {"scene?": TYPE_STRING, "path": TYPE_STRING, "ifRevision?": TYPE_INT}),
		Command.write("node.rename", _rename, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "name": TYPE_STRING, "ifRevision?": TYPE_INT}),
		Command.write("node.move", _move, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "parent?": TYPE_STRING, "index?": TYPE_INT, "keepTransform?": TYPE_BOOL,
			"ifRevision?": TYPE_INT}),
		Command.write("node.set_properties", _set_properties, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "properties": TYPE_DICTIONARY, "ifRevision?": TYPE_INT}),
	]


func _get_properties(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_reading(request)
	if view.failure != null:
		return view.failure
	var result := _properties_in(view, request)
	view.release()
	return result


func _properties_in(view: SceneView, request: CommandRequest) -> CommandResult:
	var node := NodePaths.find(view.root, request.text("path"))
	if node == null:
		return NodePaths.not_found(view.root, request.text("path"))
	var names: Array = request.params.get("names", [])
	for name: Variant in names:
		if not name is String or PropertyInfos.find(node, name).is_empty():
			return PropertyEdits.unknown_property(node, str(name))
	if names.is_empty():
		var infos := PropertyInfos.all(node)
		names = infos.keys() if request.flag("all", false) else PropertyDefaults.changed_names(node, infos)
	var properties: Dictionary = {}
	for name: String in names:
		properties[name] = PropertyValues.to_json(node.get(name), view.root)
	return CommandResult.succeeded(view.describe({
		"path": NodePaths.path_of(view.root, node), "type": node.get_class(), "properties": properties}))


func _add(request: CommandRequest) -> CommandResult:
	return await _editor.change(request, "Add %s" % request.text("name", request.text("type", request.text("instance").get_file())), NodeEdits.add)


func _delete(request: CommandRequest) -> CommandResult:
	return await _editor.change(request, "Delete %s" % request.text("path"), NodeEdits.delete)


func _rename(request: CommandRequest) -> CommandResult:
	return await _editor.change(request, "Rename %s to %s" % [request.text("path"), request.text("name")], NodeEdits.rename)


func _move(request: CommandRequest) -> CommandResult:
	return await _editor.change(request, "Move %s" % request.text("path"), NodeEdits.move)


func _set_properties(request: CommandRequest) -> CommandResult:
	var names := ", ".join(PackedStringArray((request.params["properties"] as Dictionary).keys()))
	return await _editor.change(request, "Set %s of %s" % [names.left(60), request.text("path")], PropertyEdits.set_at_path)
