## The dialogs that the editor shows: what they say, their buttons, and those that a call into the
## engine brings up.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const NearNames := preload("../texts/near_names.gd")
const Result := preload("../requests/result.gd")

## The engine asks with it whether a file with missing parts is to be opened.
const ASKS_FOR_MISSING_PARTS := "DependencyErrorDialog"
## Every window is in this group while it is in the tree.
const WINDOWS := &"_viewports"
const TEXT_LENGTH := 1000


## Those that are shown, the one on top last; those of a scene that is edited are none of the
## editor's.
static func shown() -> Array[AcceptDialog]:
	var tree := Engine.get_main_loop() as SceneTree
	var edited := tree.edited_scene_root
	var dialogs: Array[AcceptDialog] = []
	for window: Node in tree.get_nodes_in_group(WINDOWS):
		if window is AcceptDialog and (window as AcceptDialog).visible \
				and not (edited == window or (edited != null and edited.is_ancestor_of(window))):
			dialogs.append(window)
	dialogs.sort_custom(func(a: AcceptDialog, b: AcceptDialog) -> bool: return a.is_ancestor_of(b))
	return dialogs


## The same as [{title, text, buttons}].
static func described() -> Array[Dictionary]:
	var dialogs: Array[Dictionary] = []
	for dialog: AcceptDialog in shown():
		dialogs.append(describe(dialog))
	return dialogs


static func describe(dialog: AcceptDialog) -> Dictionary:
	var buttons: Array[String] = []
	for button: Button in _buttons_of(dialog):
		buttons.append(button.text)
	return {"title": dialog.title, "text": _text_of(dialog), "buttons": buttons}


## Their titles, for a person.
static func titles() -> PackedStringArray:
	var names: PackedStringArray = []
	for dialog: AcceptDialog in shown():
		names.append(dialog.title)
	return names


## The dialog with this title, or the one on top.
static func find(title: String) -> Result:
	var dialogs := shown()
	if dialogs.is_empty():
		return Result.err(CommandResult.failed("NOT_FOUND", "The editor shows no dialog."))
	for dialog: AcceptDialog in dialogs:
		if dialog.title == title:
			return Result.ok(dialog)
	var candidates := Array(Array(titles()), TYPE_STRING, &"", null) as Array[String]
	if not title.is_empty():
		return Result.err(CommandResult.failed("NOT_FOUND",
				"The editor shows no dialog '%s'." % title, NearNames.question(candidates),
				candidates))
	if dialogs.size() > 1 and not dialogs[0].is_ancestor_of(dialogs[-1]):
		return Result.err(CommandResult.failed("INVALID_PARAMS",
				"The editor shows several dialogs.", "Say which with 'dialog'.", candidates))
	return Result.ok(dialogs[-1])


## The button of a dialog with this text, in whatever case.
static func find_button(dialog: AcceptDialog, text: String) -> Result:
	var candidates: Array[String] = []
	for button: Button in _buttons_of(dialog):
		if button.text.to_lower() == text.to_lower():
			return Result.ok(button) if not button.disabled \
					else Result.err(CommandResult.failed("CONFLICT",
					"The button '%s' of '%s' is disabled." % [button.text, dialog.title]))
		candidates.append(button.text)
	return Result.err(CommandResult.failed("NOT_FOUND",
			"The dialog '%s' has no button '%s'." % [dialog.title, text],
			"Its buttons: %s." % ", ".join(PackedStringArray(candidates)), candidates))


## Makes a call into the engine, says yes where it asks whether to open `path` though parts are
## missing, and closes what it only announces. Returns what it has announced; what else it asks
## stays for a person.
static func during(work: Callable, path: String) -> PackedStringArray:
	var before := _known()
	work.call()
	for dialog: AcceptDialog in shown():
		if dialog.is_class(ASKS_FOR_MISSING_PARTS) and dialog.title.contains(path.get_file()):
			dialog.get_ok_button().pressed.emit()
	var said: PackedStringArray = []
	for dialog: AcceptDialog in shown():
		if dialog.get_class() == "AcceptDialog" and _buttons_of(dialog).size() == 1 \
				and before.get(dialog.get_instance_id()) != dialog.dialog_text:
			said.append(_text_of(dialog))
			dialog.get_ok_button().pressed.emit()
	return said


## Texts by instance id.
static func _known() -> Dictionary:
	var texts: Dictionary = {}
	for dialog: AcceptDialog in shown():
		texts[dialog.get_instance_id()] = dialog.dialog_text
	return texts


static func _buttons_of(dialog: AcceptDialog) -> Array[Button]:
	var buttons: Array[Button] = []
	for child: Node in dialog.get_ok_button().get_parent().get_children():
		if child is Button and (child as Button).visible:
			buttons.append(child)
	return buttons


## What it says: its text, or else that of its labels and lists.
static func _text_of(dialog: AcceptDialog) -> String:
	if not dialog.dialog_text.is_empty():
		return dialog.dialog_text.left(TEXT_LENGTH)
	var lines: PackedStringArray = []
	for control: Node in dialog.find_children("*", "Control", true, false):
		if control is Label and (control as Label).is_visible_in_tree() \
				and not (control as Label).text.is_empty():
			lines.append((control as Label).text)
		elif control is Tree and (control as Tree).is_visible_in_tree():
			lines.append_array(_items_of(control as Tree))
	return "\n".join(lines).left(TEXT_LENGTH)


static func _items_of(tree: Tree) -> PackedStringArray:
	var items: PackedStringArray = []
	var item := tree.get_root()
	while item != null:
		if not item.get_text(0).is_empty():
			items.append(item.get_text(0))
		item = item.get_next_visible()
	return items
