## Values that name files: which properties and settings have such, and that they stay in the
## project as paths of commands do. What a game writes itself stands in user://.
extends RefCounted

const FilePaths := preload("../files/file_paths.gd")

## Hints of properties that hold files or folders. The last two by their values: save dialogs, and
## paths without a uid (since 4.5).
const HINTS: Array[int] = [PROPERTY_HINT_FILE, PROPERTY_HINT_DIR, PROPERTY_HINT_GLOBAL_FILE,
		PROPERTY_HINT_GLOBAL_DIR, 27, 28, 44]
## Properties of the engine that hold files without saying so.
const UNHINTED: Dictionary = {
	"VideoStream": ["file"],
	"GLTFState": ["base_path", "filename"],
	"MultiplayerSpawner": ["_spawnable_scenes"],
}
## Where the editor keeps the file of the movie that it makes of a scene.
const UNHINTED_METADATA: Array[String] = ["metadata/movie_file"]
const UNHINTED_SETTINGS: Array[String] = [
	"debug/file_logging/log_path", "application/config/project_settings_override",
	"internationalization/locale/translations"]
const EXPECTED := "a file of the project, res://..., or one in user:// that the game itself writes"


## Info by property name with what the engine has left out.
static func hinted(type: StringName, infos: Dictionary) -> Dictionary:
	for declaring: String in UNHINTED:
		for name: String in UNHINTED[declaring] if ClassDB.is_parent_class(type, declaring) else []:
			if infos.has(name):
				infos[name]["hint"] = PROPERTY_HINT_FILE
	return infos


## The same for one setting or metadata.
static func hinted_by_name(info: Dictionary, name: String) -> Dictionary:
	return info.merged({"hint": PROPERTY_HINT_FILE}, true) if UNHINTED_SETTINGS.has(name) \
			or UNHINTED_METADATA.has(name) else info


## Whether a value may be written where `info` says that files are meant.
static func fits(value: Variant, info: Dictionary) -> bool:
	if not _names_files(info):
		return true
	if value is Array or value is PackedStringArray:
		return Array(value).all(_is_inside)
	if value is Dictionary:
		return (value as Dictionary).keys().all(_is_inside) \
				and (value as Dictionary).values().all(_is_inside)
	return _is_inside(value)


## A typed container says of its elements what a property says of itself: "4/13:*.png" is a text
## with the hint 13.
static func _names_files(info: Dictionary) -> bool:
	var elements := String(info.get("hint_string", ""))
	return HINTS.has(info.get("hint", PROPERTY_HINT_NONE)) \
			or HINTS.any(func(hint: int) -> bool:
				return elements.contains("%d/%d:" % [TYPE_STRING, hint]))


static func _is_inside(value: Variant) -> bool:
	if not (value is String or value is StringName) or String(value).is_empty():
		return true
	var path := String(value)
	if path.begins_with("user://"):
		# What holds for res:// holds there.
		path = "res://" + path.trim_prefix("user://")
	elif not path.contains("://") and not path.is_absolute_path() and not path.begins_with("~"):
		path = "res://" + path
	return not FilePaths.resolve(path).is_error()
