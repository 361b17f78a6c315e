## Connections between signals and methods of a scene's nodes: what there is, and making and ending
## them as part of a SceneChange.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const ConnectionRules := preload("../values/connection_rules.gd")
const NearNames := preload("../texts/near_names.gd")
const NodePaths := preload("../values/node_paths.gd")
const PropertyParser := preload("../values/property_parser.gd")
const PropertyValues := preload("../values/property_values.gd")
const Result := preload("../requests/result.gd")
const SceneChange := preload("../undo/scene_change.gd")
const SignalArguments := preload("../engine_workarounds/signal_arguments.gd")

const FLAGS: Dictionary = {
	"deferred": CONNECT_DEFERRED,
	"one_shot": CONNECT_ONE_SHOT,
	"reference_counted": CONNECT_REFERENCE_COUNTED,
	# CONNECT_APPEND_SOURCE_OBJECT, by its value: it came with 4.5.
	"append_source": 16,
}
## What the editor marks connections with that come from an instanced or inherited scene.
const INHERITED_SINCE_APPEND_SOURCE := 32
const INHERITED_BEFORE := 16


## Signals of a node with the connections that the scene's file keeps.
static func describe(root: Node, node: Node, only_connected: bool) -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	for info: Dictionary in node.get_signal_list():
		var connections: Array[Dictionary] = []
		for connection: Dictionary in node.get_signal_connection_list(info["name"]):
			if connection["flags"] & CONNECT_PERSIST \
					and connection["callable"].get_object() is Node:
				connections.append(_describe_connection(root, connection))
		if connections.is_empty() and only_connected:
			continue
		var args: Array[Dictionary] = []
		for arg: Dictionary in info["args"]:
			args.append({"name": arg["name"], "type": _type_name(arg)})
		described.append({"name": info["name"], "args": args, "connections": connections})
	return described


