## Saves an open scene through the editor, and believes it when the file holds what the scene has.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const FileWriter := preload("../files/file_writer.gd")
const MissingParts := preload("../reading/missing_parts.gd")
const SceneSaving := preload("scene_saving.gd")

## Of the numbers in a file, so much may be lost: before Godot 4.5 it keeps six digits.
const PRECISION := 0.0001
## What a file says of a node of an instance beside its values, where it says no more.
const OF_INSTANCE: Array = [&"", "", "", []]

var _root: Node
var _path: String
## What the editor is about to write.
var _packed := PackedScene.new()
var _digest_before: String = ""
var _modified_before: int = 0


## `save` has the editor write the scene of `root` to the file `path`. Null when the file has it.
static func run(root: Node, path: String, save: Callable) -> CommandResult:
	return SceneSaving.new(root, path)._run(save)


func _init(root: Node, path: String) -> void:
	_root = root
	_path = path


func _run(save: Callable) -> CommandResult:
	var error := _pack()
	if error != OK:
		return _unpacked(error)
	_digest_before = FileAccess.get_md5(_path)
	_modified_before = FileAccess.get_modified_time(_path) if FileAccess.file_exists(_path) else 0
	var failure := FileWriter.by_engine(_path,
			func(to: String) -> Error: return ResourceSaver.save(_packed, to),
			func(_to: String) -> Error: return save.call(), _holds)
	if failure != null:
		EditorInterface.mark_scene_as_unsaved()
	return failure


## As the editor packs it: scripts of the scene may put aside what is not to be saved.
func _pack() -> Error:
	_root.propagate_notification(Node.NOTIFICATION_EDITOR_PRE_SAVE)
	var error := _packed.pack(_root)
	_root.propagate_notification(Node.NOTIFICATION_EDITOR_POST_SAVE)
	return error


## Why the editor cannot put the scene together: it loads the scenes that stand in it.
func _unpacked(error: Error) -> CommandResult:
	var missing := MissingParts.instances_without_file(_root)
	if missing.is_empty():
		missing = MissingParts.below(_root.get_scene_file_path())
	if missing.is_empty():
		return CommandResult.failed("INTERNAL_ERROR",
				"The editor cannot put %s together: %s. Nothing was saved."
				% [_path, error_string(error)],
				"editor.get_log shows what it says of it.")
	return CommandResult.failed("CONFLICT",
			"%s consists of scenes whose files are missing: %s. Nothing was saved."
			% [_path, MissingParts.listed(missing)],
			"Bring the files back and save again, or delete the nodes that are instances of them.").with("missing", missing)


## Whether a file holds the scene. The editor puts animated nodes back to their RESET before it
## saves: so the values in its own file are compared only if it may not have written at all.
func _holds(file: String) -> bool:
	if FileWriter.TEXTS.has(file.get_extension().to_lower()) \
			and not FileWriter.ends_its_last_line(file):
		return false
	var in_file := ResourceLoader.load(file, "PackedScene",
			ResourceLoader.CACHE_MODE_IGNORE) as PackedScene
	if in_file == null:
		return false
	var state := in_file.get_state()
	return _nodes(state) == _nodes(_packed.get_state()) \
			and _connections(state) == _connections(_packed.get_state()) \
			and (_is_surely_written(file) or _same_values(state))


func _is_surely_written(file: String) -> bool:
	return file == _path and (FileAccess.get_md5(file) != _digest_before
			or FileAccess.get_modified_time(file) != _modified_before)


## Nodes, without those of instances that only have other values: the editor puts animated ones back
## to their RESET.
static func _nodes(state: SceneState) -> Array:
	var nodes: Array = []
	for index: int in state.get_node_count():
		var instance := state.get_node_instance(index)
		# A file has them in the order of the alphabet.
		var groups := Array(state.get_node_groups(index)) \
				.map(func(group: StringName) -> String: return group)
		groups.sort()
		var node := [state.get_node_type(index), instance.resource_path if instance != null else "",
				state.get_node_instance_placeholder(index), groups]
		if node != OF_INSTANCE:
			nodes.append([_path_of(state.get_node_path(index))] + node)
	return nodes


