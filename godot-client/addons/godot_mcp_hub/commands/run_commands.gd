## Running the game from the editor.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const EditorActivity := preload("../editor/editor_activity.gd")
const EngineLog := preload("../engine/engine_log.gd")
const EngineTurns := preload("../engine/engine_turns.gd")
const FilePaths := preload("../files/file_paths.gd")
const GameArguments := preload("../playing/game_arguments.gd")
const GameRun := preload("../playing/game_run.gd")
const GameRuns := preload("../playing/game_runs.gd")
const Result := preload("../requests/result.gd")
const SceneEditor := preload("../scenes/scene_editor.gd")
const SceneSessions := preload("../scenes/scene_sessions.gd")
const UnsavedWork := preload("../scenes/unsaved_work.gd")
const Wait := preload("../engine/wait.gd")

const START_TIMEOUT_MS := 20000
## How long a game that plays already may take to find the hub.
const CONNECT_TIMEOUT_MS := 3000
## How long a game may take from quitting to saying so.
const LEAVING_TOLD_MS := 150
const KINDS: Array[String] = ["main", "current", "custom"]
const MOST_GAMES := 8
const MOST_FPS := 1000
const DEFAULT_LIMIT := 100
## How long output that is asked for is taken in before the answer, in microseconds.
const OUTPUT_SHARE_USEC := 30000
## What the engine says of a script that does not compile.
const PARSE_ERROR := "Parse Error"
const CHOOSE_MAIN := "scene.set_main makes a scene the main one; or name one with 'scene'."

var _editor: SceneEditor
var _runs: GameRuns


func _init(editor: SceneEditor, runs: GameRuns) -> void:
	_editor = editor
	_runs = runs


func commands() -> Array[Command]:
	return [
		Command.write("run.play", _play, {
			"which?": TYPE_STRING, "scene?": TYPE_STRING, "games?": TYPE_INT, "args?": TYPE_ARRAY,
			"argsOf?": TYPE_ARRAY, "paused?": TYPE_BOOL,
			"fixedFps?": TYPE_INT, "save?": TYPE_STRING}).that_takes_long(),
		Command.write("run.stop", _stop, {"game?": TYPE_INT}),
		Command.read("run.status", _status),
		Command.read("run.get_output", _get_output, {
			"game?": TYPE_INT, "cursor?": TYPE_STRING, "level?": TYPE_STRING, "limit?": TYPE_INT}),
	]


func _play(request: CommandRequest) -> CommandResult:
	await _await_leaving(request)
	if request.is_cancelled:
		return request.cancelled()
	var refusal := _refusal(request)
	if refusal != null:
		return refusal
	var which := _which(request)
	var chosen := _scene_to_play(which, request)
	if chosen.is_error():
		return chosen.error
	var kept := await _save_before(request)
	if kept.is_error():
		return kept.error
	# Another one may have begun to play meanwhile.
	refusal = _refusal(request)
	if refusal != null:
		return refusal
	_runs.play("" if which == "main" else str(chosen.value), _count(request), {
		"agent": request.agent, "args": request.params.get("args", []),
		"args_of": request.params.get("argsOf", []),
		"paused": request.flag("paused", false), "fixed_fps": request.number("fixedFps", 0)})
	var result := await _started(request)
	var answer := result.details if result.is_failure() else result.value
	answer["saved"] = kept.value["saved"]
	answer["notSaved"] = kept.value["skipped"]
	return result


func _started(request: CommandRequest) -> CommandResult:
	if not GameRuns.blindness().is_empty():
		return await _await_unseen(request)
	var games := _runs.current()
	return _not_started() if games.is_empty() else await _await_games(request, games)


