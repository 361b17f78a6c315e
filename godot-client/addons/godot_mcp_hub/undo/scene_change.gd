## Collects what is being done to a scene, so that it becomes one undo step, or is taken back as a
## whole.
##
## Each step is done at once: the next one sees its effect and results are read back, not foretold.
extends RefCounted

const DormantFiles := preload("../reading/dormant_files.gd")
const LiveConnections := preload("live_connections.gd")
const Permissions := preload("../requests/permissions.gd")

## Steps that change the connections themselves: nothing is sent meanwhile.
const CONNECTING: Array[StringName] = [&"connect", &"disconnect"]

## Of the request that changes the scene.
var permissions: Permissions
## Connections that call nothing while a step is done; null where they may.
var live: LiveConnections

## False for a change that is no step of the history: what it was done to is gone.
var is_undoable: bool = true

## Entries: [object, method, arguments, object that undoes, method that undoes, arguments]. A
## property is a method "set".
var _steps: Array[Array] = []
var _created: Array[Node] = []
var _removed: Array[Node] = []


func _init(of_request: Permissions, live_connections: LiveConnections = null) -> void:
	permissions = of_request
	live = live_connections


## Calls `do_method` and remembers how it is undone.
func run(object: Object, do_method: StringName, do_args: Array, undo_method: StringName,
		undo_args: Array) -> void:
	_call(object, do_method, do_args)
	_steps.append([object, do_method, do_args, object, undo_method, undo_args])


## Whether the node exists because of this change: undoing takes all of it away.
func has_made(object: Object) -> bool:
	return object is Node and _created.has(object)


## Sets a property and remembers its value.
func set_property(object: Object, property: StringName, value: Variant) -> void:
	if property.begins_with("metadata/"):
		# Set as a property, metadata that becomes null stays, as null.
		var name := property.trim_prefix("metadata/")
		run(object, &"set_meta", [name, value], &"set_meta",
				[name, object.get_meta(name) if object.has_meta(name) else null])
		return
	var old: Variant = object.get(property)
	_call(object, &"set", [property, value])
	_steps.append([object, &"set", [property, value], object, &"set", [property, old]])


## Remembers what only undoing needs.
func also_undo(object: Object, method: StringName, args: Array) -> void:
	_steps.append([null, &"", [], object, method, args])


## Remembers what only doing needs, and does it.
func also_do(object: Object, method: StringName, args: Array) -> void:
	_call(object, method, args)
	_steps.append([object, method, args, null, &"", []])


## A branch that comes into the scene: its connections call nothing either, nor those that lead out
## of it.
func bring(branch: Node, leading_out: Array[Dictionary] = []) -> void:
	if permissions.only_looks:
		DormantFiles.quiet(branch)
	if live != null:
		live.add(branch)
		leading_out.map(live.add_one)


## A node that exists because of this change: freed when the change can never be done again.
func keep_created(node: Node) -> void:
	_created.append(node)


## A node that this change took out of the scene: freed when the change can never be undone.
func keep_removed(node: Node) -> void:
	_removed.append(node)


func is_empty() -> bool:
	return _steps.is_empty()


## Makes everything since the beginning one step of the scene's undo history.
func commit(undo_redo: EditorUndoRedoManager, title: String, root: Node) -> void:
	undo_redo.create_action(title, UndoRedo.MERGE_DISABLE, root, true)
	for step: Array in _steps:
		if step[0] != null:
			_add(undo_redo, "do", step.slice(0, 3))
		if step[3] != null:
			_add(undo_redo, "undo", step.slice(3))
	for node: Node in _created:
		undo_redo.add_do_reference(node)
	for node: Node in _removed:
		undo_redo.add_undo_reference(node)
	undo_redo.commit_action(false)


## Takes everything back, newest first.
func roll_back() -> void:
	for index: int in range(_steps.size() - 1, -1, -1):
		var step := _steps[index]
		if step[3] != null and is_instance_valid(step[3]):
			_call(step[3], step[4], step[5])
	for node: Variant in _created:
		if is_instance_valid(node):
			(node as Node).free()
	_steps.clear()


## Whether a connection or a script has come, gone or changed: then others may be live than before.
func changes_connections() -> bool:
	return _steps.any(func(step: Array) -> bool:
		return CONNECTING.has(step[1]) or step[1] == &"set_script" or step[1] == &"set" \
				and step[2][0] == &"script")


func _call(object: Object, method: StringName, args: Array) -> void:
	if method == &"add_child" and not (object as Node).is_inside_tree():
		# A node that leaves a tree has no owner any more; one that is in none keeps it.
		(args[0] as Node).set_owner(null)
	if live == null or CONNECTING.has(method):
		object.callv(method, args)
		return
	live.hold()
	object.callv(method, args)
	live.release()


static func _add(undo_redo: EditorUndoRedoManager, direction: String, operation: Array) -> void:
	var args: Array = operation[2]
	if operation[1] == &"set":
		undo_redo.call("add_%s_property" % direction, operation[0], args[0], args[1])
	else:
		undo_redo.callv("add_%s_method" % direction, [operation[0], operation[1]] + args)
