## Changes project.godot through the engine, never over a file that is newer than what the editor
## holds.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const FileWriter := preload("../files/file_writer.gd")
const Permissions := preload("../requests/permissions.gd")
const ValueComparison := preload("../values/value_comparison.gd")

const FILE := "res://project.godot"
## The file's own version, no setting.
const VERSION_KEY := "config_version"
## What no name of a new setting has: the engine writes the section as it is into the file, where
## these mean something else.
const MEANINGFUL := "[\\x{00}-\\x{1f}\\x{7f}-\\x{9f}\\x{2028}\\x{2029}\\[\\]\"'=;#\\\\]"

## What the file said when it was read or written here last, as text by name. The editor itself
## saves it too, and reads some settings of older versions as others: so only what has changed
## since, and is not what the editor has, is another program's.
var _seen: Dictionary = _read()


## Sets all of `values` (null: back to the default, or gone) and saves, or nothing. Null when it is
## done.
func store(values: Dictionary) -> CommandResult:
	for name: String in values:
		if not ProjectSettings.has_setting(name) and not _is_name(name):
			return CommandResult.failed("INVALID_PARAMS",
					"%s is no name of a setting." % JSON.stringify(name),
					"Write section/name, without quotes, brackets, = ; # \\ and control characters.")
	var conflict := newer_file()
	if conflict != null:
		return conflict
	var before: Dictionary = {}
	for name: String in values:
		before[name] = ProjectSettings.get_setting(name) if ProjectSettings.has_setting(name) \
				else null
		_put(name, values[name])
	var failure := _difference(values)
	if failure == null:
		failure = save()
	if failure != null:
		for name: String in before:
			_put(name, before[name])
	return failure


## Why what the engine has now is not what was asked; null when it is.
static func _difference(values: Dictionary) -> CommandResult:
	for name: String in values:
		var got: Variant = ProjectSettings.get_setting(name)
		if values[name] != null and not ValueComparison.same(values[name], got):
			return CommandResult.failed("INVALID_PARAMS",
					"The setting '%s' did not take %s: it is %s."
					% [name, var_to_str(values[name]), var_to_str(got)]) \
					.with("property", name)
	return null


## Writes the file. Null when it is done.
func save() -> CommandResult:
	var tried: Array[Dictionary] = []
	var failure := FileWriter.by_engine(FILE,
			func(beside: String) -> Error:
				var error := ProjectSettings.save_custom(beside)
				tried.append(_read(beside))
				return error,
			func(_file: String) -> Error: return ProjectSettings.save(),
			func(file: String) -> bool: return not tried[0].is_empty() and _read(file) == tried[0])
	if failure == null:
		_seen = _read()
	return failure


static func _is_name(name: String) -> bool:
	if RegEx.create_from_string(MEANINGFUL).search(name) != null or not name.contains("/"):
		return false
	return Array(name.split("/")).all(func(part: String) -> bool:
		return not part.is_empty() and part == part.strip_edges())


static func _put(name: String, value: Variant) -> void:
	if value == null and ProjectSettings.has_setting(name) \
			and ProjectSettings.property_can_revert(name):
		value = ProjectSettings.property_get_revert(name)
	ProjectSettings.set_setting(name, value)


## Refuses when the file says something else than the editor: then another program changed it, and
## saving would undo that.
func newer_file() -> CommandResult:
	var in_file := _read()
	if in_file.is_empty():
		return CommandResult.failed("CONFLICT", "%s cannot be read." % FILE,
				"Repair it first: saving would lose what it says.")
	var others := _changed_outside(in_file)
	if others.is_empty():
		return null
	return CommandResult.failed("CONFLICT",
			"%s was changed outside of the editor: %s."
			% [FILE, ", ".join(PackedStringArray(others))],
			"Reload the project in the editor (editor.restart) before you change its settings.").with("settings", others)


## An answer about settings, which says when the file has others than the editor.
func answer(about: Dictionary) -> CommandResult:
	var others := _changed_outside(_read())
	if not others.is_empty():
		about["changedOnDisk"] = others
	return CommandResult.succeeded(about)


## Names of the settings in which the file differs from what the editor last read or wrote, and has.
func _changed_outside(in_file: Dictionary) -> Array[String]:
	var others: Array[String] = []
	for name: String in in_file:
		if in_file[name] != _seen.get(name) and in_file[name] != _in_editor(name):
			others.append(name)
	for name: String in _seen:
		if not in_file.has(name) and _seen[name] == _in_editor(name):
			others.append(name)
	return others


## Every setting of the file as text, by name.
static func _read(file: String = FILE) -> Dictionary:
	var settings: Dictionary = {}
	var config := ConfigFile.new()
	if config.load(file) != OK:
		return settings
	for section: String in config.get_sections():
		for key: String in config.get_section_keys(section):
			settings[section.path_join(key) if not section.is_empty()
					else key] = var_to_str(config.get_value(section, key))
	settings.erase(VERSION_KEY)
	return settings


static func _in_editor(name: String) -> String:
	return var_to_str(ProjectSettings.get_setting(name)) if ProjectSettings.has_setting(name) \
			else ""


## Which settings of the project are written in other words than project.set_settings, or by a
## person only.
class SettingRules extends RefCounted:
	const INPUT := "input/"
	const AUTOLOAD := "autoload/"
	## Beginnings of names of settings that other commands set, and take away.
	const OWN_COMMANDS: Dictionary = {
		AUTOLOAD: ["project.add_autoload", "project.remove_autoload"],
		INPUT: ["project.set_input_action", "project.remove_input_action"],
		"application/run/main_scene": ["scene.set_main", "scene.set_main"],
	}
	## Beginnings of names of settings by which the editor itself comes to run something, with what
	## that is.
	const OF_EDITOR: Dictionary = {
		"editor_plugins/": "plugins of the editor",
		"editor_overrides/": "settings of the editor, with the programs that it starts",
		"importer_defaults/": "scripts that run when a scene is imported",
		"editor/version_control/": "the plugin for version control",
		"dotnet/": "assemblies that the editor builds and loads",
		"application/config/project_settings_override": "a second file of settings",
	}
	## A game writes its output there, over whatever has the name.
	const LOG_FILE := "debug/file_logging/log_path"
	const LOG_ENDINGS: Array[String] = ["", "log", "txt"]

	## Why a setting may not be set, or taken away (null); null when it may.
	static func refusal(name: String, value: Variant, permissions: Permissions) -> CommandResult:
		for beginning: String in OWN_COMMANDS:
			if name.begins_with(beginning):
				return permissions.refusal(OWN_COMMANDS[beginning][1 if value == null else 0])
		for beginning: String in OF_EDITOR:
			if name.begins_with(beginning) and not ExecutionGate.is_open():
				return ExecutionGate.refusal("The setting %s says which %s are used: it"
						% [name, OF_EDITOR[beginning]])
		if name.begins_with(LOG_FILE) \
				and not LOG_ENDINGS.has(str(value).get_extension().to_lower()) and value != null:
			return CommandResult.failed("INVALID_PARAMS",
					"The setting '%s' must name a file that ends in .log or .txt." % name)
		return null
