## Scene files by path: that they exist or may be made, what stands in them, and writing new ones.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const FileLimits := preload("../reading/file_limits.gd")
const FilePaths := preload("../files/file_paths.gd")
const FileWriter := preload("../files/file_writer.gd")
const ProjectFiles := preload("../files/project_files.gd")
const SceneSessions := preload("scene_sessions.gd")

const EXTENSIONS: Array[String] = ["tscn", "scn"]


## `{"path"}` of a scene file that is there, or `{"failure"}`.
static func existing(path: String) -> Dictionary:
	var resolved := FilePaths.resolve(path)
	if not resolved.has("failure") and not ResourceLoader.exists(resolved["path"], "PackedScene"):
		return {"failure": SceneSessions.scene_not_found(resolved["path"])}
	return resolved


## `{"path"}` where a scene file can be made, or `{"failure"}`.
static func free_path(path: String) -> Dictionary:
	var resolved := FilePaths.resolve_for_writing(path, EXTENSIONS)
	if not resolved.has("failure") and FileAccess.file_exists(resolved["path"]):
		return {"failure": CommandResult.failed("CONFLICT", "%s exists." % resolved["path"], "Open it with scene.open, or choose another name.")}
	return resolved


## `{"path", "state"}` of a scene file as it is on disk now, or `{"failure"}`.
static func state_of_file(path: String) -> Dictionary:
	var found := existing(path)
	if found.has("failure"):
		return found
	var packed := DormantFiles.open(found["path"], "PackedScene") as PackedScene
	if packed == null:
		return {"failure": FileLimits.unloaded(found["path"], "INVALID_PARAMS")}
	found["state"] = packed.get_state()
	return found


## `{"path"}` where a scene of that file and with that name of its root can be made, or
## `{"failure"}`.
static func target(path: String, root_name: String) -> Dictionary:
	if root_name.is_empty() or root_name.validate_node_name() != root_name:
		return {"failure": CommandResult.failed("INVALID_PARAMS",
				"'%s' is no node name." % root_name)}
	return free_path(path)


## Writes `root`, named `root_name`, to the file `path` of the request, which must not exist. The value has `path`.
static func write_new(root: Node, root_name: String, request: CommandRequest) -> CommandResult:
	var free := target(request.text("path"), root_name)
	if free.has("failure"):
		return free["failure"]
	root.name = root_name
	var path: String = free["path"]
	var packed := PackedScene.new()
	packed.pack(root)
	var failure := FileWriter.save(packed, path)
	if failure != null:
		return failure
	await ProjectFiles.announce(path, request)
	return CommandResult.succeeded({"path": path})
