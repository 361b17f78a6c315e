## One game that this editor plays or has played: its process, its line to the editor, its output,
## its end.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const ExitWatcher := preload("../engine_workarounds/exit_watcher.gd")
const GameOutput := preload("game_output.gd")
const OutputPanel := preload("../engine_workarounds/output_panel.gd")
const JsonLines := preload("../processes/byte_stream.gd").JsonLines
const Wait := preload("../engine/wait.gd")

enum State { STARTING, RUNNING, ENDED }

## How long a game that runs may say nothing before it is called hung.
const SILENCE_LIMIT_MS := 1000.0
## The same before its first frame: scenes are loaded then.
const STARTING_LIMIT_MS := 3000.0
## How long a command waits for the first frame of a game that runs lines of its scripts before it.
const STARTING_PATIENCE_MS := 10_000.0
## What one frame of the editor can add to a silence: its own pause is not the game's.
const LONGEST_STEP_MS := 100.0
## How long the editor may take to notice that the process of its own run has ended.
const ENDING_LIMIT_MS := 600.0
const NUMBER_OF_ERRORS_TOLD := 10
## How much longer than asked a measurement may take.
const MEASURING_MARGIN_MS := 5000

var number: int
var scene: String
## Known by this alone: who connects with it is this game.
var token: String = Crypto.new().generate_random_bytes(16).hex_encode()
var pid: int = 0
## The editor's own run, which its buttons stop; otherwise a process of this addon.
var is_editors_run: bool
## Name under which the hub knows the game; empty while it does not.
var name: String = ""
var state := State.STARTING
## "quit" (by itself), "crashed", "stopped" (by run.stop or the stop button) or "killed" (by
## another program); empty while it has not ended.
var end: String = ""
## Null while it runs, and of a game that did not end by itself.
var exit_code: Variant = null
var is_hung: bool = false
## What it runs while it hangs, innermost first, "_ready (res://player.gd:12)" each; empty while
## that is not known.
var hung_stack: Array[String] = []
## Where the debugger has stopped it; empty while it runs.
var stopped_at: String = ""
var output: GameOutput

var _panel := OutputPanel.new()
var _lines: JsonLines = null
## Connection of the game's thread that watches whether this editor lives; it only has to stay open.
var _watch: JsonLines = null
## Its first nodes have begun to enter the tree.
var _has_entered: bool = false
## Where it hangs, "res://player.gd:12"; empty while that is not known.
var _hung_at: String = ""
var _is_leaving: bool = false
## The game has heard that its end is waited for.
var _knows_exit_watcher: bool = false
var _exit_watcher: ExitWatcher = null
## Measurements that were asked for, and what came of them, by number.
var _measurements: int = 0
var _measured: Dictionary = {}
var _silent_ms: float = 0.0
var _ending_ms: float = 0.0


func _init(of_number: int, playing_scene: String, log_path: String, by_editor: bool) -> void:
	number = of_number
	scene = playing_scene
	is_editors_run = by_editor
	output = GameOutput.new(log_path)


## Takes over a connection on which the game has introduced itself with the first of `messages`.
func attach(lines: JsonLines, messages: Array[Dictionary]) -> void:
	if messages[0].has("watches"):
		_watch = lines
		return
	_lines = lines
	for message: Dictionary in messages:
		_hear(message)


## Has the game sample its monitors: what MonitorSamples.take() says; nothing when the game does not
## answer or the request is no longer wanted.
func measure(duration_ms: int, request: CommandRequest) -> Dictionary:
	_measurements += 1
	var mine := _measurements
	_lines.send({"measure": mine, "durationMs": duration_ms})
	await Wait.until(func() -> bool:
		return _measured.has(mine) or state != State.RUNNING \
				or request.is_cancelled, duration_ms + MEASURING_MARGIN_MS)
	var facts: Dictionary = _measured.get(mine, {})
	_measured.erase(mine)
	return facts


## Lets the game go on without this addon. Returns the connection by which it notices when the
## editor ends; null when there is none.
func release() -> StreamPeerTCP:
	_dismiss_exit_watcher()
	if _lines != null:
		_lines.send({"released": true})
		_lines.poll()
		_lines.close()
	return _watch.hand_over() if _watch != null else null


## Reads what the game says; `elapsed_ms` since the last time. Returns whether it is seen to have
## ended.
func poll(elapsed_ms: float) -> bool:
	output.poll()
	_panel.watch(output.lines)
	if _lines == null:
		return not EditorInterface.is_playing_scene() if is_editors_run \
				else not OS.is_process_running(pid)
	_silent_ms += minf(elapsed_ms, LONGEST_STEP_MS)
	for message: Dictionary in _lines.poll():
		_silent_ms = 0.0
		_hear(message)
	var limit := SILENCE_LIMIT_MS if state == State.RUNNING else STARTING_LIMIT_MS
	is_hung = stopped_at.is_empty() and not _is_leaving and _silent_ms > limit
	if not is_hung:
		take_place([])
	return not _lines.is_open() and _is_exit_watched() and _has_process_ended(elapsed_ms)


