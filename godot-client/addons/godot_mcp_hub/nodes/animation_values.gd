## Values of animation keys: read by the type of what the track moves, and written as JSON.
extends RefCounted

const AnimationPlaces := preload("animation_places.gd")
const CommandResult := preload("../requests/command_result.gd")
const NearNames := preload("../texts/near_names.gd")
const ParsedValue := preload("../values/parsed_value.gd")
const Permissions := preload("../requests/permissions.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const PropertyParser := preload("../values/property_parser.gd")
const PropertyValues := preload("../values/property_values.gd")

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
	if type in [Animation.TYPE_POSITION_3D, Animation.TYPE_ROTATION_3D, Animation.TYPE_SCALE_3D] and not target is Node3D:
		return CommandResult.failed("INVALID_PARAMS", "Such a track moves a Node3D; '%s' is a %s." % [target.name, target.get_class()])
	if not type in [Animation.TYPE_VALUE, Animation.TYPE_BEZIER, Animation.TYPE_BLEND_SHAPE]:
		return null if property.is_empty() else CommandResult.failed("INVALID_PARAMS", "A track of this type takes no 'property'.")
	if property.is_empty():
		return CommandResult.failed("INVALID_PARAMS", "This track needs 'property', such as \"position\" or \"modulate:a\".")
	var name := property.get_slice(":", 0)
	if type == Animation.TYPE_BLEND_SHAPE or not PropertyInfos.find(target, name).is_empty():
		return null
	var near := NearNames.of(name, PropertyInfos.all(target).keys())
	return CommandResult.failed("NOT_FOUND", "%s '%s' has no property '%s'." % [target.get_class(), target.name, name], NearNames.question(near), near)


## `permissions` are those of the request that writes the key.
static func parse(permissions: Permissions, root: Node, player: AnimationPlayer, animation: Animation, track: int, given: Variant) -> ParsedValue:
	var type := animation.track_get_type(track)
	var parser := PropertyParser.new(root, permissions, AnimationPlaces.target_of(player, animation, track))
	if FIXED_TYPES.has(type):
		var parsed := parser.parse(given, {"type": FIXED_TYPES[type]})
		if parsed.fits() and type == Animation.TYPE_BEZIER:
			parsed.value = [parsed.value, 0.0, 0.0, 0.0, 0.0]
		return parsed
	if type == Animation.TYPE_METHOD:
		return _method_call(parser, given)
	if type == Animation.TYPE_AUDIO:
		var stream := parser.parse(given, {"type": TYPE_OBJECT, "hint": PROPERTY_HINT_RESOURCE_TYPE, "hint_string": "AudioStream"})
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
	if not given is Dictionary or not (given as Dictionary).get("method") is String or not (given as Dictionary).get("args", []) is Array:
		return ParsedValue.misfit('a call such as {"method":"hide","args":[]}')
	var args := parser.parse(given.get("args", []), {"type": TYPE_ARRAY})
	if not args.fits():
		return args.of_part("in 'args'")
	return ParsedValue.of({"method": StringName(given["method"]), "args": args.value})


## Property info of what a value track moves: of the property itself, or the type of the part of it that is meant.
static func _info_of_target(player: AnimationPlayer, animation: Animation, track: int) -> Dictionary:
	var path := animation.track_get_path(track)
	var node := AnimationPlaces.target_of(player, animation, track)
	if node == null or path.get_subname_count() == 0:
		return {"type": TYPE_NIL}
	if path.get_subname_count() == 1:
		var info := PropertyInfos.find(node, path.get_subname(0))
		return info if not info.is_empty() else {"type": TYPE_NIL}
	return {"type": typeof(node.get_indexed(NodePath(path.get_concatenated_subnames())))}
