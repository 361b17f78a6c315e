## Setting a node's properties and its script, as part of a SceneChange.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const FilePaths := preload("../files/file_paths.gd")
const HeldPaths := preload("../values/held_paths.gd")
const LoadedScripts := preload("../reading/loaded_scripts.gd")
const NearNames := preload("../texts/near_names.gd")
const NodePaths := preload("../values/node_paths.gd")
const OutwardPaths := preload("node_copies.gd").OutwardPaths
const ParsedValue := preload("../values/parsed_value.gd")
const Permissions := preload("../requests/permissions.gd")
const ProjectResources := preload("../reading/project_resources.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const PropertyParser := preload("../values/property_parser.gd")
const PropertySnapshot := preload("../undo/property_snapshot.gd")
const PropertyValues := preload("../values/property_values.gd")
const PropertyWriter := preload("../values/property_writer.gd")
const Protocol := preload("../wire/protocol.gd")
const SceneChange := preload("../undo/scene_change.gd")
const TrackRules := preload("../values/track_rules.gd")
const ScriptFit := preload("../scripts/script_fit.gd")
const StoredValues := preload("../reading/stored_values.gd")
const GIVEN_LENGTH := 120
## Properties that begin something which goes on after the command.
const BEGINNERS: Array[String] = ["current_animation", "active", "playing", "emitting"]
## Beginnings of properties by which a mixer plays something else than before, or elsewhere.
const OF_MIXERS: Array[String] = ["root_node", "anim_player", "tree_root", "libraries"]


## Sets all of `given`, or none when one of them does not fit. The value has what was read back.
static func set_properties(change: SceneChange, root: Node, node: Node,
		given: Dictionary) -> CommandResult:
	var refusal := NodePaths.unchangeable(root, node) if node.get_parent() != null or node == root \
			else null
	if refusal != null:
		return refusal
	_freshen_script_of(node, change.permissions)
	var parser := PropertyParser.new(root, change.permissions, node)
	var path := NodePaths.path_of(root, node)
	var snapshot := keep(change, node)
	var writer := PropertyWriter.new(node, root, parser.parse, _put.bind(change, node),
			change.permissions)
	writer.of_parts = parser.keep_unseen()
	parser.judges_relative_to_others = false
	var led_out := OutwardPaths.count_elsewhere(root, node)
	var problem := writer.write(given)
	if problem != null:
		# What must not be begun is refused, whether it took or not.
		refusal = _refusal_of_effects(change, root, node, writer.changed()) \
				if is_instance_valid(node) else null
		return refusal if refusal != null else _misfit(node, writer.failed_name, problem,
				given[writer.failed_name])
	if not is_instance_valid(node) or node.is_queued_for_deletion():
		change.is_undoable = false
		return CommandResult.succeeded({"path": path, "properties": {}, "notes": [
				"A setter of its script has deleted the node: undo cannot bring it back."]})
	refusal = _refusal_of_effects(change, root, node, writer.changed())
	if refusal == null and not ExecutionGate.is_open() \
			and OutwardPaths.count_elsewhere(root, node) > led_out:
		refusal = ExecutionGate.refusal_of_reach("A path in '%s' would lead out of the scene."
				% node.name)
	if refusal != null:
		return refusal
	if snapshot != null:
		snapshot.keep_only_changed()
	var read_back: Dictionary = {}
	var written := PropertyValues.new(root)
	for name: String in given:
		read_back[name] = written.write(node.get(name))
	var answer: Dictionary = {"path": path, "properties": read_back}
	if not (parser.notes + writer.notes).is_empty():
		answer["notes"] = parser.notes + writer.notes
	return CommandResult.succeeded(answer)


## Lets undoing `change` end with all that the node has now: setting one property changes others.
## Null for a node that the change has made.
static func keep(change: SceneChange, node: Node) -> PropertySnapshot:
	if change.has_made(node):
		return null
	var snapshot := PropertySnapshot.new(node)
	change.also_undo(snapshot, &"restore", [])
	return snapshot


## The same for all that a container may place or hide when one of its children comes or goes.
static func keep_places(change: SceneChange, node: Node, parents: Array[Node]) -> void:
	if not node is Control:
		return
	keep(change, node)
	for parent: Node in parents:
		if parent is Container:
			keep(change, parent)
		# Its tabs hide one another.
		for child: Node in parent.get_children() if parent is TabContainer else [] as Array[Node]:
			if child != node:
				keep(change, child)


## The script of a node that could not be compiled may be right now: then the node has its
## properties again.
static func _freshen_script_of(node: Node, permissions: Permissions) -> void:
	var script := node.get_script() as GDScript
	if script != null and not permissions.only_looks and not script.is_built_in() \
			and LoadedScripts.is_broken(script):
		LoadedScripts.of(script.resource_path)


## A name that was not there before has no value to go back to.
static func _put(name: String, value: Variant, was_there: bool, change: SceneChange,
		node: Node) -> void:
	if name == "script":
		_swap_script(change, node, value)
	elif was_there:
		change.set_property(node, name, value)
	else:
		change.also_do(node, &"set", [name, value])


## Why what the values have begun in the editor, as they are set now, may not go on there; null when
## it may.
static func _refusal_of_effects(change: SceneChange, root: Node, node: Node,
		values: Dictionary) -> CommandResult:
	var plays_other := values.keys().any(func(name: String) -> bool:
		return OF_MIXERS.any(name.begins_with))
	# A tree is active from the beginning.
	var begins := plays_other and node is AnimationTree and (node as AnimationTree).active \
			or BEGINNERS.any(func(name: String) -> bool:
				return values.get(name) != null and values[name])
	var refusal := change.live.refusal_to_begin(node) if begins and change.live != null else null
	if refusal == null and node is AnimationMixer and (begins or plays_other):
		refusal = TrackRules.refusal_to_play(root, node, change.permissions)
	return refusal


## node.set_properties as one operation: finds the node by its path.
static func set_at_path(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var node := NodePaths.find(root, params["path"])
	return set_properties(change, root, node, params["properties"]) if node != null \
			else NodePaths.not_found(root, params["path"])


## node.set_reference: lets a property point to a node of the scene, or to none.
static func set_reference(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var node := NodePaths.find(root, params["path"])
	if node == null:
		return NodePaths.not_found(root, params["path"])
	var info := PropertyInfos.find(node, params["property"])
	if info.is_empty():
		return unknown_property(node, params["property"])
	var target := NodePaths.find(root, params["to"]) if params.has("to") else null
	if params.has("to") and target == null:
		return NodePaths.not_found(root, params["to"])
	var given: Variant = params.get("to")
	if info["type"] == TYPE_NODE_PATH:
		var base := HeldPaths.base_of(node, params["property"])
		given = String((base if base != null else node).get_path_to(target)) if target != null \
				else ""
	elif info["type"] != TYPE_OBJECT or info["hint"] != PROPERTY_HINT_NODE_TYPE:
		return CommandResult.failed("INVALID_PARAMS",
				"'%s' of '%s' is no reference to a node." % [params["property"], params["path"]],
				"Use node.set_properties.")
	return set_properties(change, root, node, {params["property"]: given})


## script.attach as one operation.
static func attach_script(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var node := NodePaths.find(root, params["path"])
	if node == null:
		return NodePaths.not_found(root, params["path"])
	var refusal := NodePaths.unchangeable(root, node)
	if refusal != null:
		return refusal
	var resolved := FilePaths.resolve(params["script"])
	if resolved.is_error():
		return resolved.error
	refusal = change.permissions.refusal(Permissions.ATTACH)
	if refusal != null:
		return refusal
	var path: String = resolved.value
	refusal = ScriptFit.refusal_of_file(node, path)
	if refusal != null:
		return refusal
	var script := ProjectResources.script(path, change.permissions) \
			if ResourceLoader.exists(path, "Script") else null
	refusal = ScriptFit.refusal(node, script, path)
	if refusal != null:
		return refusal
	keep(change, node)
	_swap_script(change, node, script)
	return CommandResult.succeeded({"path": NodePaths.path_of(root, node), "script": path})


## script.detach as one operation.
static func detach_script(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var node := NodePaths.find(root, params["path"])
	if node == null:
		return NodePaths.not_found(root, params["path"])
	var refusal := NodePaths.unchangeable(root, node)
	if refusal != null:
		return refusal
	var script: Script = node.get_script()
	if script == null:
		return CommandResult.failed("NOT_FOUND", "'%s' has no script." % params["path"])
	refusal = change.permissions.refusal(Permissions.DETACH)
	if refusal != null:
		return refusal
	keep(change, node)
	_swap_script(change, node, null)
	return CommandResult.succeeded({
			"path": NodePaths.path_of(root, node), "script": DormantFiles.path_of(script)})


static func unknown_property(node: Node, name: String, asks_script: bool = true) -> CommandResult:
	if name == "name":
		return CommandResult.failed("INVALID_PARAMS", "The name of a node is no property.",
				"Use node.rename.")
	var near := NearNames.of(name, PropertyInfos.all(node, asks_script).keys())
	var hint := NearNames.question(near) if not near.is_empty() \
			else "node.get_properties with all shows what it has."
	if not asks_script and StoredValues.new(node).has_computed():
		hint = "Its tool script computes properties: a read does not run it."
	return CommandResult.failed("NOT_FOUND",
			"%s '%s' has no property '%s'." % [node.get_class(), node.get_name(), name], hint, near)


static func _misfit(node: Node, name: String, parsed: ParsedValue, given: Variant) -> CommandResult:
	if parsed.is_unknown:
		return unknown_property(node, name)
	if parsed.refusal != null:
		return parsed.refusal
	var text := Protocol.encode_value(given)
	if text.length() > GIVEN_LENGTH:
		text = text.left(GIVEN_LENGTH) + "..."
	return CommandResult.failed("INVALID_PARAMS",
			"Property '%s' of '%s' must be %s; given was %s."
			% [name, node.name, parsed.expected, text]) \
			.with("property", name).with("expected", parsed.expected)


static func _swap_script(change: SceneChange, node: Node, script: Script) -> void:
	change.run(node, &"set_script", [script], &"set_script", [node.get_script()])
