## Folders outside of the project that agents may read and instance from where links in the project
## lead there: only those that a person has named. Nothing is written there.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const SECTION := "godot_mcp_hub"
const KEY := "allow_links"
const VARIABLE := "GODOT_HUB_ALLOW_LINKS"
const SEPARATOR := ","
const LINK_LIMIT := 32

## Named by the person who runs the hub that is connected (`godot-hub run --allow-links`).
static var named_by_hub: PackedStringArray = []


## Every named folder, as it was written.
static func named() -> PackedStringArray:
	return named_elsewhere() + named_in_dock()


## Those that are named whatever the dock says.
static func named_elsewhere() -> PackedStringArray:
	return named_by_hub + _listed(OS.get_environment(VARIABLE))


static func named_in_dock() -> PackedStringArray:
	return _listed(EditorInterface.get_editor_settings().get_project_metadata(SECTION, KEY, "")) \
			if Engine.is_editor_hint() else PackedStringArray()


## Remembered with the editor's own data of this project, not in project.godot. `text`: folders with
## commas between them.
static func set_named_in_dock(text: String) -> void:
	EditorInterface.get_editor_settings().set_project_metadata(SECTION, KEY,
			SEPARATOR.join(_listed(text)))


## Where `path` lies below the named folder that holds it; null where none does. `path` has no link
## in it.
static func place_of(path: String) -> Variant:
	for folder: String in named():
		var real := real_path(folder).trim_suffix("/")
		if not real.is_empty() and (path == real or path.begins_with(real + "/")):
			return path.substr(real.length()).trim_prefix("/")
	return null


## An absolute path with every link in it followed; empty where links go round in a circle.
static func real_path(path: String) -> String:
	var access := DirAccess.open(ProjectSettings.globalize_path("res://"))
	var remaining := Array(path.simplify_path().split("/", false))
	var at := _start_of(path, remaining)
	var followed := 0
	while not remaining.is_empty():
		at = at.path_join(remaining.pop_front())
		if access == null or not access.has_method("is_link") or not access.is_link(at):
			continue
		followed += 1
		if followed > LINK_LIMIT:
			return ""
		var target := access.read_link(at)
		target = (target if target.is_absolute_path() else at.get_base_dir().path_join(target)) \
				.simplify_path()
		remaining = Array(target.split("/", false)) + remaining
		at = _start_of(target, remaining)
	return at


## What a person can do for an agent that is to read there.
static func hint() -> String:
	return "A person can allow to read there: name the folder where the link leads in the editor's Hub dock ('Links may lead to'), or start the hub with --allow-links <folder>, or the editor with %s=<folder>." % VARIABLE


## The root of the file system, or of a drive, whose name is taken off `names`.
static func _start_of(path: String, names: Array) -> String:
	return "/" if path.begins_with("/") else str(names.pop_front()) + "/"


static func _listed(text: String) -> PackedStringArray:
	var folders: PackedStringArray = []
	for part: String in text.split(SEPARATOR, false):
		if part.strip_edges().is_absolute_path():
			folders.append(part.strip_edges())
	return folders
