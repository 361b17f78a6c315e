## Waits until something is true of the game: a node, a property, a signal, a text, or frames that
## have passed.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const GameClock := preload("frame_gate.gd").GameClock
const GameNodes := preload("game_nodes.gd")
const NodePaths := preload("../values/node_paths.gd")
const NumberTypes := preload("../values/number_types.gd")
const PropertyParser := preload("../values/property_parser.gd")
const PropertyValues := preload("../values/property_values.gd")

const DEFAULT_TIMEOUT_MS := 10_000
const MOST_TIMEOUT_MS := 300_000
## The answer leaves this long before the caller stops waiting for it.
const ANSWER_MARGIN_MS := 250
const COMPARISONS: Array[String] = ["equal", "not_equal", "greater", "less", "contains"]
## Comparisons of numbers: with anything else they would never come true.
const OF_NUMBERS: Array[String] = ["greater", "less"]

var _tree: SceneTree
var _request: CommandRequest
var _recorder: SignalRecorder = null
var _started_frame: int = Engine.get_process_frames()
## What was seen last, for the answer.
var _seen: Dictionary = {}
## Why it can never come true; null as long as it can.
var _fault: CommandResult = null


func _init(tree: SceneTree, request: CommandRequest) -> void:
	_tree = tree
	_request = request


## Null when the request says something that can be waited for.
func refusal() -> CommandResult:
	if not ["path", "text", "frames"].any(_request.has):
		return _misfit(
				"Say what to wait for: 'path' (with 'property' or 'signal'), 'text' or 'frames'.")
	if (_request.has("property") or _request.has("signal")) and not _request.has("path"):
		return _misfit("'property' and 'signal' need 'path', the node that has them.")
	if _request.has("property") != _request.has("value"):
		return _misfit("'property' and 'value' go together.")
	if not COMPARISONS.has(_request.text("is", "equal")):
		return _misfit("'is' must be one of %s." % ", ".join(PackedStringArray(COMPARISONS)))
	if _is_of_numbers() and NumberTypes.number(_request.params.get("value")) == null:
		return _misfit("'value' must be a number where 'is' is '%s'." % _request.text("is"))
	var timeout := _request.number("timeoutMs", DEFAULT_TIMEOUT_MS)
	if timeout < 1 or timeout > MOST_TIMEOUT_MS:
		return _misfit("'timeoutMs' must be between 1 and %d." % MOST_TIMEOUT_MS)
	return _watch_signal() if _request.has("signal") else null


func run(clock: GameClock) -> CommandResult:
	var started := Time.get_ticks_msec()
	var deadline := started + _request.number("timeoutMs", DEFAULT_TIMEOUT_MS)
	if _request.expires_at_ms > 0:
		deadline = mini(deadline, _request.expires_at_ms - ANSWER_MARGIN_MS)
	var result: CommandResult = null
	while result == null:
		if _is_met():
			_seen["waitedMs"] = Time.get_ticks_msec() - started
			result = CommandResult.succeeded(clock.stamp(_seen))
		elif _fault != null:
			result = _fault
		elif _request.is_cancelled:
			result = _request.cancelled()
		elif Time.get_ticks_msec() > deadline:
			result = _too_late(Time.get_ticks_msec() - started)
		else:
			await clock.gate.turned
	if _recorder != null:
		_recorder.forget()
	return result


func _watch_signal() -> CommandResult:
	var node := GameNodes.find(_tree.root, _request.text("path"))
	if node == null:
		return GameNodes.not_found(_tree.root, _request.text("path"))
	if not node.has_signal(_request.text("signal")):
		return CommandResult.failed("NOT_FOUND",
				"'%s' has no signal '%s'." % [_request.text("path"), _request.text("signal")])
	_recorder = SignalRecorder.new(Signal(node, _request.text("signal")))
	return null


func _is_met() -> bool:
	if _request.has("frames") \
			and Engine.get_process_frames() - _started_frame < _request.number("frames", 0):
		return false
	if _request.has("text") and not _is_text_met():
		return false
	if _recorder != null:
		_seen["arguments"] = PropertyValues.to_json(_recorder.arguments, _tree.root)
		return _recorder.has_seen
	return not _request.has("path") or _is_node_met()


