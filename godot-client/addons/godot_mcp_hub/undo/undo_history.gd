## Whose the steps of each scene's undo history are, and taking them back and doing them again.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const SceneChange := preload("scene_change.gd")
const SelectedNodes := preload("../engine_workarounds/selected_nodes.gd")

## Owners of older steps than this are forgotten: such a step counts as another's.
const OWNERS_KEPT := 4096

var _undo_redo: EditorUndoRedoManager
## [client id, agent] by "history:version:title". A version number is used again after an undo, then
## with its new owner.
var _owners: Dictionary = {}
var _menus: Dictionary = {}
var _refusal_of: Callable


## `refusal_of` takes a scene's path and returns the CommandResult that says why the scene may not
## be as it is now, null where it may.
func _init(undo_redo: EditorUndoRedoManager, refusal_of: Callable) -> void:
	_undo_redo = undo_redo
	_refusal_of = refusal_of


## Makes `change` one step, named `<what> (<agent>)`. Returns that name.
func commit(change: SceneChange, what: String, root: Node, client_id: String,
		agent: String) -> String:
	var title := "%s (%s)" % [what, agent]
	change.commit(_undo_redo, title, root)
	var history := history_of(root)
	_owners[_key(history, history.get_version(),
			history.get_current_action_name())] = [client_id, agent]
	if _owners.size() > OWNERS_KEPT:
		_owners.erase(_owners.keys()[0])
	return title


## The scene's own history. The scene must be the one in the active tab.
func history_of(root: Node) -> UndoRedo:
	return _undo_redo.get_history_undo_redo(_undo_redo.get_object_history_id(root))


## Undoes the last step when it is `client_id`'s own, or with `force`: the answer's value has
## `action`.
func undo(root: Node, client_id: String, force: bool) -> CommandResult:
	var history := history_of(root)
	if not history.has_undo():
		return CommandResult.failed("NOT_FOUND", "There is nothing to undo in this scene.")
	var title := history.get_current_action_name()
	var refusal := _not_own(history, history.get_version(), title, client_id, force)
	if refusal != null:
		return refusal
	return _step(root, title, &"ui_undo", &"ui_redo")


## Does the step again that was undone last, under the same rules.
func redo(root: Node, client_id: String, force: bool) -> CommandResult:
	var history := history_of(root)
	if not history.has_redo():
		return CommandResult.failed("NOT_FOUND", "There is nothing to redo in this scene.")
	var title := history.get_action_name(history.get_current_action() + 1)
	var refusal := _not_own(history, history.get_version() + 1, title, client_id, force)
	if refusal != null:
		return refusal
	return _step(root, title, &"ui_redo", &"ui_undo")


## A step that would make a scene contain itself is taken back at once.
func _step(root: Node, title: String, action: StringName, opposite: StringName) -> CommandResult:
	var history := history_of(root)
	var selected := SelectedNodes.count()
	_press(action, history)
	SelectedNodes.let_go(root, selected)
	var refusal: CommandResult = _refusal_of.call(root.get_scene_file_path())
	if refusal != null:
		_press(opposite, history)
		if _refusal_of.call(root.get_scene_file_path()) == null:
			return refusal
		# The cycle was there before the step.
		_press(action, history)
	return CommandResult.succeeded({"action": title})


## Every step that can be undone or done again, oldest first: {action, agent?, own, undone}.
func steps(history: UndoRedo, client_id: String) -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	for index: int in history.get_history_count():
		var title := history.get_action_name(index)
		var version := history.get_version() + index - history.get_current_action()
		var owner: Array = _owners.get(_key(history, version, title), [])
		var step: Dictionary = {"action": title, "own": not owner.is_empty()
				and owner[0] == client_id, "undone": index > history.get_current_action()}
		if not owner.is_empty():
			step["agent"] = owner[1]
		described.append(step)
	return described


func _not_own(history: UndoRedo, version: int, title: String, client_id: String,
		force: bool) -> CommandResult:
	var owner: Array = _owners.get(_key(history, version, title), [])
	if force or (not owner.is_empty() and owner[0] == client_id):
		return null
	var whose: String = owner[1] if not owner.is_empty() else "the person at the editor"
	return CommandResult.failed("CONFLICT",
			"The step '%s' is not yours: it is by %s." % [title, whose],
			"Look at the scene again; with force:true it happens all the same.").with("owner",
			whose)


static func _key(history: UndoRedo, version: int, title: String) -> String:
	return "%d:%d:%s" % [history.get_instance_id(), version, title]


## The editor's own menu entry does it, so that menus, the history dock and unsaved marks agree with
## the history. When the menu would undo something else (a newer step of the project's settings),
## the history is asked directly.
func _press(action: StringName, history: UndoRedo) -> void:
	var before := history.get_version()
	var item := _menu_item(action)
	var others := _undo_redo.get_history_undo_redo(EditorUndoRedoManager.GLOBAL_HISTORY)
	if not item.is_empty() and not (others.has_undo() or others.has_redo()):
		var menu: PopupMenu = item[0]
		menu.id_pressed.emit(item[1])
	if history.get_version() == before:
		if action == &"ui_undo":
			history.undo()
		else:
			history.redo()
		_undo_redo.version_changed.emit()


## [menu, id] of the editor's own entry for a shortcut; empty when there is none.
func _menu_item(action: StringName) -> Array:
	if _menus.has(action) and is_instance_valid(_menus[action][0]):
		return _menus[action]
	for bar: Node in EditorInterface.get_base_control().find_children("*", "MenuBar", true, false):
		for menu: Node in bar.get_children():
			var id := _id_of_shortcut(menu as PopupMenu, action)
			if id >= 0:
				_menus[action] = [menu, id]
				return _menus[action]
	return []


static func _id_of_shortcut(menu: PopupMenu, action: StringName) -> int:
	if menu == null:
		return -1
	var events := InputMap.action_get_events(action)
	for index: int in menu.item_count:
		var shortcut := menu.get_item_shortcut(index)
		if shortcut != null and not events.is_empty() and shortcut.matches_event(events[0]):
			return menu.get_item_id(index)
	return -1
