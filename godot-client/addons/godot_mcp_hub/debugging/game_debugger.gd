## The game under the editor's debugger, for all agents together: where it stands, and what moves
## it.
extends RefCounted

const AdapterConnection := preload("adapter_connection.gd")
const BreakableLines := preload("breakpoints.gd").BreakableLines
const Breakpoints := preload("breakpoints.gd")
const CommandResult := preload("../requests/command_result.gd")
const DebuggerMonitor := preload("debugger_monitor.gd")
const EngineTurns := preload("../engine/engine_turns.gd")
const GameRuns := preload("../playing/game_runs.gd")
const VariableReader := preload("variable_reader.gd")
const Wait := preload("../engine/wait.gd")

## `debug.stopped` or `debug.continued`, with the known facts.
signal happened(event: String, facts: Dictionary)

enum State { NOT_RUNNING, RUNNING, STOPPED }

## What the adapter calls a reason, in this addon's words.
const STOP_REASONS: Dictionary = {"breakpoint": "breakpoint", "step": "step", "paused": "pause",
		"exception": "error"}
const STATE_NAMES: Dictionary = {
	State.NOT_RUNNING: "not_running",
	State.RUNNING: "running",
	State.STOPPED: "stopped",
}
## A stopped game hears nothing but the debugger: this often it is given a moment to answer the hub.
const TELL_INTERVAL_MS := 100
## How long a game that runs may take to take a breakpoint over.
const HEARING_TIMEOUT_MS := 1000
## How often a game that hangs is asked where.
const WHERE_INTERVAL_MS := 1000

var state := State.NOT_RUNNING
## Frames of the stopped game, innermost first: {frame, function, path, line, text?}.
var frames: Array[Dictionary] = []
## Why and where the game has stopped: {reason, error?, path?, line?, function?}; empty until that
## is known.
var stop: Dictionary = {}
## Counts the stops, so that one is not taken for another.
var stop_number: int = 0
var breakpoints: Breakpoints
var adapter := AdapterConnection.new()

var _own_folder: String = (get_script() as Script).resource_path.get_base_dir().get_base_dir() + "/"
var _plugin: EditorPlugin
var _runs: GameRuns
var _watch := DebuggerMonitor.new()
## The adapter's latest word on why the game has stopped.
var _told: Dictionary = {}
## What an agent has asked for, which ends in the next stop: "step", "pause" or "".
var _expected: String = ""
## Agent that let the game go on; empty when a person did.
var _moved_by: String = ""
var _is_acquired: bool = false
var _next_telling_ms: int = 0
## The game was asked where it hangs, and has not answered.
var _asks_where: bool = false
var _next_asking_ms: int = 0


func _init(plugin: EditorPlugin, runs: GameRuns) -> void:
	_plugin = plugin
	_runs = runs
	breakpoints = Breakpoints.new(adapter)
	adapter.event_received.connect(_on_adapter_event)
	_watch.game_started.connect(_on_started)
	_watch.game_ended.connect(_on_ended)
	_watch.game_stopped.connect(_on_stopped)
	_watch.game_continued.connect(_on_continued)
	_watch.game_stands.connect(_on_stands)
	_plugin.add_debugger_plugin(_watch)
	if _watch.is_active():
		_on_started()
		if _watch.is_stopped():
			_on_stopped(true)


func dispose() -> void:
	_watch.forget()
	_plugin.remove_debugger_plugin(_watch)
	adapter.dispose()


## To be called every frame.
func poll() -> void:
	adapter.poll()
	# Not while it is being moved: what arrives after it has gone on would find a running game.
	if state == State.STOPPED and is_located() and not _is_acquired \
			and Time.get_ticks_msec() >= _next_telling_ms:
		_next_telling_ms = Time.get_ticks_msec() + TELL_INTERVAL_MS
		_watch.tell_stopped(place())
	var run := _own_run()
	# Not while it is being stopped: it would stop in what answers.
	if run != null and run.is_hung and not _asks_where and not _is_acquired \
			and Time.get_ticks_msec() >= _next_asking_ms:
		_asks_where = true
		_watch.ask_where()


## Whether the editor has said where the game stands.
func is_located() -> bool:
	return not stop.is_empty()


## Where the game has stopped: "res://player.gd:12", or in words.
func place() -> String:
	return "%s:%d" % [stop["path"], stop["line"]] if stop.has("path") else "no line of a script"


## {state, ...}: what every answer about the game says.
func describe() -> Dictionary:
	var facts: Dictionary = {"state": STATE_NAMES[state], "stopsOnErrors": _runs.stops_on_errors}
	if state != State.NOT_RUNNING:
		var run := _own_run()
		if run != null:
			facts.merge({"game": run.number, "scene": run.scene})
	facts.merge(stop)
	return facts


## One agent at a time moves the game or reads its frames: the adapter keeps one current frame for
## all. To be released.
func acquire() -> void:
	await Wait.until(func() -> bool: return not _is_acquired)
	_is_acquired = true
	# A game that was asked where it hangs would be stopped in what answers.
	await Wait.until(func() -> bool: return not _asks_where or state != State.RUNNING,
			HEARING_TIMEOUT_MS)


func release() -> void:
	_is_acquired = false


func reader(limit: int) -> VariableReader:
	return VariableReader.new(adapter, _watch, place(), limit)