## What the game runs while it hangs, innermost first: [function, path, line] each.
func take_place(stack: Array) -> void:
	_hung_at = "%s:%d" % [stack[0][1], stack[0][2]] if is_hung and not stack.is_empty() else ""
	hung_stack.assign(stack.map(func(line: Array) -> String: return "%s (%s:%d)" % line)
			if not _hung_at.is_empty() else [])


## Whether its first frame is not worth waiting for: a script has kept it from that for long.
func is_given_up() -> bool:
	return state == State.STARTING and not hung_stack.is_empty() \
			and _silent_ms > STARTING_PATIENCE_MS


## Where a game that hangs does so, in words.
func hung_place() -> String:
	if not hung_stack.is_empty():
		return "in %s" % hung_stack[0]
	var phase := "in a frame"
	if state == State.STARTING and _has_entered:
		phase = "in _enter_tree() or _ready() of a node that it begins with"
	elif state == State.STARTING:
		phase = "in _init() of an autoload or of a node of %s, or in its loading" % scene
	if not is_editors_run:
		return phase + " (only the first of several games has the debugger, which knows the line)"
	return phase + ", probably within a call of the engine that does not return: a lock, a wait, a load"


## The game has ended; `as_told` instead of what its last words say.
func finish(as_told: String = "") -> void:
	if as_told.is_empty():
		_read_exit_code()
	_dismiss_exit_watcher()
	output.poll(true)
	if not output.crash.is_empty():
		exit_code = null
	if _watch != null:
		_watch.close()
	end = as_told if not as_told.is_empty() else _end_by_its_words()
	state = State.ENDED
	is_hung = false
	take_place([])
	stopped_at = ""


## Whether the game ends of itself, and has not ended yet.
func is_leaving() -> bool:
	return _is_leaving and state != State.ENDED


func describe() -> Dictionary:
	# Takes in what was still being read: the counts are to fit.
	var first_errors := output.first_errors(NUMBER_OF_ERRORS_TOLD)
	var states: Dictionary = {State.STARTING: "starting", State.RUNNING: "running",
			State.ENDED: "ended"}
	var facts: Dictionary = {
		"game": number,
		"name": null,
		"scene": scene,
		"pid": null,
		"state": "hung" if is_hung else states[state],
		"errors": output.error_count,
		"warnings": output.warning_count,
	}
	if not stopped_at.is_empty():
		facts["state"] = "stopped"
		facts["stoppedAt"] = stopped_at
	if is_hung:
		facts["hungIn"] = hung_place()
	if not hung_stack.is_empty():
		facts["hungAt"] = _hung_at
		facts["hungStack"] = hung_stack
	if not name.is_empty():
		facts["name"] = name
	if pid > 0:
		facts["pid"] = pid
	if state == State.ENDED:
		facts["end"] = end
		facts["exitCode"] = exit_code
	if not output.crash.is_empty():
		facts["crash"] = output.crash
	if not first_errors.is_empty():
		facts["firstErrors"] = first_errors
	return facts


func _hear(message: Dictionary) -> void:
	if message.has("started"):
		state = State.RUNNING
	_has_entered = message.get("entered", _has_entered)
	pid = int(message.get("pid", pid))
	name = str(message.get("name", name))
	if message.has("leaving"):
		_await_end()
	_knows_exit_watcher = message.get("ends", _knows_exit_watcher)
	if message.has("measured"):
		_measured[int(message["measured"])] = message["facts"]
	if message.get("asks") == "may_run_code":
		_lines.send({"mayRunCode": ExecutionGate.is_open()})


## The game has run its last frame, and goes on to its end when it hears that the editor looks.
func _await_end() -> void:
	_is_leaving = true
	if is_editors_run:
		_exit_watcher = ExitWatcher.new(pid)
	_lines.send({"awaited": true})


## A game that did not hear of the exit watcher in time may have been killed by the editor before.
func _is_exit_watched() -> bool:
	if _exit_watcher == null:
		return true
	if not _knows_exit_watcher:
		_dismiss_exit_watcher()
		return true
	if not _exit_watcher.poll():
		return false
	exit_code = _exit_watcher.exit_code
	return true


func _dismiss_exit_watcher() -> void:
	if _exit_watcher != null:
		_exit_watcher.release()
		_exit_watcher = null


## The line closes a moment before the process has ended. The editor notices the end of its own run
## a little later still.
func _has_process_ended(elapsed_ms: float) -> bool:
	if not is_editors_run:
		return not OS.is_process_running(pid)
	_ending_ms += elapsed_ms
	return not EditorInterface.is_playing_scene() or _ending_ms > ENDING_LIMIT_MS


func _end_by_its_words() -> String:
	if not output.crash.is_empty():
		return "crashed"
	return "quit" if _is_leaving else "killed"


## Only of a game that has said that it ends: for a process that was ended by a signal the engine
## tells the signal's number.
func _read_exit_code() -> void:
	if not is_editors_run and _is_leaving and not OS.is_process_running(pid):
		exit_code = OS.get_process_exit_code(pid)
