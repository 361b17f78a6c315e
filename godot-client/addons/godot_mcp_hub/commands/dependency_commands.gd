## The project's files as a whole: what refers to what, what is unused, what is broken. All of it
## takes frames, not one.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FilePaths := preload("../files/file_paths.gd")
const NearNames := preload("../texts/near_names.gd")
const ProjectCheck := preload("../project/project_check.gd")
const ProjectGraph := preload("../project/project_graph.gd")
const ProjectStatistics := preload("../project/project_statistics.gd")
const UnusedFiles := preload("../project/project_graph.gd").UnusedFiles

const DEFAULT_LIMIT := 200


func commands() -> Array[Command]:
	return [
		Command.read("project.get_statistics", _get_statistics,
		{"path?": TYPE_STRING}).that_takes_long(),
		Command.read("project.resolve_uid", _resolve_uid, {"path": TYPE_STRING}),
		Command.read("project.get_dependencies", _get_dependencies, {
			"path?": TYPE_STRING, "reverse?": TYPE_BOOL, "depth?": TYPE_INT, "limit?": TYPE_INT,
			"cursor?": TYPE_STRING}).that_takes_long(),
		Command.read("project.find_unused", _find_unused, {
			"path?": TYPE_STRING, "roots?": TYPE_ARRAY, "exclude?": TYPE_ARRAY, "limit?": TYPE_INT,
			"cursor?": TYPE_STRING}).that_takes_long(),
		Command.read("project.validate", _validate,
		{"path?": TYPE_STRING, "limit?": TYPE_INT, "cursor?": TYPE_STRING}).that_takes_long(),
	]


func _get_statistics(request: CommandRequest) -> CommandResult:
	var folder := FilePaths.resolve_folder(request.text("path", "res://"))
	if folder.is_error():
		return folder.error
	var statistics := await ProjectStatistics.of(folder.value, request)
	return request.cancelled() if statistics.is_empty() else CommandResult.succeeded(statistics)


func _resolve_uid(request: CommandRequest) -> CommandResult:
	var resolved := FilePaths.resolve(request.text("path"))
	if resolved.is_error():
		return resolved.error
	var path: String = resolved.value
	if not FileAccess.file_exists(path):
		return CommandResult.failed("NOT_FOUND", "There is no file %s." % path)
	var id := ResourceLoader.get_resource_uid(path)
	var uid: Variant = null
	if id != ResourceUID.INVALID_ID:
		uid = ResourceUID.id_to_text(id)
	return CommandResult.succeeded({"path": path, "uid": uid})


func _get_dependencies(request: CommandRequest) -> CommandResult:
	var resolved := FilePaths.resolve(request.text("path", "res://"))
	if resolved.is_error():
		return resolved.error
	var graph := await ProjectGraph.read(request)
	if graph == null:
		return request.cancelled()
	if not request.has("path"):
		return _with_links(_page("edges", graph.edges(), request), graph)
	var path: String = resolved.value
	if not FileAccess.file_exists(path):
		var near := NearNames.of(path, graph.files)
		return CommandResult.failed("NOT_FOUND", "There is no file %s." % path,
				NearNames.question(near), near)
	var reached := graph.reach([path], request.number("depth", 1), request.flag("reverse", false))
	var files: Array[Dictionary] = []
	for file: String in reached["depths"]:
		if file != path:
			files.append({"path": file, "depth": reached["depths"][file],
					"exists": FileAccess.file_exists(file)})
	var result := _page("files", files, request)
	if not result.is_failure():
		result.value.merge({"path": path, "reverse": request.flag("reverse", false),
				"edges": _edges_of(result.value["files"], reached["edges"])})
	return _with_links(result, graph)


## Says which links were not followed: what lies there may refer to anything.
static func _with_links(result: CommandResult, graph: ProjectGraph) -> CommandResult:
	if not result.is_failure() and not graph.not_looked_at.is_empty():
		result.value["notLookedAt"] = graph.not_looked_at
	return result


## The edges at whose other end stands one of the files that are shown.
static func _edges_of(files: Array, edges: Array[Dictionary]) -> Array[Dictionary]:
	var shown: Dictionary = {}
	for file: Dictionary in files:
		shown[file["path"]] = true
	return edges.filter(func(edge: Dictionary) -> bool:
		return shown.has(edge["to"]) or shown.has(edge["from"]))


func _find_unused(request: CommandRequest) -> CommandResult:
	var folder := FilePaths.resolve_folder(request.text("path", "res://"))
	if folder.is_error():
		return folder.error
	var roots: Array[String] = []
	for root: Variant in request.params.get("roots", []):
		var resolved := FilePaths.resolve(str(root))
		if resolved.is_error():
			return resolved.error
		roots.append(resolved.value)
	var left_out: Array[String] = []
	for pattern: Variant in request.params.get("exclude", []):
		left_out.append(str(pattern))
	var graph := await ProjectGraph.read(request)
	if graph == null:
		return request.cancelled()
	var unused := UnusedFiles.find(graph, folder.value, roots, left_out)
	var bytes := 0
	for file: Dictionary in unused:
		file["bytes"] = FileAccess.get_size(file["path"]) if FileAccess.file_exists(file["path"]) \
				else 0
		bytes += file["bytes"]
	var result := _page("files", unused, request)
	if not result.is_failure():
		result.value.merge({"bytes": bytes, "roots": graph.entry_files() + roots})
	return _with_links(result, graph)


func _validate(request: CommandRequest) -> CommandResult:
	var folder := FilePaths.resolve_folder(request.text("path", "res://"))
	if folder.is_error():
		return folder.error
	var check := ProjectCheck.new(request)
	if not await check.run(folder.value):
		return request.cancelled()
	var errors := check.problems.filter(
			func(problem: Dictionary) -> bool: return problem["severity"] == "error").size()
	var result := _page("problems", check.problems, request)
	if not result.is_failure():
		result.value.merge({"valid": errors == 0, "errors": errors,
				"warnings": check.problems.size() - errors, "checked": check.checked})
		if not check.not_checked.is_empty():
			result.value["notChecked"] = check.not_checked
	return result


## One page of `entries` as member `name`; the cursor is the number of entries before the next one.
static func _page(name: String, entries: Array[Dictionary],
		request: CommandRequest) -> CommandResult:
	var cursor := request.text("cursor", "0")
	if not cursor.is_valid_int() or cursor.to_int() < 0:
		return CommandResult.failed("INVALID_PARAMS",
				"'cursor' must be the cursor of an answer that was cut.")
	var end := cursor.to_int() + request.number("limit", DEFAULT_LIMIT)
	var answer: Dictionary = {name: entries.slice(cursor.to_int(), end), "total": entries.size()}
	if end < entries.size():
		answer.merge({"truncated": true, "cursor": str(end)})
	return CommandResult.succeeded(answer)
