## The running game over time: its clock, single frames, what the player does, what is waited for
## and written down.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FrameSpan := preload("frame_span.gd")
const GameClock := preload("frame_gate.gd").GameClock
const GameInput := preload("game_input.gd")
const GameRecording := preload("game_recording.gd")
const GameWait := preload("game_wait.gd")
const Pointer := preload("game_input.gd").Pointer

const DEFAULT_RECORDING := 60

var _tree: SceneTree
var _clock: GameClock
var _pointer: Pointer = null


func _init(tree: SceneTree, clock: GameClock) -> void:
	_tree = tree
	_clock = clock


func commands() -> Array[Command]:
	return [
		Command.read("game.wait_for", _wait_for, {
			"path?": TYPE_STRING, "gone?": TYPE_BOOL, "property?": TYPE_STRING, "is?": TYPE_STRING,
			"value?": TYPE_NIL,
			"signal?": TYPE_STRING, "text?": TYPE_STRING, "frames?": TYPE_INT,
			"timeoutMs?": TYPE_INT}).that_takes_long(),
		Command.write("game.set_clock", _set_clock,
		{"paused?": TYPE_BOOL, "timeScale?": TYPE_FLOAT}),
		Command.write("game.step", _step,
		{"frames?": TYPE_INT, "physics?": TYPE_BOOL, "events?": TYPE_ARRAY}).that_takes_long(),
		Command.write("game.record", _record, {
			"columns": TYPE_ARRAY, "frames?": TYPE_INT, "ms?": TYPE_INT, "every?": TYPE_INT,
			"physics?": TYPE_BOOL, "step?": TYPE_BOOL,
			"events?": TYPE_ARRAY}).that_takes_long(),
		Command.write("game.send_input", _send_input, {"events": TYPE_ARRAY}).that_takes_long(),
	]


func _wait_for(request: CommandRequest) -> CommandResult:
	var wait := GameWait.new(_tree, request)
	var refusal := wait.refusal()
	return refusal if refusal != null else await wait.run(_clock)


func _set_clock(request: CommandRequest) -> CommandResult:
	var scale: float = request.params.get("timeScale", Engine.time_scale)
	if scale < 0.0 or scale > GameClock.MOST_TIME_SCALE:
		return CommandResult.failed("INVALID_PARAMS",
				"'timeScale' must be between 0 and %d." % int(GameClock.MOST_TIME_SCALE))
	if request.has("paused"):
		_clock.set_paused(request.flag("paused", false))
	Engine.time_scale = scale
	return CommandResult.succeeded(_clock.stamp({}))


func _step(request: CommandRequest) -> CommandResult:
	var frames := request.number("frames", 1)
	var span := _span(request)
	span.is_step = true
	var refusal := _refusal_of(span, frames)
	if refusal == null:
		refusal = await span.run(frames)
	return refusal if refusal != null else CommandResult.succeeded(_clock.stamp({"frames": frames}))


func _record(request: CommandRequest) -> CommandResult:
	var frames := request.number("frames", DEFAULT_RECORDING)
	if request.has("ms"):
		if request.has("frames") or not request.flag("physics", true):
			return CommandResult.failed("INVALID_PARAMS",
					"'ms' is the game's own time, told in frames of its physics: leave 'frames' and 'physics' out.")
		frames = ceili(request.number("ms", 0) / 1000.0 * Engine.physics_ticks_per_second)
	var span := _span(request)
	span.is_step = request.flag("step", false)
	var refusal := _refusal_of(span, frames)
	if refusal != null:
		return refusal
	var recording := GameRecording.new(_tree.root, request)
	refusal = recording.refusal(frames)
	if refusal == null:
		span.on_frame = recording.take
		refusal = await span.run(frames)
	return refusal if refusal != null else CommandResult.succeeded(_clock.stamp(recording.table()))


func _span(request: CommandRequest) -> FrameSpan:
	var span := FrameSpan.new(_clock.gate, request)
	if not (request.params.get("events", []) as Array).is_empty():
		span.input = GameInput.new(_tree.root, _clock.gate, request, _the_pointer())
	return span


static func _refusal_of(span: FrameSpan, frames: int) -> CommandResult:
	var refusal := FrameSpan.refusal(frames)
	return span.input.refusal() if refusal == null and span.input != null else refusal


func _send_input(request: CommandRequest) -> CommandResult:
	if _clock.gate.is_held():
		return CommandResult.failed("CONFLICT", "The game is paused: it sees no input.",
				"game.step with 'events' plays them in its frames; game.set_clock {paused:false} lets it go on.")
	return await GameInput.new(_tree.root, _clock.gate, request, _the_pointer()).run(_clock)


func _the_pointer() -> Pointer:
	if _pointer == null:
		_pointer = Pointer.new(_tree.root)
	return _pointer