static func connect_signal(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var ends := _ends(root, params)
	if ends.is_error():
		return ends.error
	var node: Node = ends.value["node"]
	var target: Node = ends.value["target"]
	var signal_name: String = params["signal"]
	if not _connection(node, params, target).is_empty():
		return CommandResult.failed("CONFLICT",
				"'%s' of '%s' is connected to %s of '%s' already."
				% [signal_name, params["path"], params["method"], params["to"]])
	var flags := CONNECT_PERSIST
	for flag: Variant in params.get("flags", []):
		if not FLAGS.has(flag):
			return CommandResult.failed("INVALID_PARAMS",
					"There is no flag %s." % JSON.stringify(flag),
					"Flags: %s." % ", ".join(PackedStringArray(FLAGS.keys())))
		flags |= FLAGS[flag]
	var refusal := _unfit_method(node, target, params, flags)
	if refusal == null:
		refusal = ConnectionRules.refusal(node, signal_name, target, params["method"])
	if refusal != null:
		return refusal
	if params.get("unbinds", 0) > 0 and not (params.get("binds", []) as Array).is_empty():
		return CommandResult.failed("INVALID_PARAMS",
				"A connection has either 'binds' or 'unbinds'.")
	var callable := Callable(target, params["method"])
	if params.get("unbinds", 0) > 0:
		callable = callable.unbind(params["unbinds"])
	if not (params.get("binds", []) as Array).is_empty():
		var binds: Array = []
		refusal = _read_binds(PropertyParser.new(root, change.permissions),
				_bound_parameters(node, target, params, flags), params["binds"], binds)
		if refusal != null:
			return refusal
		callable = callable.bindv(binds)
	change.run(node, &"connect", [signal_name, callable, flags], &"disconnect",
			[signal_name, callable])
	return CommandResult.succeeded({"path": NodePaths.path_of(root, node),
			"connection": _describe_connection(root, _connection(node, params, target))})


static func disconnect_signal(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var ends := _ends(root, params)
	if ends.is_error():
		return ends.error
	var node: Node = ends.value["node"]
	var connection := _connection(node, params, ends.value["target"])
	if connection.is_empty():
		return CommandResult.failed("NOT_FOUND",
				"'%s' of '%s' is not connected to %s of '%s'."
				% [params["signal"], params["path"], params["method"], params["to"]],
				"node.list_signals shows the connections.")
	if connection["flags"] & _inherited_flag():
		return CommandResult.failed("INVALID_PARAMS", "This connection comes from another scene.",
				"End it in the scene that it comes from.")
	var described := _describe_connection(root, connection)
	change.run(node, &"disconnect", [params["signal"], connection["callable"]],
			&"connect", [params["signal"], connection["callable"], connection["flags"]])
	return CommandResult.succeeded({"path": NodePaths.path_of(root, node), "connection": described})


## `{node, target}` of a connection that may be changed.
static func _ends(root: Node, params: Dictionary) -> Result:
	var node := NodePaths.find(root, params["path"])
	if node == null:
		return Result.err(NodePaths.not_found(root, params["path"]))
	var target := NodePaths.find(root, params["to"])
	if target == null:
		return Result.err(NodePaths.not_found(root, params["to"]))
	for end: Node in [node, target]:
		var refusal := NodePaths.unchangeable(root, end)
		if refusal != null:
			return Result.err(refusal)
	if not node.has_signal(params["signal"]):
		var names: Array = node.get_signal_list() \
				.map(func(info: Dictionary) -> String: return info["name"])
		var near := NearNames.of(params["signal"], names)
		return Result.err(CommandResult.failed("NOT_FOUND",
				"%s '%s' has no signal '%s'." % [node.get_class(), node.name, params["signal"]],
				NearNames.question(near), near))
	return Result.ok({"node": node, "target": target})


static func _connection(node: Node, params: Dictionary, target: Node) -> Dictionary:
	for connection: Dictionary in node.get_signal_connection_list(params["signal"]):
		var callable: Callable = connection["callable"]
		if callable.get_object() == target and callable.get_method() == params["method"]:
			return connection
	return {}


## Null when the method is there and takes as many arguments as it will be given; otherwise why not.
static func _unfit_method(node: Node, target: Node, params: Dictionary,
		flags: int) -> CommandResult:
	var name: String = params["method"]
	var given := _count_before_binds(node, params, flags) + (params.get("binds", []) as Array) \
			.size()
	if not target.has_method(name):
		var names: Array = target.get_method_list() \
				.map(func(info: Dictionary) -> String: return info["name"])
		var near := NearNames.of(name, names)
		return CommandResult.failed("NOT_FOUND", "'%s' has no method '%s'." % [params["to"], name],
				NearNames.question(near) if not near.is_empty()
				else "Write it first, with %d parameters." % given, near)
	for info: Dictionary in target.get_method_list():
		if info["name"] != name or info["flags"] & METHOD_FLAG_VARARG:
			continue
		var most: int = (info["args"] as Array).size()
		var least: int = most - (info["default_args"] as Array).size()
		if given < least or given > most:
			return CommandResult.failed("INVALID_PARAMS",
					"%s takes %s arguments; the connection would give it %d."
					% [name, str(most) if least == most else "%d to %d" % [least, most], given],
					"'binds' adds arguments at the end, 'unbinds' leaves so many of the last ones out.")
		return null
	return null


## How many arguments the signal itself would give to the method.
static func _count_before_binds(node: Node, params: Dictionary, flags: int) -> int:
	var count: int = SignalArguments.count_of_signal(node, params["signal"]) - params.get("unbinds",
			0)
	return count + 1 if flags & FLAGS["append_source"] else count


## What the method declares of the parameters that the binds are for; it may declare less of them
## than there are.
static func _bound_parameters(node: Node, target: Node, params: Dictionary, flags: int) -> Array:
	for info: Dictionary in target.get_method_list():
		if info["name"] == params["method"]:
			return (info["args"] as Array).slice(_count_before_binds(node, params, flags))
	return []


## Reads each of `given` by the type of its parameter. Null when all fit; then `into` has them.
static func _read_binds(parser: PropertyParser, parameters: Array, given: Array,
		into: Array) -> CommandResult:
	for index: int in given.size():
		var info: Dictionary = parameters[index] if index < parameters.size() \
				else {"type": TYPE_NIL}
		# Objects say themselves what they are: {"type":"Node", ...}.
		var parsed := parser.parse(given[index], info if info["type"] != TYPE_OBJECT
				else {"type": TYPE_NIL})
		if not parsed.fits():
			return parsed.refusal if parsed.refusal != null \
					else CommandResult.failed("INVALID_PARAMS",
					"'binds' must have %s; given was %s." % [
					parsed.of_part("at [%d]" % index).expected, JSON.stringify(given[index])])
		into.append(parsed.value)
	return null


static func _describe_connection(root: Node, connection: Dictionary) -> Dictionary:
	var callable: Callable = connection["callable"]
	var flags: int = connection["flags"]
	var described: Dictionary = {"to": NodePaths.path_of(root, callable.get_object()),
			"method": String(callable.get_method())}
	var names: Array = FLAGS.keys().filter(func(name: String) -> bool:
		return bool(flags & FLAGS[name]))
	if _inherited_flag() == FLAGS["append_source"]:
		names.erase("append_source")
	if not names.is_empty():
		described["flags"] = names
	if not callable.get_bound_arguments().is_empty():
		described["binds"] = PropertyValues.to_json(callable.get_bound_arguments(), root)
	if SignalArguments.unbinds_of(callable) > 0:
		described["unbinds"] = SignalArguments.unbinds_of(callable)
	if flags & _inherited_flag():
		described["inherited"] = true
	return described


static func _inherited_flag() -> int:
	return INHERITED_SINCE_APPEND_SOURCE if ClassDB.class_has_integer_constant("Object",
			"CONNECT_APPEND_SOURCE_OBJECT") else INHERITED_BEFORE


static func _type_name(arg: Dictionary) -> String:
	return String(arg["class_name"]) if not String(arg["class_name"]).is_empty() \
			else type_string(arg["type"])