static func _connections(state: SceneState) -> Array:
	var connections: Array = []
	for index: int in state.get_connection_count():
		connections.append("%s.%s %s.%s %d %d" % [_path_of(state.get_connection_source(index)),
				state.get_connection_signal(index),
				_path_of(state.get_connection_target(index)), state.get_connection_method(index),
				state.get_connection_flags(index), state.get_connection_unbinds(index)])
	connections.sort()
	return connections


## A packed scene's paths begin with "./", those of a file do not.
static func _path_of(path: NodePath) -> String:
	return String(path).trim_prefix("./")


## Of animated nodes the file has what RESET says, not what they show.
func _same_values(state: SceneState) -> bool:
	var in_file := _values(state)
	var in_scene := _values(_packed.get_state())
	for path: String in _animated():
		in_file.erase(path)
		in_scene.erase(path)
	return _is_same(in_file, in_scene)


## Paths of the nodes that animations of the scene reach.
func _animated() -> Array[String]:
	var paths: Array[String] = []
	for mixer: AnimationMixer in _root.find_children("*", "AnimationMixer", true, false):
		var base := mixer.get_node_or_null(mixer.root_node)
		for name: StringName in mixer.get_animation_list() if base != null else []:
			var animation := mixer.get_animation(name)
			for track: int in animation.get_track_count():
				var node := base.get_node_or_null(
						NodePath(animation.track_get_path(track).get_concatenated_names()))
				if node != null:
					paths.append(_path_of(_root.get_path_to(node)))
	return paths


## Properties by path of their node.
static func _values(state: SceneState) -> Dictionary:
	var values: Dictionary = {}
	for index: int in state.get_node_count():
		values[_path_of(state.get_node_path(index))] = _properties(state, index)
	return values


static func _properties(state: SceneState, index: int) -> Dictionary:
	var properties: Dictionary = {}
	for property: int in state.get_node_property_count(index):
		properties[
				String(state.get_node_property_name(index,
				property))] = state.get_node_property_value(index, property)
	return properties


## Equal as far as a file keeps it. Of resources within the scene only the class counts: their own
## setters may put their values in order.
static func _is_same(one: Variant, other: Variant) -> bool:
	if one is Resource and other is Resource:
		return (one as Resource).get_class() == (other as Resource).get_class()
	if one is Resource != other is Resource:
		return false
	if one is Object or other is Object:
		# Nodes and the like are in no file.
		return true
	if typeof(one) != typeof(other):
		return false
	if one is float:
		return is_equal_approx(one, other) or absf(one - other) <= PRECISION * maxf(absf(one),
				absf(other)) or is_nan(one) and is_nan(other)
	if one is Dictionary:
		return one.size() == other.size() and (one as Dictionary).keys().all(
				func(key: Variant) -> bool:
					return key is Object or other.has(key) and _is_same(one[key], other[key]))
	if one is Array:
		return one.size() == other.size() and range(one.size()) \
				.all(func(at: int) -> bool: return _is_same(one[at], other[at]))
	return one == other or var_to_str(one) == var_to_str(other) or _is_near(one, other)


## Vectors and whatever else consists of numbers.
static func _is_near(one: Variant, other: Variant) -> bool:
	match typeof(one):
		TYPE_VECTOR2, TYPE_VECTOR3, TYPE_VECTOR4, TYPE_RECT2, TYPE_TRANSFORM2D, TYPE_PLANE, TYPE_QUATERNION, TYPE_AABB, TYPE_BASIS, TYPE_TRANSFORM3D, TYPE_COLOR:
			return one.is_equal_approx(other)
		TYPE_PACKED_FLOAT32_ARRAY, TYPE_PACKED_FLOAT64_ARRAY, TYPE_PACKED_VECTOR2_ARRAY, TYPE_PACKED_VECTOR3_ARRAY, TYPE_PACKED_COLOR_ARRAY, TYPE_PROJECTION:
			return typeof(one) == TYPE_PROJECTION or one.size() == other.size()
	return false
