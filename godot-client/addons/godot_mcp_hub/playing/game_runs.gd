## The games that this editor plays: starts them, hears from them, ends them, and keeps what became
## of the last ones.
##
## The first game of a play is the editor's own run, so that its buttons and its debugger know it;
## further ones are processes of this addon. Each gets the runtime's main loop and a log file of its
## own on its command line (see docs/adr/0006).
extends RefCounted

const FilePaths := preload("../files/file_paths.gd")
const GameArguments := preload("game_arguments.gd")
const GameRun := preload("game_run.gd")
const GameLoop := preload("../runtime/game_loop.gd")
const HubConnection := preload("../wire/hub_connection.gd")
const JsonLines := preload("../processes/byte_stream.gd").JsonLines
const StopButton := preload("../engine_workarounds/stop_button.gd")

## Something happened to a game: `run.game_started`, `run.game_hung`, `run.game_ended`, with what is
## known of it.
signal happened(event: String, facts: Dictionary)

const POLL_INTERVAL_MS := 20
## Games that have ended and are still known.
const KEPT := 16
## EditorPlugin._run_scene came with Godot 4.5.
const FIRST_VERSION := 0x040500
## Setting of the editor.
const SAVES_BEFORE := "run/auto_save/save_before_running"
const RELEASED_GAME := &"godot_mcp_hub_released_game"
const LOG_FOLDER := "godot_mcp_hub"

## What an agent has asked for, while the editor starts its run: {agent, args, args_of, paused,
## fixed_fps}.
var _wish: Dictionary = {}
var _connection: HubConnection
var _server := TCPServer.new()
var _strangers: Array[JsonLines] = []
var _runs: Array[GameRun] = []
var _count: int = 0
var _polled_at_ms: int = 0
var _stop_button := StopButton.new()
## Games that agents play stop where a script fails, instead of going on.
var stops_on_errors: bool = false
## Number of the first game of the last play.
var _first_of_play: int = 1
## Agent that plays; empty when a person does.
var _agent: String = ""


func _init(connection: HubConnection) -> void:
	_connection = connection
	_stop_button.pressed.connect(_on_stop_pressed)


## Adds to the command line of the editor's own run what makes it known here. A game that no hub
## could see stays as it is.
func prepare(scene: String, args: PackedStringArray) -> PackedStringArray:
	if _connection.state != HubConnection.State.CONNECTED or not blindness().is_empty() \
			or not _listen():
		return args
	_stop_button.watch()
	_agent = _wish.get("agent", "")
	_first_of_play = _count + 1
	var run := _add_run(FilePaths.of_id(scene), true)
	_announce(run, _wish)
	# The editor starts the process before it comes back to its loop.
	OS.unset_environment.call_deferred(GameLoop.RUN_VARIABLE)
	return args + _arguments_for(run, _wish) + GameArguments.before_project_args(
			GameArguments.of(_wish, 0))


## Plays a scene in `count` games as an agent wishes: {agent, args, args_of, paused, fixed_fps}.
## `args_of` are arguments of each game beside the `args` of all. An empty `scene` is the main
## scene. Whether it has begun is seen in current().
func play(scene: String, count: int, wish: Dictionary) -> void:
	_wish = wish
	var first := _count + 1
	_play_unsaved(scene)
	if not current().is_empty() and current()[0].number == first:
		for index: int in range(1, count):
			_play_another(current()[0].scene, wish, index)
	_wish = {}


## The editor would save every scene first, also one that a session works on, over newer files too.
## What is to be saved is saved by now.
static func _play_unsaved(scene: String) -> void:
	var settings := EditorInterface.get_editor_settings()
	var saves: Variant = settings.get_setting(SAVES_BEFORE)
	_set_quietly(settings, SAVES_BEFORE, false)
	if scene.is_empty():
		EditorInterface.play_main_scene()
	else:
		EditorInterface.play_custom_scene(scene)
	_set_quietly(settings, SAVES_BEFORE, saves)


## A change that is told has the editor announce all settings later: its debug adapter would look at
## its port again.
static func _set_quietly(settings: EditorSettings, name: String, value: Variant) -> void:
	settings.set_block_signals(true)
	settings.set_setting(name, value)
	settings.set_block_signals(false)


## Ends one game, or all.
func stop(number: int = 0) -> void:
	for run: GameRun in current():
		if number == 0 or run.number == number:
			if run.is_editors_run:
				EditorInterface.stop_playing_scene()
			else:
				OS.kill(run.pid)
			_finish(run, "stopped")
	if number == 0 and EditorInterface.is_playing_scene():
		EditorInterface.stop_playing_scene()


## Games that run or start.
func current() -> Array[GameRun]:
	return _runs.filter(func(run: GameRun) -> bool: return run.state != GameRun.State.ENDED)


## Every game that is known, oldest first.
func all() -> Array[GameRun]:
	return _runs


## The games of the last play, whether they run or have ended.
func last_played() -> Array[GameRun]:
	return _runs.filter(func(run: GameRun) -> bool: return run.number >= _first_of_play)


## Agent that has started the games; empty when a person has.
func agent() -> String:
	return _agent


## Why games cannot be seen from here; empty when they can. A project with its own main loop
## keeps it.
static func blindness() -> String:
	if Engine.get_version_info()["hex"] < FIRST_VERSION:
		return "Games are reached from Godot 4.5 on; this is %s." % Engine.get_version_info()[
				"string"]
	var main_loop: String = ProjectSettings.get_setting("application/run/main_loop_type",
			"SceneTree")
	return "" if main_loop == "SceneTree" \
			else "The project has a main loop of its own, %s: its games are not reached." % main_loop


