## Keeps the connections of a scene from calling anything in the editor while a command works on it.
## An editor keeps them live: hiding a node would call whatever its `visibility_changed` leads to.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const ConnectionRules := preload("../values/connection_rules.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const LiveConnections := preload("live_connections.gd")

## Entries [node, signal, callable, flags] that would call something.
var _entries: Array[Array] = []
var _held: Array[Array] = []
## Of the scene or the branch.
var _root: Node


## Those of a scene or a branch.
static func below(node: Node) -> LiveConnections:
	var found := LiveConnections.new()
	found._root = node
	found.add(node)
	return found


## Adds those that lead to a node or to its descendants.
func add(node: Node) -> void:
	for connection: Dictionary in node.get_incoming_connections():
		add_one(connection)
	for child: Node in node.get_children(true):
		add(child)


## Adds one, an entry of Object.get_signal_connection_list(), if it would call something.
func add_one(connection: Dictionary) -> void:
	var callable: Callable = connection["callable"]
	var source: Signal = connection["signal"]
	if connection["flags"] & CONNECT_PERSIST and source.get_object() is Node \
			and callable.get_object() is Node \
			and ConnectionRules.calls_in_editor(callable.get_object(), callable.get_method()):
		_entries.append([source.get_object(), source.get_name(), callable, connection["flags"]])


## Why `node` may not begin what goes on after the command and sends signals then; null when it may.
## What is animated may be any node.
func refusal_to_begin(node: Node) -> CommandResult:
	for entry: Array in _entries:
		if not is_instance_valid(entry[0]) or not (entry[2] as Callable).is_valid() \
				or not _is_in_scene(entry[0]):
			continue
		if entry[0] != node and not node is AnimationMixer:
			continue
		var callable: Callable = entry[2]
		if ConnectionRules.is_felt(entry[0], entry[1], callable.get_object(),
				callable.get_method()):
			return ExecutionGate.refusal(
					"What plays in this editor sends signals: %s of '%s' calls %s of '%s'. That" % [
					entry[1], (entry[0] as Node).name, callable.get_method(),
					(callable.get_object() as Node).name])
	return null


## What was deleted is kept for undoing.
func _is_in_scene(node: Node) -> bool:
	return node == _root or _root != null and _root.is_ancestor_of(node)


## Disconnects them, until release(). Nothing may be awaited in between, and nothing saved.
func hold() -> void:
	for entry: Array in _entries:
		if is_instance_valid(entry[0]) and (entry[2] as Callable).is_valid() \
				and (entry[0] as Node).is_connected(entry[1], entry[2]):
			(entry[0] as Node).disconnect(entry[1], entry[2])
			_held.append(entry)


func release() -> void:
	for entry: Array in _held:
		if is_instance_valid(entry[0]) and (entry[2] as Callable).is_valid():
			(entry[0] as Node).connect(entry[1], entry[2], entry[3])
	_held.clear()
	_entries = _entries.filter(func(entry: Array) -> bool:
		return is_instance_valid(entry[0]) and (entry[2] as Callable).is_valid())


## Calls `work` while the nodes that send them send nothing: for what may itself connect and
## disconnect them.
func mute(work: Callable) -> Variant:
	var muted: Array[Node] = []
	for entry: Array in _entries:
		if is_instance_valid(entry[0]) and not (entry[0] as Node).is_blocking_signals():
			muted.append(entry[0])
			(entry[0] as Node).set_block_signals(true)
	var result: Variant = work.call()
	for node: Node in muted.filter(is_instance_valid):
		node.set_block_signals(false)
		if node is Control:
			# The container around it has heard nothing.
			(node as Control).update_minimum_size()
	return result
