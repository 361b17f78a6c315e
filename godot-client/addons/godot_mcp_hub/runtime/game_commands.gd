## The running game: looks at its nodes, changes them, and calls them.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const EditorChannel := preload("../processes/editor_channel.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const GameClock := preload("frame_gate.gd").GameClock
const GameCode := preload("game_code.gd")
const GameNodes := preload("game_nodes.gd")
const GameScreenshot := preload("game_screenshot.gd")
const GameSearch := preload("game_search.gd")
const GameTreeReader := preload("game_search.gd").GameTreeReader
const NearNames := preload("../texts/near_names.gd")
const NodePaths := preload("../values/node_paths.gd")
const ParsedValue := preload("../values/parsed_value.gd")
const PropertyDefaults := preload("../values/property_defaults.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const PropertyParser := preload("../values/property_parser.gd")
const PropertySnapshot := preload("../undo/property_snapshot.gd")
const PropertyValues := preload("../values/property_values.gd")
const PropertyWriter := preload("../values/property_writer.gd")
const TextLimits := preload("../texts/text_limits.gd")
const TimeCommands := preload("time_commands.gd")

const GIVEN_LENGTH := 120

var _channel: EditorChannel
var _tree: SceneTree
var _clock: GameClock


## `line` leads to the editor that plays the game.
func _init(tree: SceneTree, clock: GameClock, line: EditorChannel = null) -> void:
	_channel = line
	_tree = tree
	_clock = clock


func commands() -> Array[Command]:
	var table: Array[Command] = [
		Command.read("game.get_tree", _get_tree, {
			"path?": TYPE_STRING, "depth?": TYPE_INT, "type?": TYPE_STRING, "limit?": TYPE_INT,
			"cursor?": TYPE_STRING}),
		Command.read("game.find", _find, {
			"type?": TYPE_STRING, "name?": TYPE_STRING, "group?": TYPE_STRING,
			"script?": TYPE_STRING, "text?": TYPE_STRING,
			"near?": TYPE_DICTIONARY, "within?": TYPE_FLOAT, "visible?": TYPE_BOOL,
			"limit?": TYPE_INT, "cursor?": TYPE_STRING}),
		Command.read("game.get_properties", _get_properties, {
			"path": TYPE_STRING, "names?": TYPE_ARRAY, "all?": TYPE_BOOL, "whole?": TYPE_BOOL}),
		Command.write("game.set_properties", _set_properties,
		{"path": TYPE_STRING, "properties": TYPE_DICTIONARY}),
		Command.write("game.call_method", _call_method,
		{"path": TYPE_STRING, "method": TYPE_STRING, "args?": TYPE_ARRAY}),
		Command.read("game.get_monitors", _get_monitors),
		Command.write("game.eval", _eval,
		{"code": TYPE_STRING, "path?": TYPE_STRING}).that_takes_long(),
		Command.read("game.screenshot", _screenshot, {
			"path?": TYPE_STRING, "moments?": TYPE_INT, "every?": TYPE_INT, "maxSize?": TYPE_INT,
			"format?": TYPE_STRING}).that_takes_long(),
	]
	table.append_array(TimeCommands.new(_tree, _clock).commands())
	return table


func _get_tree(request: CommandRequest) -> CommandResult:
	var from := GameNodes.find(_tree.root, request.text("path", "."))
	if from == null:
		return GameNodes.not_found(_tree.root, request.text("path"))
	var answer := GameTreeReader.new(_tree.root, request) \
			.read(from, request.number("depth", GameTreeReader.DEFAULT_DEPTH))
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
		if not name is String or not infos.has((name as String).get_slice(":", 0)):
			return GameNodes.unknown_property(node, str(name), infos)
	if names.is_empty():
		names = infos.keys() if request.flag("all", false) else _telling_names(node, infos)
	return CommandResult.succeeded(_clock.stamp({
		"path": NodePaths.path_of(_tree.root, node), "type": node.get_class(),
		"properties": _values(node, names, request.flag("whole", false))}))


## The variables of the node's script, and what differs from its default.
static func _telling_names(node: Node, infos: Dictionary) -> Array[String]:
	var names := GameNodes.script_variables(infos)
	for name: String in PropertyDefaults.changed_names(node, infos):
		if not names.has(name):
			names.append(name)
	return names


func _values(node: Node, names: Array, whole: bool = false) -> Dictionary:
	var values: Dictionary = {}
	var written := PropertyValues.new(_tree.root, whole)
	for name: String in names:
		values[name] = written.write(node.get_indexed(NodePath(name)))
	return values


## Sets all of them, in the order given, or none when one does not fit or does not take.
func _set_properties(request: CommandRequest) -> CommandResult:
	var node := GameNodes.find(_tree.root, request.text("path"))
	if node == null:
		return GameNodes.not_found(_tree.root, request.text("path"))
	var path := NodePaths.path_of(_tree.root, node)
	var given: Dictionary = request.params["properties"]
	var parser := PropertyParser.new(_tree.root)
	var snapshot := PropertySnapshot.new(node)
	var put := func(name: String, value: Variant, _was_there: bool) -> void: node.set(name, value)
	var writer := PropertyWriter.new(node, _tree.root, parser.parse, put, null)
	writer.find_infos = GameNodes.infos_of
	var problem := writer.write(given)
	if not is_instance_valid(node):
		return CommandResult.succeeded(
				_clock.stamp({"path": path, "properties": {},
				"notes": ["A setter of its script has deleted the node."]}))
	if problem != null:
		snapshot.restore()
		for name: String in writer.before:
			if PropertyInfos.is_of_script(node, name):
				node.set(name, writer.before[name])
		return _misfit(node, writer.failed_name, problem, given[writer.failed_name])
	var answer: Dictionary = {"path": path, "properties": _values(node, given.keys())}
	if not (parser.notes + writer.notes).is_empty():
		answer["notes"] = parser.notes + writer.notes
	return CommandResult.succeeded(_clock.stamp(answer))


static func _misfit(node: Node, name: String, parsed: ParsedValue, given: Variant) -> CommandResult:
	if parsed.is_unknown:
		return GameNodes.unknown_property(node, name, GameNodes.property_infos(node))
	if parsed.refusal != null:
		return parsed.refusal
	return CommandResult.failed("INVALID_PARAMS", "%s of '%s' must be %s; given was %s." % [
			name, node.name, parsed.expected, JSON.stringify(given).left(GIVEN_LENGTH)])


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
		"path": path, "method": request.text("method"),
		"result": PropertyValues.to_json(result, _tree.root)}))


