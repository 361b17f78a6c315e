## Nodes of an open scene. Every change is one undo step with the agent's name.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const GlobalPlaces := preload("../engine_workarounds/global_places.gd")
const GroupEdits := preload("../nodes/group_edits.gd")
const MethodCalls := preload("../nodes/method_calls.gd")
const NodeCopies := preload("../nodes/node_copies.gd")
const NodeEdits := preload("../nodes/node_edits.gd")
const NodePaths := preload("../values/node_paths.gd")
const NodeSearch := preload("../nodes/node_search.gd")
const PropertyDefaults := preload("../values/property_defaults.gd")
const PropertyEdits := preload("../nodes/property_edits.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const PropertyValues := preload("../values/property_values.gd")
const SceneEditor := preload("../scenes/scene_editor.gd")
const SignalEdits := preload("../nodes/signal_edits.gd")
const StoredValues := preload("../reading/stored_values.gd")
const SceneView := preload("../scenes/scene_view.gd")

var _editor: SceneEditor


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.read("node.get_properties", _get_properties, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "names?": TYPE_ARRAY, "all?": TYPE_BOOL,
			"whole?": TYPE_BOOL}),
		Command.write("node.add", _add, {
			"scene?": TYPE_STRING, "parent?": TYPE_STRING, "type?": TYPE_STRING,
			"instance?": TYPE_STRING, "name?": TYPE_STRING,
			"properties?": TYPE_DICTIONARY, "index?": TYPE_INT, "editableChildren?": TYPE_BOOL,
			"ifRevision?": TYPE_INT}),
		Command.write("node.delete", _delete,
		{"scene?": TYPE_STRING, "path": TYPE_STRING, "ifRevision?": TYPE_INT}),
		Command.write("node.rename", _rename, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "name": TYPE_STRING,
			"ifRevision?": TYPE_INT}),
		Command.write("node.move", _move, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "parent?": TYPE_STRING, "index?": TYPE_INT,
			"keepTransform?": TYPE_BOOL,
			"ifRevision?": TYPE_INT}),
		Command.write("node.set_properties", _set_properties, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "properties": TYPE_DICTIONARY,
			"ifRevision?": TYPE_INT}),
		Command.write("node.duplicate", _duplicate, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "name": TYPE_STRING, "parent?": TYPE_STRING,
			"properties?": TYPE_DICTIONARY,
			"index?": TYPE_INT, "ifRevision?": TYPE_INT}),
		Command.write("node.set_reference", _set_reference, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "property": TYPE_STRING, "to?": TYPE_STRING,
			"ifRevision?": TYPE_INT}),
		Command.read("node.find", _find, {
			"scene?": TYPE_STRING, "path?": TYPE_STRING, "name?": TYPE_STRING, "type?": TYPE_STRING,
			"group?": TYPE_STRING,
			"script?": TYPE_STRING, "property?": TYPE_STRING, "value?": TYPE_NIL,
			"limit?": TYPE_INT, "cursor?": TYPE_STRING}),
		Command.read("node.list_groups", _list_groups,
		{"scene?": TYPE_STRING, "path?": TYPE_STRING}),
		Command.read("node.get_group_nodes", _get_group_nodes,
		{"scene?": TYPE_STRING, "group": TYPE_STRING}),
		Command.write("node.set_groups", _set_groups, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "groups?": TYPE_ARRAY, "add?": TYPE_ARRAY,
			"remove?": TYPE_ARRAY, "ifRevision?": TYPE_INT}),
		Command.read("node.list_signals", _list_signals,
		{"scene?": TYPE_STRING, "path": TYPE_STRING, "connectedOnly?": TYPE_BOOL}),
		Command.write("node.connect_signal", _connect_signal, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "signal": TYPE_STRING, "to": TYPE_STRING,
			"method": TYPE_STRING,
			"flags?": TYPE_ARRAY, "binds?": TYPE_ARRAY, "unbinds?": TYPE_INT,
			"ifRevision?": TYPE_INT}),
		Command.write("node.disconnect_signal", _disconnect_signal, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "signal": TYPE_STRING, "to": TYPE_STRING,
			"method": TYPE_STRING,
			"ifRevision?": TYPE_INT}),
		Command.write("node.call_method", _call_method, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "method": TYPE_STRING,
			"args?": TYPE_ARRAY}),
	]


