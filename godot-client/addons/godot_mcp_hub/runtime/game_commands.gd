## The running game: looks at its nodes, changes them, and calls them.
extends RefCounted

const Command := preload("../command.gd")
const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const EditorLine := preload("editor_line.gd")
const ExecutionGate := preload("../editing/execution_gate.gd")
const FrameSpan := preload("frame_span.gd")
const GameClock := preload("game_clock.gd")
const GameCode := preload("game_code.gd")
const GameInput := preload("game_input.gd")
const GameNodes := preload("game_nodes.gd")
const GameRecording := preload("game_recording.gd")
const GameScreenshot := preload("game_screenshot.gd")
const GameSearch := preload("game_search.gd")
const GameTreeReader := preload("game_tree_reader.gd")
const GameWait := preload("game_wait.gd")
const MethodArguments := preload("method_arguments.gd")
const NearNames := preload("../editing/near_names.gd")
const NodePaths := preload("../editing/node_paths.gd")
const ParsedValue := preload("../editing/parsed_value.gd")
const Pointer := preload("pointer.gd")
const PropertyDefaults := preload("../editing/property_defaults.gd")
const PropertyParser := preload("../editing/property_parser.gd")
const PropertyValues := preload("../editing/property_values.gd")

const GIVEN_LENGTH := 120
const DEFAULT_RECORDING := 60

var _line: EditorLine
var _tree: SceneTree
var _clock: GameClock
var _pointer: Pointer = null


## `line` leads to the editor that plays the game.
func _init(tree: SceneTree, line: EditorLine = null) -> void:
	_line = line
	_tree = tree
	_clock = GameClock.new(tree)


func commands() -> Array[Command]:
	return [
		Command.read("game.get_tree", _get_tree, {
			"path?": TYPE_STRING, "depth?": TYPE_INT, "type?": TYPE_STRING, "limit?": TYPE_INT, "cursor?": TYPE_STRING}),
		Command.read("game.find", _find, {
			"type?": TYPE_STRING, "name?": TYPE_STRING, "group?": TYPE_STRING, "script?": TYPE_STRING, "text?": TYPE_STRING,
			"near?": TYPE_DICTIONARY, "within?": TYPE_FLOAT, "visible?": TYPE_BOOL, "limit?": TYPE_INT}),
		Command.read("game.get_properties", _get_properties, {"path": TYPE_STRING, "names?": TYPE_ARRAY, "all?": TYPE_BOOL}),
		Command.write("game.set_properties", _set_properties, {"path": TYPE_STRING, "properties": TYPE_DICTIONARY}),
		Command.write("game.call_method", _call_method, {"path": TYPE_STRING, "method": TYPE_STRING, "args?": TYPE_ARRAY}),
		Command.read("game.wait_for", _wait_for, {
			"path?": TYPE_STRING, "gone?": TYPE_BOOL, "property?": TYPE_STRING, "is?": TYPE_STRING, "value?": TYPE_NIL,
			"signal?": TYPE_STRING, "text?": TYPE_STRING, "frames?": TYPE_INT, "timeoutMs?": TYPE_INT}).that_takes_long(),
		Command.read("game.get_monitors", _get_monitors),
		Command.write("game.set_clock", _set_clock, {"paused?": TYPE_BOOL, "timeScale?": TYPE_FLOAT}),
		Command.write("game.step", _step, {"frames?": TYPE_INT, "physics?": TYPE_BOOL, "events?": TYPE_ARRAY}).that_takes_long(),
		Command.write("game.record", _record, {
			"columns": TYPE_ARRAY, "frames?": TYPE_INT, "ms?": TYPE_INT, "every?": TYPE_INT, "physics?": TYPE_BOOL, "step?": TYPE_BOOL,
			"events?": TYPE_ARRAY}).that_takes_long(),
		Command.write("game.eval", _eval, {"code": TYPE_STRING, "path?": TYPE_STRING}).that_takes_long(),
		Command.write("game.send_input", _send_input, {"events": TYPE_ARRAY}).that_takes_long(),
		Command.read("game.screenshot", _screenshot, {
			"path?": TYPE_STRING, "moments?": TYPE_INT, "every?": TYPE_INT, "maxSize?": TYPE_INT, "format?": TYPE_STRING}).that_takes_long(),
	]


func _get_tree(request: CommandRequest) -> CommandResult:
	var from := GameNodes.find(_tree.root, request.text("path", "."))
	if from == null:
		return GameNodes.not_found(_tree.root, request.text("path"))
	var answer := GameTreeReader.new(_tree.root, request).read(from, request.number("depth", GameTreeReader.DEFAULT_DEPTH))
	answer["currentScene"] = null
	if _tree.current_scene != null:
		answer["currentScene"] = NodePaths.path_of(_tree.root, _tree.current_scene)
	return CommandResult.succeeded(_clock.stamp(answer))


func _find(request: CommandRequest) -> CommandResult:
	return GameSearch.new(_tree.root, request).run()


