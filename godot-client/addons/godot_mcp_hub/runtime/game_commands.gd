## The running game: looks at its nodes, changes them, and calls them.
extends RefCounted

const Command := preload("../command.gd")
const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const GameClock := preload("game_clock.gd")
const GameInput := preload("game_input.gd")
const GameNodes := preload("game_nodes.gd")
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

var _tree: SceneTree
var _clock: GameClock
var _pointer: Pointer = null


func _init(tree: SceneTree) -> void:
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
		Command.write("game.step", _step, {"frames?": TYPE_INT, "physics?": TYPE_BOOL}).that_takes_long(),
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
	if frames < 1 or frames > GameClock.MOST_FRAMES:
		return CommandResult.failed("INVALID_PARAMS", "'frames' must be between 1 and %d." % GameClock.MOST_FRAMES)
	return await _clock.step(frames, request.flag("physics", true), request)


func _send_input(request: CommandRequest) -> CommandResult:
	if _pointer == null:
		_pointer = Pointer.new(_tree.root)
	return await GameInput.new(_tree, request, _pointer).run(_clock)


func _screenshot(request: CommandRequest) -> CommandResult:
	return await GameScreenshot.new(_tree, request).run(_clock)
