## Setting a node's properties and its script, as part of a SceneChange.
extends RefCounted

const CommandResult := preload("../command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const FilePaths := preload("file_paths.gd")
const NearNames := preload("near_names.gd")
const NodePaths := preload("node_paths.gd")
const NodePlacing := preload("node_placing.gd")
const ParsedValue := preload("parsed_value.gd")
const Permissions := preload("permissions.gd")
const ProjectResources := preload("../reading/project_resources.gd")
const PropertyInfos := preload("property_infos.gd")
const PropertyParser := preload("property_parser.gd")
const PropertyValues := preload("property_values.gd")
const Protocol := preload("../protocol.gd")
const SceneChange := preload("scene_change.gd")
const TrackRules := preload("track_rules.gd")
const ScriptLineage := preload("../reading/script_lineage.gd")
const StoredValues := preload("../reading/stored_values.gd")
const GIVEN_LENGTH := 120
## Properties that begin something which goes on after the command.
const BEGINNERS: Array[String] = ["current_animation", "active", "playing", "emitting"]
## Beginnings of properties by which a mixer plays something else than before, or elsewhere.
const OF_MIXERS: Array[String] = ["root_node", "anim_player", "tree_root", "libraries"]


## Sets all of `given`, or none when one of them does not fit. The value has what was read back.
static func set_properties(change: SceneChange, root: Node, node: Node, given: Dictionary) -> CommandResult:
	var refusal := NodePaths.unchangeable(root, node) if node.get_parent() != null or node == root else null
	if refusal != null:
		return refusal
	var parser := PropertyParser.new(root, change.permissions, node)
	var values: Dictionary = {}
	for name: String in given:
		var info := PropertyInfos.find(node, name)
		if info.is_empty():
			return unknown_property(node, name)
		var parsed := parser.parse(given[name], info, node.get(name))
		if not parsed.fits():
			return _misfit(node, name, parsed, given[name])
		values[name] = parsed.value
	NodePlacing.keep(change, node, values.keys())
	for name: String in values:
		change.set_property(node, name, values[name])
	refusal = _refusal_of_effects(change, root, node, values)
	if refusal != null:
		return refusal
	var read_back: Dictionary = {}
	for name: String in values:
		read_back[name] = PropertyValues.to_json(node.get(name), root)
	return CommandResult.succeeded({"path": NodePaths.path_of(root, node), "properties": read_back})


## Why what the values have begun in the editor, as they are set now, may not go on there; null when it may.
static func _refusal_of_effects(change: SceneChange, root: Node, node: Node, values: Dictionary) -> CommandResult:
	var begins := BEGINNERS.any(func(name: String) -> bool: return values.get(name) != null and values[name])
	var plays_other := values.keys().any(func(name: String) -> bool: return OF_MIXERS.any(name.begins_with))
	var refusal := change.live.refusal_to_begin(node) if begins and change.live != null else null
	if refusal == null and node is AnimationMixer and (begins or plays_other):
		refusal = TrackRules.refusal_to_play(root, node, change.permissions)
	return refusal


## node.set_properties as one operation: finds the node by its path.
static func set_at_path(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var node := NodePaths.find(root, params["path"])
	return set_properties(change, root, node, params["properties"]) if node != null else NodePaths.not_found(root, params["path"])


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
		given = String(node.get_path_to(target)) if target != null else ""
	elif info["type"] != TYPE_OBJECT or info["hint"] != PROPERTY_HINT_NODE_TYPE:
		return CommandResult.failed("INVALID_PARAMS", "'%s' of '%s' is no reference to a node." % [params["property"], params["path"]],
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
	if resolved.has("failure"):
		return resolved["failure"]
	refusal = change.permissions.refusal(Permissions.ATTACH)
	if refusal != null:
		return refusal
	var path: String = resolved["path"]
	refusal = _unfit_base(node, ScriptLineage.native_base(path), path)
	if refusal != null:
		return refusal
	var script := ProjectResources.script(path, change.permissions) \
			if ResourceLoader.exists(path, "Script") else null
	refusal = _unfit_script(node, script, path)
	if refusal != null:
		return refusal
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
	_swap_script(change, node, null)
	return CommandResult.succeeded({
			"path": NodePaths.path_of(root, node), "script": DormantFiles.path_of(script)})


static func unknown_property(node: Node, name: String, asks_script: bool = true) -> CommandResult:
	if name == "name":
		return CommandResult.failed("INVALID_PARAMS", "The name of a node is no property.", "Use node.rename.")
	var near := NearNames.of(name, PropertyInfos.all(node, asks_script).keys())
	var hint := NearNames.question(near) if not near.is_empty() \
			else "node.get_properties with all shows what it has."
	if not asks_script and StoredValues.new(node).has_computed():
		hint = "Its tool script computes properties: a read does not run it."
	return CommandResult.failed("NOT_FOUND",
			"%s '%s' has no property '%s'." % [node.get_class(), node.get_name(), name], hint, near)


static func _misfit(node: Node, name: String, parsed: ParsedValue, given: Variant) -> CommandResult:
	if parsed.refusal != null:
		return parsed.refusal
	var text := Protocol.encode_value(given)
	if text.length() > GIVEN_LENGTH:
		text = text.left(GIVEN_LENGTH) + "..."
	return CommandResult.failed("INVALID_PARAMS", "Property '%s' of '%s' must be %s; given was %s." % [name, node.name, parsed.expected, text]) \
			.with("property", name).with("expected", parsed.expected)


static func _unfit_script(node: Node, script: Script, path: String) -> CommandResult:
	if not FileAccess.file_exists(path):
		return CommandResult.failed("NOT_FOUND", "There is no script %s." % path)
	var base := script.get_instance_base_type() if script != null else &""
	if base.is_empty():
		return CommandResult.failed("SCRIPT_COMPILE_FAILED", "%s does not compile." % path, "script.validate shows why.")
	return _unfit_base(node, base, path)


## A script is loaded, which may run it, only when it can be this node's.
static func _unfit_base(node: Node, base: String, path: String) -> CommandResult:
	if base.is_empty() or ClassDB.is_parent_class(node.get_class(), base):
		return null
	return CommandResult.failed("INVALID_PARAMS",
			"%s extends %s; '%s' is a %s." % [path, base, node.get_name(), node.get_class()])


## Taking a script away loses the values of its variables: undoing sets them again.
static func _swap_script(change: SceneChange, node: Node, script: Script) -> void:
	var before: Script = node.get_script()
	for info: Dictionary in before.get_script_property_list() if before != null else [] as Array[Dictionary]:
		if info["usage"] & PROPERTY_USAGE_STORAGE:
			change.also_undo(node, &"set", [info["name"], node.get(info["name"])])
	change.run(node, &"set_script", [script], &"set_script", [before])