## Saves the scenes that the request says. A scene whose file is newer is not saved.
func _save_before(request: CommandRequest) -> Result:
	var which := request.text("save", UnsavedWork.OWN)
	var work := UnsavedWork.new(_editor)
	if which != UnsavedWork.NONE:
		for scene: String in work.scenes():
			if _editor.timestamps.is_overtaken(scene):
				return Result.err(CommandResult.failed("CONFLICT",
						"%s has unsaved changes and was changed on disk since the editor has read it." % scene,
						"scene.compare shows the difference; save:\"none\" plays what the files have.").with("scene", scene))
	return Result.ok(await work.save(which, false, request))


## A game that has just been told to quit says so a moment later, and has ended a moment after that:
## it does no harm.
func _await_leaving(request: CommandRequest) -> void:
	var told_by := Time.get_ticks_msec() + LEAVING_TOLD_MS
	await Wait.until(func() -> bool:
		var games := _runs.current()
		var may_leave := Time.get_ticks_msec() <= told_by \
				or games.any(func(game: GameRun) -> bool: return game.is_leaving())
		return games.is_empty() or not may_leave or request.is_cancelled or request.is_expired())


static func _count(request: CommandRequest) -> int:
	return request.number("games", maxi(1, (request.params.get("argsOf", []) as Array).size()))


static func _are_texts(args: Variant) -> bool:
	return args is Array and (args as Array).all(func(arg: Variant) -> bool: return arg is String)


static func _which(request: CommandRequest) -> String:
	return request.text("which", "custom" if request.has("scene") else "main")


func _refusal(request: CommandRequest) -> CommandResult:
	var which := _which(request)
	if not KINDS.has(which) or request.has("scene") != (which == "custom"):
		return CommandResult.failed("INVALID_PARAMS",
				"'which' must be one of %s, and 'scene' goes with \"custom\"."
				% ", ".join(PackedStringArray(KINDS)))
	var args_of: Array = request.params.get("argsOf", [])
	if not ([request.params.get("args", [])] + args_of).all(_are_texts):
		return CommandResult.failed("INVALID_PARAMS",
				"'args' must be strings, and 'argsOf' a list of such lists.")
	var forbidden := _forbidden_arguments([request.params.get("args", [])] + args_of)
	if forbidden != null:
		return forbidden
	var count := _count(request)
	if args_of.size() > count:
		return CommandResult.failed("INVALID_PARAMS",
				"'argsOf' has the arguments of %d games; 'games' says %d."
				% [args_of.size(), count])
	if count < 1 or count > MOST_GAMES:
		return CommandResult.failed("INVALID_PARAMS",
				"'games' must be between 1 and %d." % MOST_GAMES)
	if request.has("fixedFps") and (request.number("fixedFps", 0) < 1
			or request.number("fixedFps", 0) > MOST_FPS):
		return CommandResult.failed("INVALID_PARAMS",
				"'fixedFps' must be between 1 and %d." % MOST_FPS)
	if not UnsavedWork.KINDS.has(request.text("save", UnsavedWork.OWN)):
		return CommandResult.failed("INVALID_PARAMS",
				"'save' must be one of %s." % ", ".join(PackedStringArray(UnsavedWork.KINDS)))
	if count > 1 and not GameRuns.blindness().is_empty():
		return CommandResult.failed("CONFLICT",
				"Only one game can be played. %s" % GameRuns.blindness())
	if EditorInterface.is_playing_scene() or not _runs.current().is_empty():
		return CommandResult.failed("CONFLICT",
				"%s is already playing; %s has started it." % [_state().value["scene"], _player()],
				"Stop it with run.stop first.")
	return null


static func _forbidden_arguments(lists: Array) -> CommandResult:
	for args: Array in lists:
		var refused := GameArguments.refused(args)
		if not refused.is_empty():
			return CommandResult.failed("FORBIDDEN",
					"'%s' is not for agents: it is no option that only changes how a game looks, sounds, runs and is measured." % refused,
					"What the game itself is to get stands behind \"--\".")
	var set_by_person := GameArguments.refused_of_project()
	if set_by_person.is_empty():
		return null
	return CommandResult.failed("FORBIDDEN",
			"The project's arguments for its games have '%s', which no game gets that an agent plays." % set_by_person,
			"They stand in the setting %s and in Debug > Customize Run Instances. What the game itself is to get stands behind \"--\"." % GameArguments.SETTING)


