## Keeps the addon out of exported games: they have no use for it.
@tool
extends EditorExportPlugin

const ExportExclusion := preload("export_exclusion.gd")

var _folder: String = (ExportExclusion as Script).resource_path.get_base_dir() + "/"


func _get_name() -> String:
	return "godot_mcp_hub"


func _export_file(path: String, _type: String, _features: PackedStringArray) -> void:
	if path.begins_with(_folder):
		skip()
