## Keeps file paths inside the project: res:// only, normalised, through no symbolic link that leads out.
extends RefCounted

const CommandResult := preload("../command_result.gd")
const LINK_LIMIT := 32
## Longest path of a file, in characters; disks take less.
const LONGEST := 1024
## What agents must not change: it holds the switch for code execution.
const OWN_FOLDER := "res://addons/godot_mcp_hub/"


## `{"path": String}` with the normalised res:// path, or `{"failure": CommandResult}`.
static func resolve(path: String) -> Dictionary:
	if path.begins_with("uid://"):
		var id := ResourceUID.text_to_id(path)
		if id == ResourceUID.INVALID_ID or not ResourceUID.has_id(id):
			return {"failure": CommandResult.failed("NOT_FOUND", "No file has the id %s." % path)}
		path = ResourceUID.get_id_path(id)
	if not path.begins_with("res://"):
		return _refused(path, "is not a path of the project")
	if path.length() > LONGEST:
		return _refused(path.left(100) + "…", "has more than %d characters" % LONGEST)
	var inner := path.trim_prefix("res://")
	if inner.contains("\\") or inner.contains(":") or inner.begins_with("/"):
		return _refused(path, "is not a path of the project")
	for segment: String in inner.split("/", false):
		if segment == "..":
			return _refused(path, "contains '..'")
	# What the engine makes of a NUL.
	if inner.contains(char(0xFFFD)):
		return _refused(path, "contains a character that is none")
	for code: int in inner.to_utf8_buffer():
		if code < 32:
			return _refused(path, "contains a control character")
	var plain := "res://" + inner.simplify_path()
	if inner.is_empty() or inner == "." or plain == "res://.":
		plain = "res://"
	if _leaves_project(plain.trim_prefix("res://")):
		return _refused(path, "leads out of the project through a symbolic link")
	return {"path": plain}


## Like resolve, for a folder that exists.
static func resolve_folder(path: String) -> Dictionary:
	var resolved := resolve(path)
	if not resolved.has("failure") and not DirAccess.dir_exists_absolute(resolved["path"]):
		return {"failure": CommandResult.failed("NOT_FOUND", "There is no folder %s." % path, "project.list_files shows which there are.")}
	return resolved


## Like resolve, for a file that will be written: not the engine's own folder, and with one of `extensions`.
static func resolve_for_writing(path: String, extensions: Array[String]) -> Dictionary:
	var resolved := resolve(path)
	if resolved.has("failure"):
		return resolved
	var plain: String = resolved["path"]
	var guarded := guard(plain)
	if guarded != null:
		return {"failure": guarded}
	if not extensions.has(plain.get_extension().to_lower()):
		return {"failure": CommandResult.failed("INVALID_PARAMS", "'%s' must end in .%s." % [path, " or .".join(PackedStringArray(extensions))])}
	return resolved


## Null for a file that commands may change, delete and move; `plain` is a resolved path. Letters count alike: so they do on some disks.
static func guard(plain: String) -> CommandResult:
	var lower := plain.to_lower() + "/"
	if lower.begins_with("res://.godot/"):
		return CommandResult.failed("INVALID_PARAMS", "'%s' is in the engine's own folder." % plain)
	if lower.begins_with(OWN_FOLDER):
		return CommandResult.failed("FORBIDDEN", "'%s' is part of the addon that keeps to what a person allows." % plain,
				"A person can change it, outside of this connection.")
	return null


static func _refused(path: String, why: String) -> Dictionary:
	return {"failure": CommandResult.failed("INVALID_PARAMS", "'%s' %s." % [path, why],
			"Paths begin with res:// and stay inside the project.")}


static func _leaves_project(inner: String) -> bool:
	var root := ProjectSettings.globalize_path("res://").trim_suffix("/")
	var folder := DirAccess.open(root)
	if folder == null or not folder.has_method("is_link"):
		return false
	var at := root
	var remaining := Array(inner.split("/", false))
	var followed := 0
	while not remaining.is_empty():
		at = at.path_join(remaining.pop_front())
		if not folder.is_link(at):
			continue
		followed += 1
		var target := folder.read_link(at)
		target = (target if target.is_absolute_path() else at.get_base_dir().path_join(target)).simplify_path()
		if followed > LINK_LIMIT or not (target == root or target.begins_with(root + "/")):
			return true
		remaining = Array(target.trim_prefix(root).split("/", false)) + remaining
		at = root
	return false
