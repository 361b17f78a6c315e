## Takes in what was changed outside of the editor: looks for it, has it imported, and renews what
## the engine holds of it.
extends RefCounted

const BrokenScripts := preload("../scripts/broken_scripts.gd")
const CommandRequest := preload("../requests/command_request.gd")
const FileScan := preload("../files/file_scan.gd")
const FileWalk := preload("../files/file_walk.gd")
const LoadedScripts := preload("../reading/loaded_scripts.gd")
const OpenScripts := preload("../scripts/open_scripts.gd")
const ScriptText := preload("../files/script_text.gd")

const SCRIPTS: Array[String] = ["gd", "gdshader", "gdshaderinc"]
## Names of files in an answer.
const TOLD := 200

var _imported: Dictionary = {}
var _reloaded: Dictionary = {}


## {imported, failed, reloaded}, each a list of files; empty when the request is no longer wanted.
## To be awaited.
func take_in(request: CommandRequest) -> Dictionary:
	var files := EditorInterface.get_resource_filesystem()
	files.resources_reimported.connect(_on_imported)
	files.resources_reload.connect(_on_reloaded)
	# The first search has the engine load what has changed anew; the second finds what the first
	# one does not look for.
	var is_over := await FileScan.run_over_sources(request) and await FileScan.run(request)
	files.resources_reimported.disconnect(_on_imported)
	files.resources_reload.disconnect(_on_reloaded)
	if not is_over or not await _renew_scripts(request):
		return {}
	var failed := _imported.keys().filter(_has_failed)
	var imported := _imported.keys().filter(func(file: String) -> bool: return not failed.has(file))
	return {"imported": imported.slice(0, TOLD), "importedCount": imported.size(),
			"failed": failed.slice(0, TOLD), "reloaded": _reloaded.keys().slice(0, TOLD)}


func _on_imported(files: PackedStringArray) -> void:
	for file: String in files:
		_imported[file] = true


func _on_reloaded(files: PackedStringArray) -> void:
	for file: String in files:
		if ResourceLoader.has_cached(file):
			_reloaded[file] = true


static func _has_failed(file: String) -> bool:
	var about := ConfigFile.new()
	return about.load(file + ".import") != OK or not about.get_value("remap", "valid", true)


## The engine itself leaves scripts to the script editor, which looks when its window gets the
## focus. False when the request is no longer wanted.
func _renew_scripts(request: CommandRequest) -> bool:
	for file: String in await FileWalk.files_below("res://", true, request):
		if SCRIPTS.has(file.get_extension().to_lower()) and ResourceLoader.has_cached(file) \
				and OpenScripts.unsaved_changes(file) == null:
			var text := ScriptText.load_from(file).text
			if LoadedScripts.refresh(file, text):
				OpenScripts.refresh(file, text)
				_reloaded[file] = true
		await request.let_frame_pass_when_due()
	BrokenScripts.mend([])
	return not request.is_cancelled