func _get_monitors(_call: CommandRequest) -> CommandResult:
	return CommandResult.succeeded(_clock.stamp({"monitors": _clock.monitors()}))


func _eval(request: CommandRequest) -> CommandResult:
	if not await _channel.may_run_code(_clock.gate.turned):
		return ExecutionGate.refusal("game.eval")
	var problem := TextLimits.problem_of_script(request.text("code"))
	if not problem.is_empty():
		return CommandResult.failed("INVALID_PARAMS",
				"The code is not given to the engine. %s" % problem)
	var node := _tree.current_scene
	if request.has("path"):
		node = GameNodes.find(_tree.root, request.text("path"))
		if node == null:
			return GameNodes.not_found(_tree.root, request.text("path"))
	var code := GameCode.new(_tree, node)
	var failure := await code.run(request.text("code"))
	if failure != null:
		return failure
	return CommandResult.succeeded(
			_clock.stamp({"result": PropertyValues.to_json(code.value, _tree.root)}))


func _screenshot(request: CommandRequest) -> CommandResult:
	return await GameScreenshot.new(_tree, request).run(_clock)


## The arguments of a method call, read by the types that the method declares.
class MethodArguments extends RefCounted:
	var values: Array = []

	var _root: Node
	var _node: Node
	var _method: String

	func _init(root: Node, node: Node, method: String) -> void:
		_root = root
		_node = node
		_method = method

	## Null when `given` fits; otherwise the error in it.
	func read(given: Array) -> CommandResult:
		var infos := _node.get_method_list().filter(func(each: Dictionary) -> bool:
			return each["name"] == _method)
		if infos.is_empty():
			return _unknown_method()
		var info: Dictionary = infos[0]
		var expected: Array = info["args"]
		var least: int = expected.size() - (info["default_args"] as Array).size()
		if given.size() < least or (given.size() > expected.size()
				and not info["flags"] & METHOD_FLAG_VARARG):
			return CommandResult.failed("INVALID_PARAMS",
					"%s takes %s arguments; given were %d." % [
					_method, str(least) if least == expected.size()
					else "%d to %d" % [least, expected.size()], given.size()])
		for index: int in given.size():
			var parsed := _parse(given[index], expected[index] if index < expected.size()
					else {"type": TYPE_NIL})
			if not parsed.fits():
				return CommandResult.failed("INVALID_PARAMS",
						"Argument %d of %s must be %s." % [index + 1, _method, parsed.expected])
			values.append(parsed.value)
		return null

	func _parse(given: Variant, info: Dictionary) -> ParsedValue:
		if info["type"] == TYPE_OBJECT:
			var is_node := ClassDB.is_parent_class(info.get("class_name", ""), "Node")
			info = info.merged({"hint": PROPERTY_HINT_NODE_TYPE if is_node
					else PROPERTY_HINT_RESOURCE_TYPE, "hint_string": ""}, true)
		return PropertyParser.new(_root).parse(given, info)

	func _unknown_method() -> CommandResult:
		var names := _node.get_method_list().map(func(info: Dictionary) -> String:
			return info["name"])
		var near := NearNames.of(_method, names)
		return CommandResult.failed("NOT_FOUND",
				"%s '%s' has no method '%s'." % [_node.get_class(), _node.name, _method],
				NearNames.question(near), near)
