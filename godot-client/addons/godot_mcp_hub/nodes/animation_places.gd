## Finds what animation commands name: the player, its libraries and animations, and what a track
## leads to.
extends RefCounted

const AnimationPlaces := preload("animation_places.gd")
const CommandResult := preload("../requests/command_result.gd")
const NearNames := preload("../texts/near_names.gd")
const NodePaths := preload("../values/node_paths.gd")
const ParsedValue := preload("../values/parsed_value.gd")
const Permissions := preload("../requests/permissions.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const PropertyParser := preload("../values/property_parser.gd")
const PropertyValues := preload("../values/property_values.gd")
const Result := preload("../requests/result.gd")

const TRACK_TYPES: Dictionary = {
	"value": Animation.TYPE_VALUE,
	"position_3d": Animation.TYPE_POSITION_3D,
	"rotation_3d": Animation.TYPE_ROTATION_3D,
	"scale_3d": Animation.TYPE_SCALE_3D,
	"blend_shape": Animation.TYPE_BLEND_SHAPE,
	"method": Animation.TYPE_METHOD,
	"bezier": Animation.TYPE_BEZIER,
	"audio": Animation.TYPE_AUDIO,
	"animation": Animation.TYPE_ANIMATION,
}
const LOOPS: Dictionary = {"none": Animation.LOOP_NONE, "linear": Animation.LOOP_LINEAR,
		"pingpong": Animation.LOOP_PINGPONG}
const INTERPOLATIONS: Dictionary = {
	"nearest": Animation.INTERPOLATION_NEAREST,
	"linear": Animation.INTERPOLATION_LINEAR,
	"cubic": Animation.INTERPOLATION_CUBIC,
	"linear_angle": Animation.INTERPOLATION_LINEAR_ANGLE,
	"cubic_angle": Animation.INTERPOLATION_CUBIC_ANGLE,
}
const UPDATES: Dictionary = {
	"continuous": Animation.UPDATE_CONTINUOUS,
	"discrete": Animation.UPDATE_DISCRETE,
	"capture": Animation.UPDATE_CAPTURE,
}


## The AnimationPlayer at the path.
static func player(root: Node, path: String) -> Result:
	var node := NodePaths.find(root, path)
	if node == null:
		return Result.err(NodePaths.not_found(root, path))
	if not node is AnimationPlayer:
		return Result.err(CommandResult.failed("INVALID_PARAMS",
				"'%s' is a %s, no AnimationPlayer." % [path, node.get_class()]))
	return Result.ok(node)


## `{player, animation}` of the animation with this name.
static func animation(root: Node, path: String, name: String) -> Result:
	var found := player(root, path)
	if found.is_error():
		return found
	var owner: AnimationPlayer = found.value
	if not owner.has_animation(name):
		var near := NearNames.of(name, Array(owner.get_animation_list()))
		return Result.err(CommandResult.failed("NOT_FOUND",
				"'%s' has no animation '%s'." % [path, name], NearNames.question(near), near))
	return Result.ok({"player": owner, "animation": owner.get_animation(name)})


## Null when what belongs to the player is saved in this scene; otherwise where it belongs.
static func unchangeable(root: Node, owner: AnimationPlayer, resource: Resource) -> CommandResult:
	var refusal := NodePaths.unchangeable(root, owner)
	if refusal != null or resource == null or resource.get_path().is_empty():
		return refusal
	var file := resource.get_path().get_slice("::", 0)
	if file == root.get_scene_file_path():
		return null
	return CommandResult.failed("INVALID_PARAMS", "This animation is kept in %s." % file,
			"Change it there, or make it unique to this scene.")


## Name of the library in "library/animation"; the player's own library has none.
static func library_name(name: String) -> String:
	return name.get_slice("/", 0) if name.contains("/") else ""


static func short_name(name: String) -> String:
	return name.get_slice("/", 1) if name.contains("/") else name


## The node that the player's tracks are relative to.
static func base_of(owner: AnimationPlayer) -> Node:
	return owner.get_node_or_null(owner.get_root_node())


## The node that a track moves; null when there is none.
static func target_of(owner: AnimationPlayer, track_owner: Animation, track: int) -> Node:
	var base := base_of(owner)
	return base.get_node_or_null(
			NodePath(track_owner.track_get_path(track).get_concatenated_names())) if base != null \
			else null


## What a track moves: `{"node", "property"}`, paths and names as commands write them; the raw path
## when nothing is there.
static func describe_target(root: Node, owner: AnimationPlayer, path: NodePath) -> Dictionary:
	var base := base_of(owner)
	var node := base.get_node_or_null(NodePath(path.get_concatenated_names())) if base != null \
			else null
	if node == null or not (node == root or root.is_ancestor_of(node)):
		return {"missing": String(path)}
	var described: Dictionary = {"node": NodePaths.path_of(root, node)}
	if path.get_subname_count() > 0:
		described["property"] = String(path.get_concatenated_subnames())
	return described


## The name of a value in one of the tables above.
static func name_in(table: Dictionary, value: int) -> String:
	var name: Variant = table.find_key(value)
	return name if name != null else str(value)


## Null when every given member of `params` is a name of its table; otherwise which is not.
static func unknown_name(params: Dictionary, tables: Dictionary) -> CommandResult:
	for member: String in tables:
		if params.has(member) and not (tables[member] as Dictionary).has(params[member]):
			return CommandResult.failed("INVALID_PARAMS",
					"'%s' must be one of: %s." % [member,
					", ".join(PackedStringArray((tables[member] as Dictionary).keys()))])
	return null


## Values of animation keys: read by the type of what the track moves, and written as JSON.
class AnimationValues extends RefCounted:
	const FIXED_TYPES: Dictionary = {
		Animation.TYPE_POSITION_3D: TYPE_VECTOR3,
		Animation.TYPE_ROTATION_3D: TYPE_QUATERNION,
		Animation.TYPE_SCALE_3D: TYPE_VECTOR3,
		Animation.TYPE_BLEND_SHAPE: TYPE_FLOAT,
		Animation.TYPE_BEZIER: TYPE_FLOAT,
		Animation.TYPE_ANIMATION: TYPE_STRING_NAME,
	}

	## Null when a track of `type` can move `property` of `target`; otherwise why not.
	static func unfit_target(target: Node, type: int, property: String) -> CommandResult:
		if type in [Animation.TYPE_POSITION_3D, Animation.TYPE_ROTATION_3D,
				Animation.TYPE_SCALE_3D] and not target is Node3D:
			return CommandResult.failed("INVALID_PARAMS",
					"Such a track moves a Node3D; '%s' is a %s."
					% [target.name, target.get_class()])
		if not type in [Animation.TYPE_VALUE, Animation.TYPE_BEZIER, Animation.TYPE_BLEND_SHAPE]:
			return null if property.is_empty() else CommandResult.failed("INVALID_PARAMS",
					"A track of this type takes no 'property'.")
		if property.is_empty():
			return CommandResult.failed("INVALID_PARAMS",
					"This track needs 'property', such as \"position\" or \"modulate:a\".")
		var name := property.get_slice(":", 0)
		if type == Animation.TYPE_BLEND_SHAPE or not PropertyInfos.find(target, name).is_empty():
			return null
		var near := NearNames.of(name, PropertyInfos.all(target).keys())
		return CommandResult.failed("NOT_FOUND",
				"%s '%s' has no property '%s'." % [target.get_class(), target.name, name],
				NearNames.question(near), near)

	## `permissions` are those of the request that writes the key.
	static func parse(permissions: Permissions, root: Node, player: AnimationPlayer,
			animation: Animation, track: int, given: Variant) -> ParsedValue:
		var type := animation.track_get_type(track)
		var parser := PropertyParser.new(root, permissions,
				AnimationPlaces.target_of(player, animation, track))
		if FIXED_TYPES.has(type):
			var parsed := parser.parse(given, {"type": FIXED_TYPES[type]})
			if parsed.fits() and type == Animation.TYPE_BEZIER:
				parsed.value = [parsed.value, 0.0, 0.0, 0.0, 0.0]
			return parsed
		if type == Animation.TYPE_METHOD:
			return _method_call(parser, given)
		if type == Animation.TYPE_AUDIO:
			var stream := parser.parse(given,
					{"type": TYPE_OBJECT, "hint": PROPERTY_HINT_RESOURCE_TYPE,
					"hint_string": "AudioStream"})
			if stream.fits():
				stream.value = {"stream": stream.value, "start_offset": 0.0, "end_offset": 0.0}
			return stream
		return parser.parse(given, _info_of_target(player, animation, track))

	static func to_json(root: Node, animation: Animation, track: int, key: int) -> Variant:
		var value: Variant = animation.track_get_key_value(track, key)
		if animation.track_get_type(track) == Animation.TYPE_BEZIER:
			return (value as Array)[0]
		return PropertyValues.to_json(value, root)

	static func _method_call(parser: PropertyParser, given: Variant) -> ParsedValue:
		if not given is Dictionary or not (given as Dictionary).get("method") is String \
				or not (given as Dictionary).get("args", []) is Array:
			return ParsedValue.misfit('a call such as {"method":"hide","args":[]}')
		var args := parser.parse(given.get("args", []), {"type": TYPE_ARRAY})
		if not args.fits():
			return args.of_part("in 'args'")
		return ParsedValue.of({"method": StringName(given["method"]), "args": args.value})

	## Property info of what a value track moves: of the property itself, or the type of the part of
	## it that is meant.
	static func _info_of_target(player: AnimationPlayer, animation: Animation,
			track: int) -> Dictionary:
		var path := animation.track_get_path(track)
		var node := AnimationPlaces.target_of(player, animation, track)
		if node == null or path.get_subname_count() == 0:
			return {"type": TYPE_NIL}
		if path.get_subname_count() == 1:
			var info := PropertyInfos.find(node, path.get_subname(0))
			return info if not info.is_empty() else {"type": TYPE_NIL}
		return {"type": typeof(node.get_indexed(NodePath(path.get_concatenated_subnames())))}
