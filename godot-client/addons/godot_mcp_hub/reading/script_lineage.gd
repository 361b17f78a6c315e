## What a script is: its class and the scripts that it extends, also of one that is known by its
## path alone.
extends RefCounted

const DormantScripts := preload("dormant_scripts.gd")
const DormantFiles := preload("dormant_files.gd")
const ScriptText := preload("../files/script_text.gd")

const LONGEST := 64


## The name of the class that a script declares; empty when it declares none.
static func class_of(script: Script) -> String:
	return String(script.get_global_name()) if not DormantScripts.is_stand_in(script) \
			else _class_at(DormantFiles.path_of(script))


## The script itself and those that it extends, each as {path, class}.
static func of(script: Script) -> Array[Dictionary]:
	var lineage: Array[Dictionary] = []
	while script != null and not DormantScripts.is_stand_in(script):
		lineage.append({"path": DormantFiles.path_of(script),
				"class": String(script.get_global_name())})
		script = script.get_base_script()
	return lineage if script == null else lineage + of_file(DormantFiles.path_of(script))


## Whether the script or one that it extends has that path or class, as `member` says.
static func has(script: Script, member: String, value: String) -> bool:
	return of(script).any(func(entry: Dictionary) -> bool: return entry[member] == value)


## The class of the engine that the script of a file extends, as texts say it; empty when they do
## not say it plainly.
static func native_base(path: String) -> String:
	var lineage := of_file(path)
	var base := ScriptText.base_class(lineage[-1]["path"]) if not lineage.is_empty() else ""
	return base if ClassDB.class_exists(base) else ""


## The script of a file and those that it extends, as the texts of the files say it.
static func of_file(path: String) -> Array[Dictionary]:
	var lineage: Array[Dictionary] = []
	while path.begins_with("res://") and FileAccess.file_exists(path) and lineage.size() < LONGEST:
		lineage.append({"path": path, "class": _class_at(path)})
		var base := ScriptText.base_class(path)
		if base.begins_with("uid://"):
			var id := ResourceUID.text_to_id(base)
			path = ResourceUID.get_id_path(id) if ResourceUID.has_id(id) else ""
		elif base.contains("."):
			path = path.get_base_dir().path_join(base) if base.is_relative_path() else base
		else:
			path = _file_of(base)
	return lineage


static func _class_at(path: String) -> String:
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		if entry["path"] == path:
			return entry["class"]
	return ""


static func _file_of(name: String) -> String:
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		if entry["class"] == name:
			return entry["path"]
	return ""
