## What an animation may set in the editor: who plays it sets properties past the rules for values.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const NodePaths := preload("node_paths.gd")
const Permissions := preload("../requests/permissions.gd")

const SCRIPT := "script"
## Property of the transitions of a state machine. The editor evaluates it for a tree that is
## active, and by get_node() it reaches every script that is a tool.
const EXPRESSION := "advance_expression"

## Names of properties of the engine's classes that hold paths of nodes, each with true.
static var _path_properties: Dictionary = {}


## Why `path` may not be written where no rule sees what is set by it; null when it may.
static func refusal(path: NodePath, permissions: Permissions) -> CommandResult:
	var names := _names(path)
	var withheld := permissions.refusal(Permissions.ATTACH) if names.has(SCRIPT) else null
	if withheld != null or ExecutionGate.is_open() or not names.any(_is_ruled):
		return withheld
	return ExecutionGate.refusal_of_reach(
			"What '%s' sets would not be held to the rules for values." % path)


## Why nothing may be played by `mixer`: a track of it leads out of the scene, or sets what does, or
## a script. Null when it may.
static func refusal_to_play(root: Node, mixer: AnimationMixer,
		permissions: Permissions) -> CommandResult:
	var base := mixer.get_node_or_null(mixer.root_node)
	for name: StringName in mixer.get_animation_list():
		var animation := mixer.get_animation(name)
		for track: int in animation.get_track_count():
			var path := animation.track_get_path(track)
			var withheld := permissions.refusal(Permissions.ATTACH) if _names(path).has(SCRIPT) \
					else null
			if withheld != null:
				return withheld
			if not ExecutionGate.is_open() and (NodePaths.leads_out(root, base, path)
					or _sets_way_out(root, base, animation, track)):
				return ExecutionGate.refusal_of_reach(
						"Track %d of '%s' leads out of the scene: %s." % [track, name, path])
	return null


static func _names(path: NodePath) -> Array:
	return Array(String(path.get_concatenated_subnames()).split(":"))


static func _is_ruled(name: String) -> bool:
	if _path_properties.is_empty():
		_path_properties[EXPRESSION] = true
		for type: String in ClassDB.get_inheriters_from_class("Object"):
			for info: Dictionary in ClassDB.class_get_property_list(type, true):
				if info["type"] == TYPE_NODE_PATH:
					_path_properties[info["name"]] = true
	return _path_properties.has(name)


## Whether one of the keys is a path that leads out, from where it would be set; a text becomes a
## path there.
static func _sets_way_out(root: Node, base: Node, animation: Animation, track: int) -> bool:
	var path := animation.track_get_path(track)
	if animation.track_get_type(track) != Animation.TYPE_VALUE or base == null:
		return false
	if _names(path).has(EXPRESSION):
		return true
	var found := base.get_node_and_resource(path)
	var target: Node = found[0]
	if target == null \
			or not target.get_indexed(NodePath(path.get_concatenated_subnames())) is NodePath:
		return false
	for key: int in animation.track_get_key_count(track):
		if NodePaths.leads_out(root, target,
				NodePath(str(animation.track_get_key_value(track, key)))):
			return true
	return false
