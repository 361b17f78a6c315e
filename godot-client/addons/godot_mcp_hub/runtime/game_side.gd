## A running game's part: connects it to the hub as an instance of its own, and to the editor that plays it. Only wires.
extends RefCounted

const CommandResult := preload("../command_result.gd")
const CommandRouter := preload("../command_router.gd")
const DebuggerLine := preload("debugger_line.gd")
const EditorLine := preload("editor_line.gd")
const EditorWatch := preload("editor_watch.gd")
const EngineLog := preload("../engine_log.gd")
const GameCommands := preload("game_commands.gd")
const GameIdentity := preload("game_identity.gd")
const HubConnection := preload("../hub_connection.gd")
const MonitorSamples := preload("../profiling/monitor_samples.gd")
const Protocol := preload("../protocol.gd")

## What the names of all commands of a game begin with.
const GROUP := "game."
## How much of each frame commands may use.
const FRAME_BUDGET_USEC := 8000
## Frames of a fixed length come as fast as they can: a game that stands still would keep a core busy with them.
const PAUSED_SLEEP_MS := 2

var _connection: HubConnection
var _debugger := DebuggerLine.new()
var _line: EditorLine
var _watch := EditorWatch.new()
var _log := EngineLog.new()
var _polled_at_ms: int = Time.get_ticks_msec()
var _router: CommandRouter
var _has_started: bool = false
## What is said to who asks a game for what its editor knows.
var _at_the_editor: String
var _tree: SceneTree
## The frames have a fixed length and follow no clock.
var _is_unsynchronised: bool


## `run` is what the editor tells the games that it starts: a JSON object {port, token, parent, editor, number, name, paused, fixedFps}.
func _init(tree: SceneTree, run: String) -> void:
	var facts: Dictionary = JSON.parse_string(run)
	_tree = tree
	_at_the_editor = "A game has the commands game.*; what is about it stands with its editor: target \"%s\", and there \"game\":%d." % [
		facts["editor"], facts["number"]]
	_tree.paused = facts["paused"]
	_is_unsynchronised = facts["fixedFps"] > 0
	_log.start()
	_line = EditorLine.new(int(facts["port"]), facts["token"])
	_line.orphaned.connect(tree.quit)
	_watch.start(int(facts["port"]), facts["token"])
	var identity := GameIdentity.new(facts["parent"], facts["name"])
	_connection = HubConnection.new(identity)
	_router = CommandRouter.new(identity.epoch, _log)
	_router.register(GameCommands.new(tree, _line).commands())
	_line.measurement_wanted.connect(_on_measurement_wanted)
	_debugger.stopped.connect(_on_stopped)
	_connection.message_received.connect(_on_message)
	_connection.opened.connect(_on_opened)
	_router.answered.connect(_connection.send_answer)
	_router.progressed.connect(_connection.notify)


## Does what is due; to be called every frame.
func poll() -> void:
	var now := Time.get_ticks_msec()
	if not _has_started:
		_has_started = true
		_line.tell({"started": true})
	_line.poll()
	_connection.poll(now - _polled_at_ms)
	_polled_at_ms = now
	_router.run_queued(FRAME_BUDGET_USEC)
	if _tree.paused and _is_unsynchronised:
		OS.delay_msec(PAUSED_SLEEP_MS)


## The game ends of itself.
func leave() -> void:
	_debugger.close()
	_watch.stop()
	_connection.close()
	_log.stop()
	_line.take_leave()


## The debugger has stopped the game, perhaps amid a command: it stays connected, and what it is asked cannot be done.
func _on_stopped(place: String) -> void:
	_line.poll()
	var now := Time.get_ticks_msec()
	_connection.poll(now - _polled_at_ms)
	_polled_at_ms = now
	_router.answer_all(DebuggerLine.refusal(place), DebuggerLine.interruption(place))


func _on_message(message: Dictionary) -> void:
	if message.has("id") and not (message["method"] as String).begins_with(GROUP):
		var refusal := CommandResult.failed("METHOD_NOT_FOUND", "'%s' is no command of a game." % message["method"], _at_the_editor)
		_connection.send_answer(message["id"], Protocol.encode_answer(message["id"], refusal))
	elif message.has("id"):
		_router.receive(message)
	elif message["method"] == "cancel":
		_router.cancel(message.get("params", {}).get("id"))


func _on_measurement_wanted(number: int, duration_ms: int) -> void:
	_line.tell({"measured": number, "facts": await MonitorSamples.new().take(duration_ms)})


func _on_opened(_resumed: bool) -> void:
	_line.tell({"name": _connection.instance_name})
