## The script editor: what is open there, and keeping it in step with files that commands change.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const LoadedScripts := preload("../reading/loaded_scripts.gd")

## Class of the tabs that show scripts.
const SCRIPT_TAB := "ScriptTextEditor"


## Opens a script at a line and column, both counted from 1.
static func show(path: String, line: int, column: int) -> CommandResult:
	var script := LoadedScripts.of(path)
	if script == null:
		return CommandResult.failed("SCRIPT_COMPILE_FAILED", "%s cannot be loaded." % path,
				"script.validate shows why.")
	EditorInterface.edit_script(script, line, column - 1)
	return CommandResult.succeeded({"path": path, "line": line, "column": column})


## Refuses when the script editor holds changes of `path` that are not saved: writing the file would
## lose one or the other.
static func unsaved_changes(path: String) -> CommandResult:
	if not unsaved().has(path):
		return null
	return CommandResult.failed("CONFLICT", "%s has unsaved changes in the script editor." % path,
			"The person at the editor has to save or undo them first.")


## Scripts with changes that are not saved.
static func unsaved() -> Array[String]:
	var paths: Array[String] = []
	var editors := _code_editors()
	for path: String in editors:
		var editor: CodeEdit = editors[path]
		if editor.get_version() != editor.get_saved_version():
			paths.append(path)
	return paths


## Shows a script's new text in the script editor, as saved, with the cursor where it was.
static func refresh(path: String, text: String) -> void:
	var editor: CodeEdit = _code_editors().get(path)
	var shown := text.replace("\r\n", "\n")
	if editor == null or editor.text == shown:
		return
	var line := editor.get_caret_line()
	var column := editor.get_caret_column()
	var scroll := editor.scroll_vertical
	editor.begin_complex_operation()
	editor.select_all()
	editor.insert_text_at_caret(shown)
	editor.end_complex_operation()
	editor.set_caret_line(mini(line, editor.get_line_count() - 1))
	editor.set_caret_column(column)
	editor.scroll_vertical = scroll
	editor.tag_saved_version()


## The text boxes of the open scripts, by path. The script editor names scripts and tabs in the same
## order, but has tabs of other files too.
static func _code_editors() -> Dictionary:
	var script_editor := EditorInterface.get_script_editor()
	var tabs := script_editor.get_open_script_editors().filter(
			func(tab: ScriptEditorBase) -> bool: return tab.get_class() == SCRIPT_TAB)
	var scripts := script_editor.get_open_scripts()
	var editors: Dictionary = {}
	for index: int in mini(scripts.size(), tabs.size()):
		editors[scripts[index].resource_path] = (tabs[index] as ScriptEditorBase) \
				.get_base_editor() as CodeEdit
	return editors