## A game that hangs has said which lines it runs, innermost first: [function, path, line] each.
func tell_place(run: GameRun, stack: Array) -> void:
	var was_known := not run.hung_stack.is_empty()
	run.take_place(stack)
	if not was_known and not run.hung_stack.is_empty():
		happened.emit("run.game_hung", run.describe())


## To be called every frame.
func poll() -> void:
	var elapsed := Time.get_ticks_msec() - _polled_at_ms
	if elapsed < POLL_INTERVAL_MS:
		return
	_polled_at_ms = Time.get_ticks_msec()
	_admit()
	for run: GameRun in current():
		_poll_run(run, elapsed)


## Leaves the games alone: that of the editor's own run goes on until the editor ends, the others
## end.
func dispose() -> void:
	for run: GameRun in current():
		if run.is_editors_run:
			# Something that lives as long as the editor holds the connection.
			EditorInterface.get_base_control().set_meta(RELEASED_GAME, run.release())
		else:
			OS.kill(run.pid)
	_stop_button.dispose()
	_server.stop()
	for run: GameRun in _runs:
		DirAccess.remove_absolute(_log_path(run.number))


func _poll_run(run: GameRun, elapsed: float) -> void:
	var before := run.state
	var was_hung := run.is_hung
	if run.poll(elapsed):
		if run.is_editors_run and EditorInterface.is_playing_scene():
			EditorInterface.stop_playing_scene()
		_finish(run)
		return
	if run.state != before:
		happened.emit("run.game_started", run.describe())
	if run.is_hung != was_hung:
		happened.emit("run.game_hung" if run.is_hung else "run.game_responds", run.describe())


func _on_stop_pressed() -> void:
	for run: GameRun in current():
		if run.is_editors_run:
			_finish(run, "stopped")


func _finish(run: GameRun, as_told: String = "") -> void:
	run.finish(as_told)
	happened.emit("run.game_ended", run.describe())


func _play_another(scene: String, wish: Dictionary, index: int) -> void:
	var run := _add_run(scene, false)
	_announce(run, wish)
	var line := PackedStringArray(["--path", ProjectSettings.globalize_path("res://"), "--scene",
			scene]) + _arguments_for(run, wish)
	run.pid = OS.create_process(OS.get_executable_path(),
			line + GameArguments.with_project_args(wish, index))
	OS.unset_environment(GameLoop.RUN_VARIABLE)


func _add_run(scene: String, by_editor: bool) -> GameRun:
	_count += 1
	var run := GameRun.new(_count, scene, _log_path(_count), by_editor)
	_runs.append(run)
	if _runs.size() > KEPT and _runs[0].state == GameRun.State.ENDED:
		DirAccess.remove_absolute(_log_path(_runs.pop_front().number))
	return run


## Tells the process that starts next who it is, and how it is to begin.
func _announce(run: GameRun, wish: Dictionary) -> void:
	OS.set_environment(GameLoop.RUN_VARIABLE, JSON.stringify({
		"port": _server.get_local_port(),
		"token": run.token,
		"parent": _connection.instance_id,
		"editor": _connection.instance_name,
		"number": run.number,
		"name": _connection.instance_name + _name_of(run.number - _first_of_play + 1),
		"paused": wish.get("paused", false),
		"fixedFps": wish.get("fixed_fps", 0),
	}))


## By its place in the play, not by who is at the hub first: game 2 is always ".game-2".
static func _name_of(place: int) -> String:
	return ".game" if place == 1 else ".game-%d" % place


func _arguments_for(run: GameRun, wish: Dictionary) -> PackedStringArray:
	var line := PackedStringArray(["--script", (GameLoop as Script).resource_path, "--log-file",
			_log_path(run.number)])
	if _is_without_display():
		line.append("--headless")
	# No person would press "continue" for an agent.
	if not _agent.is_empty() and not stops_on_errors:
		line.append("--ignore-error-breaks")
	if wish.get("fixed_fps", 0) > 0:
		line.append_array(["--fixed-fps", str(wish["fixed_fps"])])
	return line


## Whether games get no window: where an editor has none itself because there is no display. They do
## not inherit it.
static func _is_without_display() -> bool:
	return DisplayServer.get_name() == "headless" \
			and OS.get_name() in ["Linux", "FreeBSD", "NetBSD", "OpenBSD", "BSD"] \
			and not OS.has_environment("DISPLAY") and not OS.has_environment("WAYLAND_DISPLAY")


func _listen() -> bool:
	return _server.is_listening() or _server.listen(0, "127.0.0.1") == OK


func _admit() -> void:
	while _server.is_listening() and _server.is_connection_available():
		_strangers.append(JsonLines.new(_server.take_connection()))
	for lines: JsonLines in _strangers.duplicate():
		var messages := lines.poll()
		if messages.is_empty() and lines.is_open():
			continue
		_strangers.erase(lines)
		for run: GameRun in current():
			if not messages.is_empty() and messages[0].get("token") == run.token:
				run.attach(lines, messages)


static func _log_path(number: int) -> String:
	var folder := EditorInterface.get_editor_paths().get_cache_dir().path_join(LOG_FOLDER)
	DirAccess.make_dir_recursive_absolute(folder)
	return folder.path_join("%d-%d.log" % [OS.get_process_id(), number])
