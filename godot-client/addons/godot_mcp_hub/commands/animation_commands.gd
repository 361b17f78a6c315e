## Animations of the AnimationPlayers of a scene.
extends RefCounted

const AnimationEdits := preload("../nodes/animation_edits.gd")
const AnimationPlaces := preload("../nodes/animation_places.gd")
const AnimationPreview := preload("../scenes/animation_preview.gd")
const AnimationValues := preload("../nodes/animation_places.gd").AnimationValues
const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const NodePaths := preload("../values/node_paths.gd")
const NumberTypes := preload("../values/number_types.gd")
const SceneEditor := preload("../scenes/scene_editor.gd")
const SceneView := preload("../scenes/scene_view.gd")
const TrackRules := preload("../values/track_rules.gd")

var _editor: SceneEditor


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.read("animation.list", _list, {"scene?": TYPE_STRING, "path?": TYPE_STRING}),
		Command.read("animation.get", _get_animation,
		{"scene?": TYPE_STRING, "path": TYPE_STRING, "animation": TYPE_STRING}),
		Command.write("animation.create", _create, _with_scene(AnimationEdits.CREATE_PARAMS)),
		Command.write("animation.add_track", _add_track,
		_with_scene(AnimationEdits.ADD_TRACK_PARAMS)),
		Command.write("animation.set_key", _set_key, _with_scene(AnimationEdits.SET_KEY_PARAMS)),
		Command.write("animation.remove", _remove, _with_scene(AnimationEdits.REMOVE_PARAMS)),
		Command.write("animation.play", _play, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "animation": TYPE_STRING,
			"speed?": TYPE_FLOAT, "start?": TYPE_FLOAT}),
		Command.write("animation.stop", _stop, {"scene?": TYPE_STRING, "path": TYPE_STRING}),
	]


static func _with_scene(params: Dictionary) -> Dictionary:
	var extended: Dictionary = {"scene?": TYPE_STRING, "ifRevision?": TYPE_INT}
	extended.merge(params)
	return extended


