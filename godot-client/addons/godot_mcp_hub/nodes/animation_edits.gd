## What can be done to the animations of a scene, as part of a SceneChange.
extends RefCounted

const AnimationPlaces := preload("animation_places.gd")
const AnimationValues := preload("animation_places.gd").AnimationValues
const CommandResult := preload("../requests/command_result.gd")
const NodePaths := preload("../values/node_paths.gd")
const NumberTypes := preload("../values/number_types.gd")
const Permissions := preload("../requests/permissions.gd")
const Result := preload("../requests/result.gd")
const SceneChange := preload("../undo/scene_change.gd")

const CREATE_PARAMS: Dictionary = {
	"path": TYPE_STRING, "animation": TYPE_STRING, "length?": TYPE_FLOAT, "loop?": TYPE_STRING,
	"step?": TYPE_FLOAT}
const ADD_TRACK_PARAMS: Dictionary = {
	"path": TYPE_STRING, "animation": TYPE_STRING, "node": TYPE_STRING, "property?": TYPE_STRING,
	"type?": TYPE_STRING,
	"interpolation?": TYPE_STRING, "update?": TYPE_STRING}
const SET_KEY_PARAMS: Dictionary = {
	"path": TYPE_STRING, "animation": TYPE_STRING, "track": TYPE_INT, "time": TYPE_FLOAT,
	"value": TYPE_NIL, "transition?": TYPE_FLOAT}
const REMOVE_PARAMS: Dictionary = {"path": TYPE_STRING, "animation": TYPE_STRING,
		"track?": TYPE_INT, "time?": TYPE_FLOAT}

## Characters that the engine refuses in names of animations and libraries.
const FORBIDDEN := "/:,["