func _get_properties(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_reading(request)
	if view.is_error():
		return view.error
	var result := _properties_in(view, request)
	view.release()
	return result


func _properties_in(view: SceneView, request: CommandRequest) -> CommandResult:
	var node := NodePaths.find(view.root, request.text("path"))
	if node == null:
		return NodePaths.not_found(view.root, request.text("path"))
	var names: Array = request.params.get("names", [])
	for name: Variant in names:
		if not name is String or PropertyInfos.find(node, name, false).is_empty():
			return PropertyEdits.unknown_property(node, str(name), false)
	if names.is_empty():
		var infos := PropertyInfos.all(node, false)
		names = infos.keys() if request.flag("all", false) \
				else PropertyDefaults.changed_names(node, infos)
	var properties: Dictionary = {}
	var stored := StoredValues.new(node)
	var written := PropertyValues.new(view.root, request.flag("whole", false))
	for name: String in names:
		properties[name] = written.write(GlobalPlaces.value(node, name)
				if GlobalPlaces.tells(node, name)
				else stored.value(name))
	return CommandResult.succeeded(view.describe({
		"path": NodePaths.path_of(view.root, node), "type": node.get_class(),
		"properties": properties}))


func _add(request: CommandRequest) -> CommandResult:
	return await _editor.change(request,
			"Add %s"
			% request.text("name", request.text("type", request.text("instance").get_file())),
			NodeEdits.add)


func _delete(request: CommandRequest) -> CommandResult:
	return await _editor.change(request, "Delete %s" % request.text("path"), NodeEdits.delete)


func _rename(request: CommandRequest) -> CommandResult:
	return await _editor.change(request,
			"Rename %s to %s" % [request.text("path"), request.text("name")], NodeEdits.rename)


func _move(request: CommandRequest) -> CommandResult:
	return await _editor.change(request, "Move %s" % request.text("path"), NodeEdits.move)


func _set_properties(request: CommandRequest) -> CommandResult:
	var names := ", ".join(PackedStringArray((request.params["properties"] as Dictionary).keys()))
	return await _editor.change(request, "Set %s of %s" % [names.left(60), request.text("path")],
			PropertyEdits.set_at_path)


func _duplicate(request: CommandRequest) -> CommandResult:
	return await _editor.change(request,
			"Duplicate %s as %s" % [request.text("path"), request.text("name")],
			NodeCopies.duplicate_node)


func _set_reference(request: CommandRequest) -> CommandResult:
	return await _editor.change(request,
			"Set %s of %s" % [request.text("property"), request.text("path")],
			PropertyEdits.set_reference)


func _set_groups(request: CommandRequest) -> CommandResult:
	return await _editor.change(request, "Set groups of %s" % request.text("path"),
			GroupEdits.set_groups)


func _connect_signal(request: CommandRequest) -> CommandResult:
	return await _editor.change(request,
			"Connect %s of %s" % [request.text("signal"), request.text("path")],
			SignalEdits.connect_signal)


func _disconnect_signal(request: CommandRequest) -> CommandResult:
	return await _editor.change(request,
			"Disconnect %s of %s" % [request.text("signal"), request.text("path")],
			SignalEdits.disconnect_signal)


func _find(request: CommandRequest) -> CommandResult:
	return await _read(request, func(view: SceneView) -> CommandResult:
		return NodeSearch.new(view.root, request).run())


func _list_groups(request: CommandRequest) -> CommandResult:
	if not request.has("path"):
		return await _read(request, func(view: SceneView) -> CommandResult:
			return CommandResult.succeeded({"groups": GroupEdits.counts_in(view.root)}))
	return await _read_node(request, func(_root: Node, node: Node) -> Dictionary:
		var groups: Dictionary = {}
		for group: String in GroupEdits.groups_of(node):
			groups[group] = 1
		return {"groups": groups})


func _get_group_nodes(request: CommandRequest) -> CommandResult:
	return await _read(request, func(view: SceneView) -> CommandResult:
		var nodes: Array[Dictionary] = []
		for node: Node in NodePaths.all_nodes(view.root):
			if node.is_in_group(request.text("group")):
				nodes.append(NodeSearch.describe(view.root, node))
		return CommandResult.succeeded({"group": request.text("group"), "nodes": nodes}))


func _list_signals(request: CommandRequest) -> CommandResult:
	return await _read_node(request, func(root: Node, node: Node) -> Dictionary:
		return {"signals": SignalEdits.describe(root, node, request.flag("connectedOnly", false))})


func _call_method(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_writing(request)
	if view.is_error():
		return view.error
	var result := MethodCalls.call_method(view.root, request.params, request.permissions)
	if result.is_failure():
		return result
	if not result.value["isRead"]:
		_editor.keep_lasting(view.root, request.client_id)
		result.value["undoable"] = false
		view.revision = _editor.revisions.of(view.root)
	result.value.erase("isRead")
	return CommandResult.succeeded(view.describe(result.value))


## Answers with what `read` (view) -> CommandResult finds in the scene that is meant.
func _read(request: CommandRequest, read: Callable) -> CommandResult:
	var view := await _editor.scenes.for_reading(request)
	if view.is_error():
		return view.error
	var result: CommandResult = read.call(view)
	view.release()
	return result if result == null or result.is_failure() \
			else CommandResult.succeeded(view.describe(result.value))


## The same for one node: `read` (root, node) -> members of the answer.
func _read_node(request: CommandRequest, read: Callable) -> CommandResult:
	return await _read(request, func(view: SceneView) -> CommandResult:
		var node := NodePaths.find(view.root, request.text("path"))
		if node == null:
			return NodePaths.not_found(view.root, request.text("path"))
		var answer: Dictionary = {"path": NodePaths.path_of(view.root, node)}
		answer.merge(read.call(view.root, node))
		return CommandResult.succeeded(answer))