func _list(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_reading(request)
	if view.is_error():
		return view.error
	var result := _players_in(view, request)
	view.release()
	return result


static func _players_in(view: SceneView, request: CommandRequest) -> CommandResult:
	var players: Array[Dictionary] = []
	if request.has("path"):
		var found := AnimationPlaces.player(view.root, request.text("path"))
		if found.is_error():
			return found.error
		players.append(_describe_player(view.root, found.value))
	else:
		for node: Node in NodePaths.all_nodes(view.root):
			if node is AnimationPlayer:
				players.append(_describe_player(view.root, node as AnimationPlayer))
	return CommandResult.succeeded(view.describe({"players": players}))


static func _describe_player(root: Node, player: AnimationPlayer) -> Dictionary:
	var animations: Array[Dictionary] = []
	for name: StringName in player.get_animation_list():
		animations.append(_describe_animation(player.get_animation(name), String(name)))
	return {
		"path": NodePaths.path_of(root, player),
		"animations": animations,
		"autoplay": String(player.get_autoplay()),
		"playing": String(player.get_current_animation()),
	}


static func _describe_animation(animation: Animation, name: String) -> Dictionary:
	return {
		"name": name,
		"length": NumberTypes.to_json(animation.get_length()),
		"loop": AnimationPlaces.name_in(AnimationPlaces.LOOPS, animation.get_loop_mode()),
		"step": NumberTypes.to_json(animation.get_step()),
		"trackCount": animation.get_track_count(),
	}


func _get_animation(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_reading(request)
	if view.is_error():
		return view.error
	var found := AnimationPlaces.animation(view.root, request.text("path"),
			request.text("animation"))
	var result: CommandResult = found.error
	if result == null:
		result = CommandResult.succeeded(
				view.describe(_whole_animation(view.root, found.value["player"],
				found.value["animation"], request.text("animation"))))
	view.release()
	return result


static func _whole_animation(root: Node, player: AnimationPlayer, animation: Animation,
		name: String) -> Dictionary:
	var described := _describe_animation(animation, name)
	described["path"] = NodePaths.path_of(root, player)
	var tracks: Array[Dictionary] = []
	for track: int in animation.get_track_count():
		tracks.append(_describe_track(root, player, animation, track))
	described["tracks"] = tracks
	return described


static func _describe_track(root: Node, player: AnimationPlayer, animation: Animation,
		track: int) -> Dictionary:
	var type := animation.track_get_type(track)
	var described: Dictionary = {"track": track,
			"type": AnimationPlaces.name_in(AnimationPlaces.TRACK_TYPES, type)}
	described.merge(AnimationPlaces.describe_target(root, player, animation.track_get_path(track)))
	described["interpolation"] = AnimationPlaces.name_in(AnimationPlaces.INTERPOLATIONS,
			animation.track_get_interpolation_type(track))
	if type == Animation.TYPE_VALUE:
		described["update"] = AnimationPlaces.name_in(AnimationPlaces.UPDATES,
				animation.value_track_get_update_mode(track))
	if not animation.track_is_enabled(track):
		described["enabled"] = false
	var keys: Array[Dictionary] = []
	for key: int in animation.track_get_key_count(track):
		var entry: Dictionary = {"time": animation.track_get_key_time(track, key),
				"value": AnimationValues.to_json(root, animation, track, key)}
		if animation.track_get_key_transition(track, key) != 1.0:
			entry["transition"] = NumberTypes.to_json(
					animation.track_get_key_transition(track, key))
		keys.append(entry)
	described["keys"] = keys
	return described


func _create(request: CommandRequest) -> CommandResult:
	return await _editor.change(request, "Create animation %s" % request.text("animation"),
			AnimationEdits.create)


func _add_track(request: CommandRequest) -> CommandResult:
	return await _editor.change(request, "Add a track to %s" % request.text("animation"),
			AnimationEdits.add_track)


func _set_key(request: CommandRequest) -> CommandResult:
	return await _editor.change(request, "Set a key of %s" % request.text("animation"),
			AnimationEdits.set_key)


func _remove(request: CommandRequest) -> CommandResult:
	var what := "a key of " if request.has("time") else "a track of " if request.has("track") \
			else ""
	return await _editor.change(request, "Remove %s%s" % [what, request.text("animation")],
			AnimationEdits.remove)


func _play(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_writing(request)
	if view.is_error():
		return view.error
	var found := AnimationPlaces.animation(view.root, request.text("path"),
			request.text("animation"))
	if found.is_error():
		return found.error
	var speed: float = request.params.get("speed", 1.0)
	if speed == 0.0:
		return CommandResult.failed("INVALID_PARAMS",
				"'speed' must not be 0; backwards is less than 0.")
	var refusal := TrackRules.refusal_to_play(view.root, found.value["player"], request.permissions)
	if refusal == null:
		refusal = _editor.live_in(view.root).refusal_to_begin(found.value["player"])
	if refusal != null:
		return refusal
	_editor.live_in(view.root).mute(
			_editor.previews.play.bind(found.value["player"], request.text("animation"), speed,
			request.params.get("start", 0.0)))
	return CommandResult.succeeded(view.describe({
		"path": request.text("path"), "animation": request.text("animation"),
		"length": NumberTypes.to_json((found.value["animation"] as Animation).length),
		"playing": true}))


func _stop(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_writing(request)
	if view.is_error():
		return view.error
	var found := AnimationPlaces.player(view.root, request.text("path"))
	if found.is_error():
		return found.error
	var was_playing: bool = _editor.live_in(view.root).mute(_editor.previews.stop.bind(found.value))
	return CommandResult.succeeded(
			view.describe({"path": request.text("path"), "playing": false,
			"wasPlaying": was_playing}))