func _is_text_met() -> bool:
	var found := GameNodes.find_text(_tree.root, _request.text("text"))
	if not found.is_empty():
		_seen["path"] = NodePaths.path_of(_tree.root, found["node"])
	return found.is_empty() == _request.flag("gone", false)


func _is_node_met() -> bool:
	var node := GameNodes.find(_tree.root, _request.text("path"))
	_seen["exists"] = node != null
	if not _request.has("property"):
		return (node == null) == _request.flag("gone", false)
	if node == null:
		return false
	var current: Variant = node.get_indexed(NodePath(_request.text("property")))
	var value: Variant = PropertyValues.to_json(current, _tree.root)
	_seen["value"] = value
	if _is_of_numbers() and not (current is float or current is int):
		_fault = _misfit("'%s' of '%s' is no number but a %s: '%s' compares numbers." % [
				_request.text("property"), _request.text("path"), type_string(typeof(current)),
				_request.text("is")])
		return false
	return _compares(value, _wanted(current))


func _is_of_numbers() -> bool:
	return OF_NUMBERS.has(_request.text("is", "equal"))


## The value that is waited for, as one of the property's type: "2" is a number for a number, and 2
## a text for a text.
func _wanted(current: Variant) -> Variant:
	var given: Variant = _request.params["value"]
	if _request.text("is", "equal") == "contains":
		return given
	if current is String and not given is String and given != null:
		return str(int(given)) if NumberTypes.is_whole(given) else str(given)
	if not given is String and not NumberTypes.MEMBERS.has(typeof(current)) \
			or current == null or current is String or current is Object:
		return given
	var parsed := PropertyParser.new(_tree.root).parse(given, {"type": typeof(current)})
	return PropertyValues.to_json(parsed.value, _tree.root) if parsed.fits() else given


func _compares(value: Variant, wanted: Variant) -> bool:
	var are_numbers := (value is float or value is int) and (wanted is float or wanted is int)
	match _request.text("is", "equal"):
		"equal": return is_equal_approx(value, wanted) if are_numbers else _is_same(value, wanted)
		"not_equal": return not (is_equal_approx(value, wanted) if are_numbers
				else _is_same(value, wanted))
		"greater": return are_numbers and value > wanted
		"less": return are_numbers and value < wanted
		"contains": return str(value).contains(str(wanted))
	return false


## As JSON has them: whole numbers and others are of one kind.
static func _is_same(value: Variant, wanted: Variant) -> bool:
	return JSON.parse_string(JSON.stringify(value)) == JSON.parse_string(JSON.stringify(wanted))


func _too_late(waited_ms: int) -> CommandResult:
	_seen["waitedMs"] = waited_ms
	return CommandResult.failed("TIMEOUT",
			"It has not come true within %d ms. Seen last: %s." % [waited_ms, _last_words()],
			"Is the game paused, or does it need input?").with("dispatched", true).with("last",
			_seen)


func _last_words() -> String:
	var words: PackedStringArray = []
	if _request.has("text"):
		words.append("the text is there" if _seen.has("path") else "no such text")
	if _seen.has("exists"):
		words.append("the node is there" if _seen["exists"] else "no such node")
	if _seen.has("value"):
		words.append("its %s is %s" % [_request.text("property"),
				JSON.stringify(_seen["value"]).left(200)])
	if _request.has("signal"):
		words.append("no signal")
	return ", ".join(words) if not words.is_empty() else "too few frames"


func _misfit(text: String) -> CommandResult:
	return CommandResult.failed("INVALID_PARAMS", text)


## Remembers the first emission of a signal, whatever its arguments. Needs Godot 4.5, as the whole
## game's side does.
class SignalRecorder extends RefCounted:
	var has_seen: bool = false
	var arguments: Array = []

	var _signal: Signal

	func _init(of: Signal) -> void:
		_signal = of
		_signal.connect(_on_emitted)

	func forget() -> void:
		if not _signal.is_null() and _signal.is_connected(_on_emitted):
			_signal.disconnect(_on_emitted)

	func _on_emitted(...args: Array) -> void:
		if not has_seen:
			has_seen = true
			arguments = args