static func create(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var found := AnimationPlaces.player(root, params["path"])
	if found.is_error():
		return found.error
	var player: AnimationPlayer = found.value
	var name: String = params["animation"]
	var library_name := AnimationPlaces.library_name(name)
	var library: AnimationLibrary = player.get_animation_library(library_name) \
			if player.has_animation_library(library_name) else null
	var refusal := AnimationPlaces.unknown_name(params, {"loop": AnimationPlaces.LOOPS})
	if refusal == null:
		refusal = AnimationPlaces.unchangeable(root, player, library)
	if refusal == null and not _is_name(name):
		refusal = CommandResult.failed("INVALID_PARAMS", "'%s' is no name of an animation." % name,
				"Write 'name' or 'library/name', without : , [")
	if refusal == null and player.has_animation(name):
		refusal = CommandResult.failed("CONFLICT",
				"'%s' already has an animation '%s'." % [params["path"], name])
	if refusal == null and (params.get("length", 1.0) <= 0.0 or params.get("step", 0.1) <= 0.0):
		refusal = CommandResult.failed("INVALID_PARAMS",
				"'length' and 'step' must be seconds, more than 0.")
	if refusal != null:
		return refusal
	if library == null:
		library = AnimationLibrary.new()
		change.run(player, &"add_animation_library", [library_name, library],
				&"remove_animation_library", [library_name])
	var animation := Animation.new()
	animation.length = params.get("length", 1.0)
	animation.step = params.get("step", animation.step)
	animation.loop_mode = AnimationPlaces.LOOPS[params.get("loop", "none")]
	var short := AnimationPlaces.short_name(name)
	change.run(library, &"add_animation", [short, animation], &"remove_animation", [short])
	return CommandResult.succeeded({"path": NodePaths.path_of(root, player), "animation": name,
			"length": NumberTypes.to_json(animation.length)})


static func add_track(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var found := _changeable_animation(root, params)
	if found.is_error():
		return found.error
	var refusal := AnimationPlaces.unknown_name(params, {
		"type": AnimationPlaces.TRACK_TYPES, "interpolation": AnimationPlaces.INTERPOLATIONS,
		"update": AnimationPlaces.UPDATES})
	var target := NodePaths.find(root, params["node"])
	if refusal == null and target == null:
		refusal = NodePaths.not_found(root, params["node"])
	var type: int = AnimationPlaces.TRACK_TYPES.get(params.get("type", "value"),
			Animation.TYPE_VALUE)
	if refusal == null:
		refusal = AnimationValues.unfit_target(target, type, params.get("property", ""))
	if refusal == null and params.get("property", "").split(":").has("script"):
		refusal = change.permissions.refusal(Permissions.ATTACH)
	if refusal != null:
		return refusal
	var animation: Animation = found.value["animation"]
	var index := animation.get_track_count()
	var path := String(AnimationPlaces.base_of(found.value["player"]).get_path_to(target))
	if params.has("property"):
		path += ":" + params["property"]
	change.run(animation, &"add_track", [type], &"remove_track", [index])
	change.also_do(animation, &"track_set_path", [index, NodePath(path)])
	if params.has("interpolation"):
		change.also_do(animation, &"track_set_interpolation_type",
				[index, AnimationPlaces.INTERPOLATIONS[params["interpolation"]]])
	if params.has("update") and type == Animation.TYPE_VALUE:
		change.also_do(animation, &"value_track_set_update_mode",
				[index, AnimationPlaces.UPDATES[params["update"]]])
	return CommandResult.succeeded({"path": NodePaths.path_of(root, found.value["player"]),
			"animation": params["animation"], "track": index})


static func set_key(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var found := _changeable_track(root, params)
	if found.is_error():
		return found.error
	var animation: Animation = found.value["animation"]
	var track: int = params["track"]
	var time: float = params["time"]
	if time < 0.0:
		return CommandResult.failed("INVALID_PARAMS",
				"'time' must be seconds from the beginning of the animation.")
	var parsed := AnimationValues.parse(change.permissions, root, found.value["player"], animation,
			track, params["value"])
	if parsed.refusal != null:
		return parsed.refusal
	if not parsed.fits():
		return CommandResult.failed("INVALID_PARAMS",
				"The key's value must be %s; given was %s."
				% [parsed.expected, JSON.stringify(params["value"])]) \
				.with("expected", parsed.expected)
	var existing := animation.track_find_key(track, time, Animation.FIND_MODE_EXACT)
	var undo_method := &"track_remove_key_at_time"
	var undo_args: Array = [track, time]
	if existing >= 0:
		undo_method = &"track_insert_key"
		undo_args = [track, time, animation.track_get_key_value(track, existing),
				animation.track_get_key_transition(track, existing)]
	change.run(animation, &"track_insert_key",
			[track, time, parsed.value, params.get("transition", 1.0)], undo_method, undo_args)
	return CommandResult.succeeded({
		"path": NodePaths.path_of(root, found.value["player"]), "animation": params["animation"],
		"track": track,
		"key": animation.track_find_key(track, time, Animation.FIND_MODE_EXACT),
		"replaced": existing >= 0})


## Removes the key at `time` of `track`, or the whole `track`, or the whole animation.
static func remove(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var found := _changeable_track(root, params) if params.has("track") \
			else _changeable_animation(root, params)
	if found.is_error():
		return found.error
	var animation: Animation = found.value["animation"]
	var player: AnimationPlayer = found.value["player"]
	var removed := "animation"
	if params.has("time"):
		if not params.has("track"):
			return CommandResult.failed("INVALID_PARAMS",
					"'time' needs 'track', the track whose key it is.")
		var key := animation.track_find_key(params["track"], params["time"],
				Animation.FIND_MODE_APPROX)
		if key < 0:
			return CommandResult.failed("NOT_FOUND",
					"Track %d has no key at %s s." % [params["track"], params["time"]])
		_remove_key(change, animation, params["track"], key)
		removed = "key"
	elif params.has("track"):
		_remove_track(change, animation, params["track"])
		removed = "track"
	else:
		var short := AnimationPlaces.short_name(params["animation"])
		var library := player.get_animation_library(
				AnimationPlaces.library_name(params["animation"]))
		change.run(library, &"remove_animation", [short], &"add_animation", [short, animation])
	return CommandResult.succeeded({"path": NodePaths.path_of(root, player),
			"animation": params["animation"], "removed": removed})


static func _remove_key(change: SceneChange, animation: Animation, track: int, key: int) -> void:
	var time := animation.track_get_key_time(track, key)
	change.run(animation, &"track_remove_key_at_time", [track, time],
			&"track_insert_key", [track, time, animation.track_get_key_value(track, key),
			animation.track_get_key_transition(track, key)])


## The track is kept aside as a copy: undoing puts it back at the end and moves it to its place.
static func _remove_track(change: SceneChange, animation: Animation, track: int) -> void:
	var aside := Animation.new()
	animation.copy_track(track, aside)
	change.also_undo(animation, &"track_move_to", [animation.get_track_count() - 1, track])
	change.also_undo(aside, &"copy_track", [0, animation])
	change.also_do(animation, &"remove_track", [track])


static func _changeable_animation(root: Node, params: Dictionary) -> Result:
	var found := AnimationPlaces.animation(root, params["path"], params["animation"])
	if found.is_error():
		return found
	var refusal := AnimationPlaces.unchangeable(root, found.value["player"],
			found.value["animation"])
	return found if refusal == null else Result.err(refusal)


static func _changeable_track(root: Node, params: Dictionary) -> Result:
	var found := _changeable_animation(root, params)
	if found.is_error():
		return found
	var count := (found.value["animation"] as Animation).get_track_count()
	if params["track"] < 0 or params["track"] >= count:
		return Result.err(CommandResult.failed("NOT_FOUND",
				"'%s' has %d tracks, counted from 0; there is no %d."
				% [params["animation"], count, params["track"]]))
	return found


static func _is_name(name: String) -> bool:
	if name.get_slice_count("/") > 2 or name.begins_with("/") \
			or AnimationPlaces.short_name(name).is_empty():
		return false
	for part: String in name.split("/"):
		for character: String in FORBIDDEN:
			if part.contains(character):
				return false
	return true
