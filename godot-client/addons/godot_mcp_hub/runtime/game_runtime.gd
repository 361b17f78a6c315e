## A running game's part: connects it to the hub as a separate instance, and to the editor that
## plays it. Only wires.
extends RefCounted

const InstanceIdentity := preload("../wire/instance_identity.gd")
const CommandResult := preload("../requests/command_result.gd")
const CommandRouter := preload("../routing/command_router.gd")
const DebuggerChannel := preload("debugger_channel.gd")
const EditorChannel := preload("../processes/editor_channel.gd")
const EditorMonitor := preload("../processes/editor_channel.gd").EditorMonitor
const EngineLog := preload("../engine/engine_log.gd")
const FrameGate := preload("frame_gate.gd")
const GameClock := preload("frame_gate.gd").GameClock
const GameCommands := preload("game_commands.gd")
const HubConnection := preload("../wire/hub_connection.gd")
const MonitorSamples := preload("../profiling/monitor_samples.gd")
const Protocol := preload("../wire/protocol.gd")

## What the names of all commands of a game begin with.
const GROUP := "game."
## How much of each frame commands may use.
const FRAME_BUDGET_USEC := 8000
## Commands whose effects may wait for the end of a frame.
const CHANGES: Array[String] = ["game.set_properties", "game.call_method", "game.eval"]

var _connection: HubConnection
var _debugger := DebuggerChannel.new()
var _channel: EditorChannel
var _watch := EditorMonitor.new()
var _log := EngineLog.new()
var _polled_at_ms: int = Time.get_ticks_msec()
var _router: CommandRouter
var _has_started: bool = false
## What is said to who asks a game for what its editor knows.
var _at_the_editor: String
var _gate: FrameGate


## `run` is what the editor tells the games that it starts: a JSON object {port, token, parent,
## editor, number, name, paused, fixedFps}.
func _init(tree: SceneTree, run: String) -> void:
	var facts: Dictionary = JSON.parse_string(run)
	_at_the_editor = "A game has the commands game.*; what is about it stands with its editor: target \"%s\", and there \"game\":%d." % [
		facts["editor"], facts["number"]]
	_gate = FrameGate.new(tree, facts["fixedFps"] > 0, _poll)
	if facts["paused"]:
		_gate.pause()
	_log.start()
	_channel = EditorChannel.new(int(facts["port"]), facts["token"])
	_channel.orphaned.connect(_on_orphaned.bind(tree))
	_channel.released.connect(_gate.go_on)
	tree.root.close_requested.connect(_gate.go_on)
	_watch.start(int(facts["port"]), facts["token"])
	var identity := GameIdentity.new(facts["parent"], facts["name"])
	_connection = HubConnection.new(identity)
	_router = CommandRouter.new(identity.epoch, _log)
	_router.register(GameCommands.new(tree, GameClock.new(tree, _gate), _channel).commands())
	_router.began.connect(_on_began)
	_router.ended.connect(_on_ended)
	_channel.measurement_wanted.connect(_on_measurement_wanted)
	_debugger.stopped.connect(_on_stopped)
	_connection.message_received.connect(_on_message)
	_connection.opened.connect(_on_opened)
	_router.answered.connect(_connection.send_answer)
	_router.progressed.connect(_connection.notify)


## The nodes that the game begins with enter the tree now.
func enter() -> void:
	_channel.tell({"entered": true})


## A frame begins, of the physics or of the picture. Returns when the game may have it.
func begin_frame(is_physics: bool) -> void:
	if not is_physics and not _gate.is_drawing():
		_poll()
	_gate.pass_frame(is_physics)


## Does the due work.
func _poll() -> void:
	var now := Time.get_ticks_msec()
	if not _has_started:
		_has_started = true
		_channel.tell({"started": true})
	_channel.poll()
	_connection.poll(now - _polled_at_ms)
	_polled_at_ms = now
	_router.run_queued(FRAME_BUDGET_USEC)


## The game ends of itself.
func leave() -> void:
	_debugger.close()
	_watch.stop()
	_connection.close()
	_log.stop()
	_channel.take_leave()


func _on_orphaned(tree: SceneTree) -> void:
	_gate.go_on()
	tree.quit()


func _on_began(_agent: String, command: String) -> void:
	if CHANGES.has(command):
		_gate.begin_change()


func _on_ended(_agent: String, command: String, _kind: String) -> void:
	if CHANGES.has(command):
		_gate.end_change()


## The debugger has stopped the game, perhaps amid a command: it stays connected, and what it is
## asked cannot be done.
func _on_stopped(place: String) -> void:
	_channel.poll()
	var now := Time.get_ticks_msec()
	_connection.poll(now - _polled_at_ms)
	_polled_at_ms = now
	_router.answer_all(DebuggerChannel.refusal(place), DebuggerChannel.interruption(place))


func _on_message(message: Dictionary) -> void:
	if message.has("id") and not (message["method"] as String).begins_with(GROUP):
		var refusal := CommandResult.failed("METHOD_NOT_FOUND",
				"'%s' is no command of a game." % message["method"], _at_the_editor)
		_connection.send_answer(message["id"], Protocol.encode_answer(message["id"], refusal))
	elif message.has("id"):
		_router.receive(message)
	elif message["method"] == "cancel":
		_router.cancel(message.get("params", {}).get("id"))


func _on_measurement_wanted(number: int, duration_ms: int) -> void:
	var samples := MonitorSamples.new()
	var facts := samples.take_once() if _gate.is_held() else await samples.take(duration_ms)
	_channel.tell({"measured": number, "facts": facts})


func _on_opened(_resumed: bool) -> void:
	_channel.tell({"name": _connection.instance_name})


## What a running game says of itself when it meets a hub.
class GameIdentity extends InstanceIdentity:
	var _parent: String
	var _name: String

	## `parent` is the id of the editor that plays the game, `name` what the game would like to be
	## called.
	func _init(parent: String, name: String) -> void:
		_parent = parent
		_name = name

	func identify(resume_token: String) -> Dictionary:
		var message := super.identify(resume_token)
		message["clientType"] = "game"
		message["parent"] = _parent
		message["name"] = _name
		# The editor may be one that a hub has started; its games are not.
		(message["instance"] as Dictionary).erase("launchId")
		return message
