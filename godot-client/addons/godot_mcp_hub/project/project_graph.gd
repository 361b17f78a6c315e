## Which file of the project refers to which, in both directions. Read file by file, letting frames
## pass.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const FilePaths := preload("../files/file_paths.gd")
const FileReferences := preload("../files/file_references.gd")
const FileWalk := preload("../files/file_walk.gd")
const ProjectGraph := preload("project_graph.gd")
const TestSelection := preload("../testing/test_selection.gd")
const Wildcards := preload("../texts/wildcards.gd")

## Beside the files they belong to; and the project's settings are no file among others.
const SIDE_FILES: Array[String] = ["import", "uid"]
const SETTINGS := "res://project.godot"
## What the engine uses although no file says so.
const ENTRY_FILES: Array[String] = [SETTINGS, "res://export_presets.cfg", "res://override.cfg",
		"res://default_bus_layout.tres"]
const ENTRY_EXTENSIONS: Array[String] = ["gdextension"]

## Every file but side files, sorted.
var files: Array[String] = []
## Links that were not followed, sorted: what lies there was not looked at.
var not_looked_at: Array[String] = []
## Where those lead that stay inside of the project, by their paths.
var _inner_links: Dictionary = {}
## Edges {to, kind, uid?, pattern?} by path; those of FileReferences.
var _uses: Dictionary = {}
## Edges {from, kind} by path.
var _users: Dictionary = {}


## Null when the request was cancelled.
static func read(request: CommandRequest) -> ProjectGraph:
	var graph := ProjectGraph.new()
	for file: String in await FileWalk.files_below("res://", true, request, graph.not_looked_at):
		if not SIDE_FILES.has(file.get_extension()):
			graph.files.append(file)
	graph._take_inner_links()
	var references := FileReferences.new()
	for index: int in graph.files.size():
		graph._add(graph.files[index], references)
		request.report_progress(index, graph.files.size(), "reading what files refer to")
		await request.let_frame_pass_when_due()
		if request.is_cancelled:
			return null
	return graph


func uses(path: String) -> Array[Dictionary]:
	var found: Array[Dictionary] = []
	found.assign(_uses.get(path, []))
	return found


## Paths of the files that refer to `path`, sorted.
func users(path: String) -> Array[String]:
	var paths: Array[String] = []
	for edge: Dictionary in _users.get(path, []):
		paths.append(edge["from"])
	paths.sort()
	return paths


## Every edge {from, to, kind}, in the order of the files.
func edges() -> Array[Dictionary]:
	var all: Array[Dictionary] = []
	for file: String in files:
		for edge: Dictionary in _uses.get(file, []):
			all.append({"from": file, "to": edge["to"], "kind": edge["kind"]})
	return all


## Depth by path of what can be reached from `start` in at most `depth` steps, and the edges {from,
## to, kind} on the way.
func reach(start: Array[String], depth: int, is_reverse: bool) -> Dictionary:
	var depths: Dictionary = {}
	for path: String in start:
		depths[path] = 0
	var on_the_way: Array[Dictionary] = []
	var queue: Array[String] = start.duplicate()
	while not queue.is_empty():
		var path: String = queue.pop_front()
		if depths[path] >= depth:
			continue
		for edge: Dictionary in (_users if is_reverse else _uses).get(path, []):
			var next: String = edge["from"] if is_reverse else edge["to"]
			on_the_way.append({"from": next if is_reverse else path,
					"to": path if is_reverse else next, "kind": edge["kind"]})
			if not depths.has(next) and not edge.has("pattern"):
				depths[next] = depths[path] + 1
				queue.append(next)
	return {"depths": depths, "edges": on_the_way}


## Files that the engine itself begins with.
func entry_files() -> Array[String]:
	var entries: Array[String] = []
	for file: String in files:
		if ENTRY_FILES.has(file) or ENTRY_EXTENSIONS.has(file.get_extension()):
			entries.append(file)
	return entries


## What stands in folders for tests: runs of the tests begin there.
func test_files() -> Array[String]:
	return files.filter(TestSelection.is_in_test_folder)


## A link inside of the project hides nothing: what it leads to is looked at where it is.
func _take_inner_links() -> void:
	for link: String in not_looked_at:
		var real := FilePaths.followed(link)
		if real != link and real.begins_with("res://"):
			_inner_links[link] = real
	not_looked_at.assign(not_looked_at.filter(func(link: String) -> bool:
		return not _inner_links.has(link)))
	not_looked_at.sort()


func _without_links(path: String) -> String:
	for link: String in _inner_links:
		if path == link or path.begins_with(link + "/"):
			return _inner_links[link] + path.trim_prefix(link)
	return path


func _add(file: String, references: FileReferences) -> void:
	_uses[file] = references.of(file)
	for edge: Dictionary in _uses[file]:
		edge["to"] = _without_links(edge["to"])
		if not _users.has(edge["to"]):
			_users[edge["to"]] = []
		_users[edge["to"]].append({"from": file, "kind": edge["kind"]})


## Finds the resources and scripts that nothing reaches from where the game begins.
class UnusedFiles extends RefCounted:
	## What only the engine or a script reads by a path that no file need say.
	const OTHER_USES: Array[String] = ["godot", "cfg", "txt", "json", "csv", "gdextension"]
	## Scripts that not every editor loads, and what shaders include.
	const SOURCES: Array[String] = ["gd", "cs", "gdshader", "gdshaderinc"]
	const IMPORTED := ".import"
	const ADDONS := "res://addons/"

	## Paths below `folder` that are unused, sorted, with the folder's users where a path is put
	## together there: {path, mayBeLoadedBy?}.
	static func find(graph: ProjectGraph, folder: String, extra_roots: Array[String],
			left_out: Array[String]) -> Array[Dictionary]:
		var reached: Dictionary = graph.reach(graph.entry_files() + graph.test_files()
				+ extra_roots, graph.files.size(), false)["depths"]
		var inside := folder.trim_suffix("/") + "/" if folder != "res://" else folder
		var unused: Array[Dictionary] = []
		for file: String in graph.files:
			if reached.has(file) or not file.begins_with(inside) or not _is_of_the_game(file):
				continue
			if not file.get_base_dir().begins_with(ADDONS.trim_suffix("/")) \
					or inside.begins_with(ADDONS):
				if not left_out.any(func(pattern: String) -> bool: 
						return Wildcards.fits(file, pattern) \
								or Wildcards.fits(file.get_file(), pattern)):
					unused.append(_describe(graph, file, reached))
		return unused

	## Whether a file is a resource or a script: others, such as a licence or what another program
	## builds with, are not the game's.
	static func _is_of_the_game(file: String) -> bool:
		var extension := file.get_extension().to_lower()
		if OTHER_USES.has(extension):
			return false
		return SOURCES.has(extension) or FileAccess.file_exists(file + IMPORTED) \
				or ResourceLoader.exists(file)

	static func _describe(graph: ProjectGraph, file: String, reached: Dictionary) -> Dictionary:
		var described: Dictionary = {"path": file}
		var loaders: Array[String] = []
		for user: String in graph.users(file.get_base_dir()):
			if reached.has(user):
				loaders.append(user)
		if not loaders.is_empty():
			described["mayBeLoadedBy"] = loaders
		return described