func _scene_to_play(which: String, request: CommandRequest) -> Result:
	var path: String = ProjectSettings.get_setting("application/run/main_scene", "")
	if which == "current":
		path = _editor.scenes.current_of(request.client_id)
	elif which == "custom":
		path = request.text("scene")
	if path.is_empty():
		var what := "The project has no main scene." if which == "main" else "No scene is open."
		return Result.err(CommandResult.failed("NO_SCENE_OPEN", what,
				CHOOSE_MAIN if which == "main" else "Name one with 'scene'."))
	var resolved := FilePaths.resolve(path)
	if not resolved.is_error() and not ResourceLoader.exists(resolved.value, "PackedScene"):
		resolved = Result.err(SceneSessions.scene_not_found(resolved.value))
	if resolved.is_error() and which == "main":
		var failure: CommandResult = resolved.error
		failure.details["hint"] = ("It is the project's main scene. %s %s"
				% [failure.details.get("hint", ""), CHOOSE_MAIN]).replace("  ", " ")
	return resolved


## Waits until every game plays and the hub knows it, or one has ended instead.
func _await_games(request: CommandRequest, games: Array[GameRun]) -> CommandResult:
	var deadline := Time.get_ticks_msec() + START_TIMEOUT_MS
	var connected_by := 0
	while true:
		var ended := games.filter(func(game: GameRun) -> bool:
			return game.state == GameRun.State.ENDED)
		if not ended.is_empty():
			return _ended_early(ended[0])
		if games.all(func(game: GameRun) -> bool:
			return game.state == GameRun.State.RUNNING or not game.stopped_at.is_empty()):
			connected_by = Time.get_ticks_msec() + CONNECT_TIMEOUT_MS if connected_by == 0 \
					else connected_by
			if games.all(func(game: GameRun) -> bool: return not game.name.is_empty()) \
					or Time.get_ticks_msec() > connected_by:
				return _state()
		if request.is_cancelled:
			return request.cancelled()
		var hung := games.filter(func(game: GameRun) -> bool: return game.is_hung)
		var is_over := Time.get_ticks_msec() > deadline or request.is_expired()
		if not hung.is_empty() and (is_over or hung[0].is_given_up()):
			return _hung(hung[0])
		if is_over:
			return _not_started()
		if not hung.is_empty():
			request.report_waiting("%s hangs %s" % [hung[0].scene, hung[0].hung_place()])
		await EngineTurns.next()
	return _state()


func _await_unseen(request: CommandRequest) -> CommandResult:
	await Wait.until(func() -> bool:
		return EditorInterface.is_playing_scene() or request.is_cancelled \
				or request.is_expired(), START_TIMEOUT_MS)
	if EditorInterface.is_playing_scene():
		return _state()
	return request.cancelled() if request.is_cancelled else _not_started()


func _not_started() -> CommandResult:
	return CommandResult.failed("TIMEOUT", "The game has not started.",
			"A dialog may wait for an answer in the editor; run.get_output says what the game has said so far.").with("dispatched", true)


## The game runs, and has not come to its first frame.
static func _hung(game: GameRun) -> CommandResult:
	return CommandResult.failed("TIMEOUT",
			"%s hangs before its first frame, %s." % [game.scene, game.hung_place()],
			"run.stop ends it, run.get_output has what it has said; if it is only slow, run.status says when it runs.").with(
			"dispatched", true).with("game", game.describe())


