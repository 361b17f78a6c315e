## Reads the editor's progress dialog: while it is up, a call into the engine is under way.
##
## A tool script, since the editor gives static variables of other scripts no initial values.
## Godot: 4.3 to 4.6.
## Remove when: EditorInterface tells whether a call that shows progress is under way.
@tool
extends RefCounted

const CLASS := "ProgressDialog"

## Instance id of the editor's only progress dialog, which moves from window to window; 0 while it
## has not been seen.
static var _dialog_id: int = 0


static func is_shown() -> bool:
	var dialog := _dialog()
	return dialog != null and dialog.is_inside_tree() and dialog.get("visible")


## What it says, in the editor's language: "(Re)Importing Assets: icon.png (3 of 12)".
static func describe() -> String:
	var labels: Array[Node] = _dialog().find_children("*", "Label", true, false)
	var bars: Array[Node] = _dialog().find_children("*", "ProgressBar", true, false)
	if labels.size() < 2 or bars.is_empty():
		return "progress is shown"
	var step: String = (labels[-1] as Label).text
	var bar: ProgressBar = bars[-1]
	# Before its first step it is shown as full.
	var at := ": %s (%d of %d)" % [step, roundi(bar.value), roundi(bar.max_value)] \
			if not step.is_empty() else ""
	return (labels[-2] as Label).text + at


static func _dialog() -> Node:
	if _dialog_id != 0 and is_instance_id_valid(_dialog_id):
		return instance_from_id(_dialog_id)
	var root := (Engine.get_main_loop() as SceneTree).root
	var dialog := _among(root)
	for child: Node in root.get_children():
		dialog = _child_of(child) if dialog == null else dialog
	_dialog_id = dialog.get_instance_id() if dialog != null else 0
	return dialog


## It stands below the window that is on top, from its first showing on; before Godot 4.5 only while
## it is shown.
static func _among(window: Window) -> Node:
	var dialog := _child_of(window)
	for child: Node in window.get_children():
		if dialog == null and child is Window and (child as Window).visible:
			dialog = _among(child as Window)
	return dialog


static func _child_of(node: Node) -> Node:
	for child: Node in node.get_children():
		if child.is_class(CLASS):
			return child
	return null
