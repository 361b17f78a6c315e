## Keeps the addon out of exported games: they have no use for it.
@tool
extends EditorExportPlugin

const ExportExclusion := preload("export_exclusion.gd")

var _folder: String = (ExportExclusion as Script).resource_path.get_base_dir().get_base_dir() + "/"


## Plugins run in the order of their names, and the one named GDScript would already have stored the
## scripts.
func _get_name() -> String:
	return "Addon godot_mcp_hub"


func _export_file(path: String, _type: String, _features: PackedStringArray) -> void:
	if path.begins_with(_folder):
		skip()
