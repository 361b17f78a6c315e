## Calls a method of a node. Methods of the engine that only read are always allowed; others run
## code and need the gate open.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const NearNames := preload("../texts/near_names.gd")
const NodePaths := preload("../values/node_paths.gd")
const Permissions := preload("../requests/permissions.gd")
const PropertyParser := preload("../values/property_parser.gd")
const PropertyValues := preload("../values/property_values.gd")

## Beginnings of methods that the engine calls constant although they make or change something.
const NO_READS: Array[String] = ["duplicate", "set_", "update_", "draw_"]


## The value has `result`, and `isRead` when the call cannot have changed anything.
static func call_method(root: Node, params: Dictionary, permissions: Permissions) -> CommandResult:
	var node := NodePaths.find(root, params["path"])
	if node == null:
		return NodePaths.not_found(root, params["path"])
	var name: String = params["method"]
	var info := _info_of(node, name)
	if info.is_empty():
		var names: Array = node.get_method_list() \
				.map(func(method: Dictionary) -> String: return method["name"])
		var near := NearNames.of(name, names)
		return CommandResult.failed("NOT_FOUND",
				"%s '%s' has no method '%s'." % [node.get_class(), node.name, name],
				NearNames.question(near), near)
	var is_read := _is_engine_read(node, name)
	if not is_read and not ExecutionGate.is_open():
		return ExecutionGate.refusal("%s of '%s'" % [name, params["path"]])
	var script: Script = node.get_script()
	if script != null and not script.is_tool() and _is_of_script(script, name):
		return CommandResult.failed("INVALID_PARAMS",
				"%s does not run in the editor: its script is no @tool." % name,
				"Run the game and call it there.")
	var args: Array = []
	var misfit := _parse_args(PropertyParser.new(root, permissions, node), info,
			params.get("args", []), args)
	if misfit != null:
		return misfit
	var result: Variant = node.callv(name, args)
	return CommandResult.succeeded({"path": NodePaths.path_of(root, node), "method": name,
			"result": PropertyValues.to_json(result, root), "isRead": is_read})


static func _info_of(node: Node, name: String) -> Dictionary:
	for info: Dictionary in node.get_method_list():
		if info["name"] == name:
			return info
	return {}


static func _is_engine_read(node: Node, name: String) -> bool:
	var script: Script = node.get_script()
	if script != null and _is_of_script(script, name) or NO_READS.any(name.begins_with):
		return false
	for info: Dictionary in ClassDB.class_get_method_list(node.get_class()):
		if info["name"] == name:
			return bool(info["flags"] & METHOD_FLAG_CONST) \
					and not info["flags"] & METHOD_FLAG_VIRTUAL
	return false


static func _is_of_script(script: Script, name: String) -> bool:
	return script.get_script_method_list().any(func(info: Dictionary) -> bool:
		return info["name"] == name)


static func _parse_args(parser: PropertyParser, info: Dictionary, given: Array,
		into: Array) -> CommandResult:
	var expected: Array = info["args"]
	var least: int = expected.size() - (info["default_args"] as Array).size()
	if given.size() < least or (given.size() > expected.size()
			and not info["flags"] & METHOD_FLAG_VARARG):
		return CommandResult.failed("INVALID_PARAMS", "%s takes %s arguments; given were %d." % [
				info["name"], str(least) if least == expected.size()
				else "%d to %d" % [least, expected.size()], given.size()])
	for index: int in given.size():
		var arg: Dictionary = expected[index] if index < expected.size() \
				else {"type": TYPE_NIL, "name": str(index)}
		if arg["type"] == TYPE_OBJECT and ClassDB.is_parent_class(arg["class_name"], "Node"):
			arg = {"type": TYPE_OBJECT, "name": arg["name"], "hint": PROPERTY_HINT_NODE_TYPE,
					"hint_string": String(arg["class_name"])}
		var parsed := parser.parse(given[index], arg)
		if parsed.refusal != null:
			return parsed.refusal
		if not parsed.fits():
			return CommandResult.failed("INVALID_PARAMS",
					"Argument '%s' of %s must be %s; given was %s." % [
					arg["name"], info["name"], parsed.expected, JSON.stringify(given[index])])
		into.append(parsed.value)
	return null
