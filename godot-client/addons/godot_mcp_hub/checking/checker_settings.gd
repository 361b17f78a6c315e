## The settings of the process that checks scripts, as a pack that stands in the place of the project's own: only what the
## compiler asks for. Others name resources that the engine would load at its start, with their scripts.
extends RefCounted

const SETTINGS_FILE := "project.godot"
## What is kept of the project's settings.
const KEPT: Array[String] = ["application/config/", "autoload/", "debug/gdscript/"]
const CONFIG_VERSION := 5
## The least that a pack has beside what its files hold.
const FRAME_BYTES := 100
## Of the many calls to the deepest one the engine keeps, and tells with each error, only the first.
const OWN: Dictionary = {"debug/settings/gdscript/max_call_stack": 24}


## Path of the pack, made in `folder` unless it is there.
static func pack_in(folder: String) -> String:
	var text := _text()
	var pack := folder.path_join("settings-%s.pck" % text.md5_text())
	if FileAccess.file_exists(pack):
		return pack
	var source := folder.path_join("settings-%d.cfg" % OS.get_process_id())
	var file := FileAccess.open(source, FileAccess.WRITE)
	if file == null:
		return ""
	file.store_string(text)
	file.close()
	var packer := PCKPacker.new()
	var is_made := packer.pck_start(source + ".pck") == OK and packer.add_file("res://" + SETTINGS_FILE, source) == OK and packer.flush() == OK \
			and _holds(source + ".pck", text)
	DirAccess.remove_absolute(source)
	if is_made:
		DirAccess.rename_absolute(source + ".pck", pack)
	else:
		DirAccess.remove_absolute(source + ".pck")
	return pack if is_made else ""


## A full disk takes less than it is given, without an error; the names and places of a pack's files stand around their texts.
static func _holds(pack: String, text: String) -> bool:
	var file := FileAccess.open(pack, FileAccess.READ)
	return file != null and file.get_length() >= text.to_utf8_buffer().size() + FRAME_BYTES


static func _text() -> String:
	var config := ConfigFile.new()
	config.set_value("", "config_version", CONFIG_VERSION)
	for info: Dictionary in ProjectSettings.get_property_list():
		var name: String = info["name"]
		if KEPT.any(func(prefix: String) -> bool: return name.begins_with(prefix)):
			_keep(config, name, ProjectSettings.get_setting(name))
	for name: String in OWN:
		_keep(config, name, OWN[name])
	return config.encode_to_text()


static func _keep(config: ConfigFile, name: String, value: Variant) -> void:
	if value is not Object:
		config.set_value(name.get_slice("/", 0), name.substr(name.find("/") + 1), value)