## The game has ended before it could be used: with what it said.
func _ended_early(game: GameRun) -> CommandResult:
	var facts := game.describe()
	var errors: Array = facts.get("firstErrors", [])
	var kind := "SCRIPT_COMPILE_FAILED" \
			if errors.any(
			func(error: Dictionary) -> bool: return (error["message"] as String).contains(PARSE_ERROR)) else "CONFLICT"
	var why: String = game.output.crash
	if why.is_empty():
		why = game.output.likely_cause().get("message", "")
	var how := game.end if game.exit_code == null \
			else "%s with exit code %d" % [game.end, game.exit_code]
	return CommandResult.failed(kind,
			"%s has ended as soon as it had started (%s)%s"
			% [game.scene, how, ": " + why if not why.is_empty() else "."],
			"run.get_output has everything that it said.").with("game", facts)


func _stop(request: CommandRequest) -> CommandResult:
	var number := request.number("game", 0)
	if request.has("game") and not _runs.current() \
			.any(func(game: GameRun) -> bool: return game.number == number):
		return _no_such_game(number)
	_runs.stop(number)
	return _state()


func _status(_call: CommandRequest) -> CommandResult:
	return _state()


func _get_output(request: CommandRequest) -> CommandResult:
	var level := request.text("level", "info")
	if not EngineLog.LEVELS.has(level):
		return CommandResult.failed("INVALID_PARAMS",
				"'level' must be one of %s." % ", ".join(PackedStringArray(EngineLog.LEVELS)))
	if request.has("cursor") and not request.text("cursor").is_valid_int():
		return CommandResult.failed("INVALID_PARAMS",
				"'cursor' must be the cursor of an earlier answer.")
	var game := _game(request)
	if game == null:
		return _no_such_game(request.number("game", 0))
	game.output.poll(false, OUTPUT_SHARE_USEC)
	return CommandResult.succeeded(_page(game, request, level))


func _page(game: GameRun, request: CommandRequest, level: String) -> Dictionary:
	var limit := request.number("limit", DEFAULT_LIMIT)
	var entries := game.output.since(request.text("cursor").to_int(), level, EngineLog.LEVELS)
	entries.sort_custom(func(one: Dictionary, other: Dictionary) -> bool:
		return one["seq"] < other["seq"])
	var shown := entries.slice(0, limit) if request.has("cursor") \
			else entries.slice(maxi(0, entries.size() - limit))
	var is_cut := shown.size() < entries.size()
	var cursor: int = shown[-1]["seq"] if is_cut and request.has("cursor") else game.output.position
	var answer: Dictionary = {"game": game.number, "state": game.describe()["state"],
			"entries": shown, "cursor": str(cursor)}
	if is_cut:
		answer["truncated"] = true
	if game.output.skipped_lines > 0:
		answer["skippedLines"] = game.output.skipped_lines
	return answer


## The game that is meant: the one with that number, else the newest.
func _game(request: CommandRequest) -> GameRun:
	var games := _runs.all()
	if not request.has("game"):
		return games[-1] if not games.is_empty() else null
	for game: GameRun in games:
		if game.number == request.number("game", 0):
			return game
	return null


func _no_such_game(number: int) -> CommandResult:
	var what := "No game has been played." if _runs.all().is_empty() \
			else "There is no game %d." % number
	return CommandResult.failed("NOT_FOUND", what, "run.status lists the games.")


func _player() -> String:
	return _runs.agent() if not _runs.agent().is_empty() else "a person at the editor"


func _state() -> CommandResult:
	var games := _runs.current()
	var is_playing := EditorInterface.is_playing_scene() or not games.is_empty()
	var answer: Dictionary = {"playing": is_playing, "scene": EditorActivity.playing_scene(),
			"games": []}
	if answer["scene"] == null and not games.is_empty():
		answer["scene"] = games[0].scene
	if is_playing:
		answer["startedBy"] = _player()
		if not GameRuns.blindness().is_empty():
			answer["note"] = GameRuns.blindness()
	for game: GameRun in _runs.last_played():
		(answer["games"] as Array).append(game.describe())
	return CommandResult.succeeded(answer)
