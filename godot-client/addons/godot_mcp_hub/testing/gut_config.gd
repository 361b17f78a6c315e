## What GUT takes from its configuration file of where tests are and which of them run: gut_config.gd of GUT 9.0 to 9.7.
extends RefCounted

const PATH := "res://.gutconfig.json"

## Folders and files that it names.
var dirs: Array[String] = []
var tests: Array[String] = []
var includes_subdirs: bool = false
var prefix: String = "test_"
var suffix: String = ".gd"
## Parts of the names of files, inner classes and tests that are meant; empty for all.
var selected: String = ""
var inner_class: String = ""
var unit_test_name: String = ""


func _init() -> void:
	var config: Variant = JSON.parse_string(FileAccess.get_file_as_string(PATH)) if exists() else null
	if not config is Dictionary:
		return
	dirs.assign(_texts(config, "dirs"))
	tests.assign(_texts(config, "tests"))
	includes_subdirs = config.get("include_subdirs") == true
	for member: String in ["prefix", "suffix", "selected", "inner_class", "unit_test_name"]:
		if config.get(member) is String:
			set(member, config[member])


static func exists() -> bool:
	return FileAccess.file_exists(PATH)


## Whether GUT takes that file of a folder for a suite.
func is_suite_name(path: String) -> bool:
	return path.get_file().begins_with(prefix) and path.ends_with(suffix) and (selected.is_empty() or path.findn(selected) >= 0)


static func _texts(config: Dictionary, member: String) -> Array:
	return (config[member] as Array).filter(func(text: Variant) -> bool: return text is String) if config.get(member) is Array else []
