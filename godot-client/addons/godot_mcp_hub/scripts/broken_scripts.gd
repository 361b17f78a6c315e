## Compiles scripts anew that are loaded and could not be compiled, when what they lacked has come:
## a class, an autoload, another script.
extends RefCounted

const DormantScripts := preload("../reading/dormant_scripts.gd")
const LoadedScripts := preload("../reading/loaded_scripts.gd")
const ScriptText := preload("../files/script_text.gd")

const TYPE := "GDScript"


## Those whose text names one of `names`, and those that name what comes by that; all of them for no
## names.
static func mend(names: Array[String]) -> void:
	DormantScripts.forget_broken()
	var broken: Array[GDScript] = []
	_collect(EditorInterface.get_resource_filesystem().get_filesystem(), broken)
	var is_first := true
	while is_first or not names.is_empty():
		var asked := broken.filter(func(script: GDScript) -> bool:
			return is_first and names.is_empty() or _names_any(script, names))
		is_first = false
		names = []
		for script: GDScript in asked:
			LoadedScripts.of(script.resource_path)
			if not LoadedScripts.is_broken(script):
				broken.erase(script)
				names.append_array(names_of(script.resource_path))


## What other scripts may call the script of a file: its path, its file, its class.
static func names_of(path: String) -> Array[String]:
	var names: Array[String] = [path.get_file()]
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		if entry["path"] == path:
			names.append(entry["class"])
	return names


static func _names_any(script: GDScript, names: Array[String]) -> bool:
	var text := ScriptText.load_from(script.resource_path).text
	return names.any(func(name: String) -> bool: return text.contains(name))


static func _collect(folder: EditorFileSystemDirectory, into: Array[GDScript]) -> void:
	if folder == null:
		return
	for index: int in folder.get_file_count():
		var path := folder.get_file_path(index)
		var script := load(path) as GDScript if folder.get_file_type(index) == TYPE \
				and ResourceLoader.has_cached(path) else null
		if script != null and LoadedScripts.is_broken(script):
			into.append(script)
	for index: int in folder.get_subdir_count():
		_collect(folder.get_subdir(index), into)