## What the game under the debugger says; null when it is not known here.
func game_output() -> GameRuns.GameRun.GameOutput:
	var run := _own_run()
	return run.output if run != null else null


## Waits until the game has heard what it was sent before, such as a new breakpoint; a game without
## this addon's runtime does not say so.
func await_hearing() -> void:
	if state == State.NOT_RUNNING:
		return
	var echo := _watch.ask_echo()
	await Wait.until(
			func() -> bool: return state == State.NOT_RUNNING or _watch.has_echoed(echo),
			HEARING_TIMEOUT_MS)


## Lets the game go on: `request` of the adapter, with the message for the game where the adapter
## has no such request.
func move(request: String, agent: String, expecting: String = "",
		message: String = "") -> Dictionary:
	_expected = expecting
	_moved_by = agent
	var arguments: Dictionary = {"threadId": 1}
	if not message.is_empty():
		arguments = {"message": message, "data": []}
	return await adapter.request(request, arguments)


## Whether games stop where a script fails, instead of going on: the one that runs, and later ones.
func set_stops_on_errors(enabled: bool) -> void:
	_runs.stops_on_errors = enabled
	_watch.tell_game("set_ignore_error_breaks", [not enabled])


## The game that the debugger holds; null when there is none.
func _own_run() -> GameRuns.GameRun:
	for run: GameRuns.GameRun in _runs.current():
		if run.is_editors_run:
			return run
	return null


func _on_started() -> void:
	state = State.RUNNING
	_asks_where = false
	_forget_stop()


func _on_ended() -> void:
	state = State.NOT_RUNNING
	_forget_stop()
	_mark_run("")


func _on_stopped(_can_go_on: bool) -> void:
	state = State.STOPPED
	stop = {}
	frames = []
	stop_number += 1
	_locate(stop_number)


func _on_continued() -> void:
	if state != State.STOPPED:
		return
	var before := stop
	state = State.RUNNING
	_forget_stop()
	_mark_run("")
	happened.emit("debug.continued",
			{"from": before, "by": _moved_by if not _moved_by.is_empty()
			else "a person at the editor"})
	_moved_by = ""


func _on_stands(stack: Array) -> void:
	_asks_where = false
	_next_asking_ms = Time.get_ticks_msec() + WHERE_INTERVAL_MS
	var run := _own_run()
	if run != null:
		_runs.tell_place(run, stack)


func _forget_stop() -> void:
	stop = {}
	frames = []
	_told = {}


func _on_adapter_event(event: String, body: Dictionary) -> void:
	# The engine tells a pause a second time, as an exception without a text.
	if event == "stopped" and not (body.get("reason") == "exception"
			and str(body.get("text", "")).is_empty()):
		_told = body


func _locate(number: int) -> void:
	var failure := await adapter.open()
	var response: Dictionary = {} if failure != null \
			else await adapter.request("stackTrace", {"threadId": 1})
	# The adapter's event may stand behind its response.
	await EngineTurns.next()
	if number != stop_number or state != State.STOPPED:
		return
	frames = []
	for told: Dictionary in (response.get("body", {}) as Dictionary).get("stackFrames", []):
		frames.append(_frame_of(told))
	# Below the game's own frames stand those of the command that has called it.
	while frames.size() > 1 and (frames[-1]["path"] as String).begins_with(_own_folder):
		frames.pop_back()
	# What holds a paused game is none of its own scripts.
	if _expected == "pause" and frames.size() == 1 \
			and (frames[0]["path"] as String).begins_with(_own_folder):
		frames = []
	stop = _described_stop(failure)
	_expected = ""
	_mark_run(place())
	happened.emit("debug.stopped", describe())


func _frame_of(told: Dictionary) -> Dictionary:
	var source: Dictionary = told.get("source", {})
	var frame: Dictionary = {
		"frame": int(told["id"]),
		"function": told["name"],
		"path": ProjectSettings.localize_path(str(source.get("path", ""))),
		"line": int(told["line"]),
	}
	var text := BreakableLines.text_of(frame["path"], frame["line"])
	if not text.is_empty():
		frame["text"] = text
	return frame


func _described_stop(failure: CommandResult) -> Dictionary:
	var facts: Dictionary = {"reason": _stop_reason(_told, frames, breakpoints, _expected)}
	if facts["reason"] == "error" and _told.has("text"):
		facts["error"] = _told["text"]
	if failure != null:
		facts["problem"] = failure.message
	if not frames.is_empty():
		facts.merge(frames[0])
		facts.erase("frame")
		for known: Dictionary in breakpoints.describe(facts["path"]):
			if known["line"] == facts["line"]:
				facts["setBy"] = known["setBy"]
	return facts


func _mark_run(where: String) -> void:
	for run: GameRuns.GameRun in _runs.all():
		if run.is_editors_run and run.state != GameRuns.GameRun.State.ENDED:
			run.stopped_at = where


## `told` is the adapter's event, empty when there was none; `expected` what an agent has asked for:
## "step", "pause" or "".
static func _stop_reason(told: Dictionary, frames: Array[Dictionary], breakpoints: Breakpoints,
		expected: String) -> String:
	if told.has("reason"):
		return STOP_REASONS.get(told["reason"], "unknown")
	if not frames.is_empty() and breakpoints.has(frames[0]["path"], frames[0]["line"]):
		return "breakpoint"
	if not expected.is_empty():
		return expected
	return "pause" if frames.is_empty() else "unknown"
