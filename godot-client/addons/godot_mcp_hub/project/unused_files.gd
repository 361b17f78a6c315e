## Finds the resources and scripts that nothing reaches from where the game begins.
extends RefCounted

const ProjectGraph := preload("project_graph.gd")
const Wildcards := preload("../texts/wildcards.gd")

## What only the engine or a script reads by a path that no file need say.
const OTHER_USES: Array[String] = ["godot", "cfg", "txt", "json", "csv", "gdextension"]
## Scripts that not every editor loads, and what shaders include.
const SOURCES: Array[String] = ["gd", "cs", "gdshader", "gdshaderinc"]
const IMPORTED := ".import"
const ADDONS := "res://addons/"


## Paths below `folder` that are unused, sorted, with the folder's users where a path is put together there: {path, mayBeLoadedBy?}.
static func find(graph: ProjectGraph, folder: String, extra_roots: Array[String], left_out: Array[String]) -> Array[Dictionary]:
	var reached: Dictionary = graph.reach(graph.entry_files() + graph.test_files() + extra_roots, graph.files.size(), false)["depths"]
	var inside := folder.trim_suffix("/") + "/" if folder != "res://" else folder
	var unused: Array[Dictionary] = []
	for file: String in graph.files:
		if reached.has(file) or not file.begins_with(inside) or not _is_of_the_game(file):
			continue
		if not file.get_base_dir().begins_with(ADDONS.trim_suffix("/")) or inside.begins_with(ADDONS):
			if not left_out.any(func(pattern: String) -> bool: 
					return Wildcards.fits(file, pattern) or Wildcards.fits(file.get_file(), pattern)):
				unused.append(_describe(graph, file, reached))
	return unused


## Whether a file is a resource or a script: others, such as a licence or what another program builds with, are not the game's.
static func _is_of_the_game(file: String) -> bool:
	var extension := file.get_extension().to_lower()
	if OTHER_USES.has(extension):
		return false
	return SOURCES.has(extension) or FileAccess.file_exists(file + IMPORTED) or ResourceLoader.exists(file)


static func _describe(graph: ProjectGraph, file: String, reached: Dictionary) -> Dictionary:
	var described: Dictionary = {"path": file}
	var loaders: Array[String] = []
	for user: String in graph.users(file.get_base_dir()):
		if reached.has(user):
			loaders.append(user)
	if not loaders.is_empty():
		described["mayBeLoadedBy"] = loaders
	return described
