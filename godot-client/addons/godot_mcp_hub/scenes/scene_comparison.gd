## Tells in what two scenes differ, both as SceneFileReader describes them.
extends RefCounted

## Members of a node that are compared as a whole.
const WHOLES: Array[String] = ["type", "instance", "groups"]


## `{"equal", "added", "removed", "changed", "connectionsAdded", "connectionsRemoved"}`: what the second has and the first has not is added.
static func compare(first: Dictionary, second: Dictionary) -> Dictionary:
	var before := _by_path(first["nodes"])
	var after := _by_path(second["nodes"])
	var difference: Dictionary = {
		"added": after.keys().filter(func(path: String) -> bool: return not before.has(path)),
		"removed": before.keys().filter(func(path: String) -> bool: return not after.has(path)),
		"changed": [],
		"connectionsAdded": _without(second["connections"], first["connections"]),
		"connectionsRemoved": _without(first["connections"], second["connections"]),
	}
	for path: String in after:
		var change := _changes(before[path], after[path]) if before.has(path) else {}
		if not change.is_empty():
			change["path"] = path
			difference["changed"].append(change)
	if first.get("inherits") != second.get("inherits"):
		difference["inherits"] = [first.get("inherits"), second.get("inherits")]
	if before.keys() != after.keys() and difference["added"].is_empty() and difference["removed"].is_empty():
		difference["reordered"] = true
	difference["equal"] = difference.keys().all(func(member: String) -> bool: return member != "inherits" and member != "reordered" and difference[member].is_empty())
	return difference


static func _by_path(nodes: Array) -> Dictionary:
	var by_path: Dictionary = {}
	for node: Dictionary in nodes:
		by_path[node["path"]] = node
	return by_path


## Per member and property: [before, after]; null where it is not set.
static func _changes(before: Dictionary, after: Dictionary) -> Dictionary:
	var change: Dictionary = {}
	for member: String in WHOLES:
		if before.get(member) != after.get(member):
			change[member] = [before.get(member), after.get(member)]
	var properties: Dictionary = {}
	var names: Dictionary = (before["properties"] as Dictionary).duplicate()
	names.merge(after["properties"])
	for name: String in names:
		var old: Variant = before["properties"].get(name)
		var new: Variant = after["properties"].get(name)
		if typeof(old) != typeof(new) or old != new:
			properties[name] = [old, new]
	if not properties.is_empty():
		change["properties"] = properties
	return change


static func _without(connections: Array, others: Array) -> Array:
	return connections.filter(func(connection: Dictionary) -> bool: return not others.has(connection))