func _get_properties(request: CommandRequest) -> CommandResult:
	var node := GameNodes.find(_tree.root, request.text("path"))
	if node == null:
		return GameNodes.not_found(_tree.root, request.text("path"))
	var infos := GameNodes.property_infos(node)
	var names: Array = request.params.get("names", [])
	for name: Variant in names:
		if not name is String or not infos.has(name):
			return GameNodes.unknown_property(node, str(name), infos)
	if names.is_empty():
		names = infos.keys() if request.flag("all", false) else _telling_names(node, infos)
	return CommandResult.succeeded(_clock.stamp({
		"path": NodePaths.path_of(_tree.root, node), "type": node.get_class(), "properties": _values(node, names)}))


## The variables of the node's script, and what differs from its default.
static func _telling_names(node: Node, infos: Dictionary) -> Array[String]:
	var names := GameNodes.script_variables(infos)
	for name: String in PropertyDefaults.changed_names(node, infos):
		if not names.has(name):
			names.append(name)
	return names


func _values(node: Node, names: Array) -> Dictionary:
	var values: Dictionary = {}
	for name: String in names:
		values[name] = PropertyValues.to_json(node.get(name), _tree.root)
	return values


## Sets all of them, or none when one does not fit.
func _set_properties(request: CommandRequest) -> CommandResult:
	var node := GameNodes.find(_tree.root, request.text("path"))
	if node == null:
		return GameNodes.not_found(_tree.root, request.text("path"))
	var infos := GameNodes.property_infos(node)
	var given: Dictionary = request.params["properties"]
	var parser := PropertyParser.new(_tree.root)
	var parsed: Dictionary = {}
	for name: String in given:
		if not infos.has(name):
			return GameNodes.unknown_property(node, name, infos)
		var value: ParsedValue = parser.parse(given[name], infos[name], node.get(name))
		if not value.fits():
			return CommandResult.failed("INVALID_PARAMS", "%s of '%s' must be %s; given was %s." % [
					name, node.name, value.expected, JSON.stringify(given[name]).left(GIVEN_LENGTH)])
		parsed[name] = value.value
	for name: String in parsed:
		node.set(name, parsed[name])
	return CommandResult.succeeded(_clock.stamp({
		"path": NodePaths.path_of(_tree.root, node), "properties": _values(node, parsed.keys())}))


func _call_method(request: CommandRequest) -> CommandResult:
	var node := GameNodes.find(_tree.root, request.text("path"))
	if node == null:
		return GameNodes.not_found(_tree.root, request.text("path"))
	var arguments := MethodArguments.new(_tree.root, node, request.text("method"))
	var refusal := arguments.read(request.params.get("args", []))
	if refusal != null:
		return refusal
	var path := NodePaths.path_of(_tree.root, node)
	var result: Variant = await node.callv(request.text("method"), arguments.values)
	return CommandResult.succeeded(_clock.stamp({
		"path": path, "method": request.text("method"), "result": PropertyValues.to_json(result, _tree.root)}))


func _wait_for(request: CommandRequest) -> CommandResult:
	var wait := GameWait.new(_tree, request)
	var refusal := wait.refusal()
	return refusal if refusal != null else await wait.run(_clock)


func _get_monitors(_call: CommandRequest) -> CommandResult:
	return CommandResult.succeeded(_clock.stamp({"monitors": _clock.monitors()}))


func _set_clock(request: CommandRequest) -> CommandResult:
	var scale: float = request.params.get("timeScale", Engine.time_scale)
	if scale < 0.0 or scale > GameClock.MOST_TIME_SCALE:
		return CommandResult.failed("INVALID_PARAMS", "'timeScale' must be between 0 and %d." % int(GameClock.MOST_TIME_SCALE))
	_clock.set_paused(request.flag("paused", _tree.paused))
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
			return CommandResult.failed("INVALID_PARAMS", "'ms' is the game's own time, told in frames of its physics: leave 'frames' and 'physics' out.")
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
	var span := FrameSpan.new(_tree, request)
	if request.has("events"):
		span.input = GameInput.new(_tree, request, _the_pointer())
	return span


static func _refusal_of(span: FrameSpan, frames: int) -> CommandResult:
	var refusal := FrameSpan.refusal(frames)
	return span.input.refusal() if refusal == null and span.input != null else refusal


func _eval(request: CommandRequest) -> CommandResult:
	if not await _line.may_run_code():
		return ExecutionGate.refusal("game.eval")
	var node := _tree.current_scene
	if request.has("path"):
		node = GameNodes.find(_tree.root, request.text("path"))
		if node == null:
			return GameNodes.not_found(_tree.root, request.text("path"))
	var code := GameCode.new(_tree, node)
	var failure := await code.run(request.text("code"))
	if failure != null:
		return failure
	return CommandResult.succeeded(_clock.stamp({"result": PropertyValues.to_json(code.value, _tree.root)}))


func _send_input(request: CommandRequest) -> CommandResult:
	return await GameInput.new(_tree, request, _the_pointer()).run(_clock)


func _the_pointer() -> Pointer:
	if _pointer == null:
		_pointer = Pointer.new(_tree.root)
	return _pointer


func _screenshot(request: CommandRequest) -> CommandResult:
	return await GameScreenshot.new(_tree, request).run(_clock)
