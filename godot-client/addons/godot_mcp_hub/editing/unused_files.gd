## Finds the resources and scripts that nothing reaches from where the game begins.
extends RefCounted

const ProjectGraph := preload("project_graph.gd")
const Wildcards := preload("wildcards.gd")

## Kinds of files that the game can only use by referring to them.
const OTHER_USES: Array[String] = ["godot", "cfg", "md", "txt", "json", "csv", "gdextension", "html", "yml", "yaml", "toml", "sh", "py"]
const ADDONS := "res://addons/"


## Paths below `folder` that are unused, sorted, with the folder's users where a path is put together there: {path, mayBeLoadedBy?}.
static func find(graph: ProjectGraph, folder: String, extra_roots: Array[String], left_out: Array[String]) -> Array[Dictionary]:
	var reached: Dictionary = graph.reach(graph.entry_files() + graph.test_files() + extra_roots, graph.files.size(), false)["depths"]
	var inside := folder.trim_suffix("/") + "/" if folder != "res://" else folder
	var unused: Array[Dictionary] = []
	for file: String in graph.files:
		if reached.has(file) or not file.begins_with(inside) or OTHER_USES.has(file.get_extension().to_lower()):
			continue
		if not file.get_base_dir().begins_with(ADDONS.trim_suffix("/")) or inside.begins_with(ADDONS):
			if not left_out.any(func(pattern: String) -> bool: 
					return Wildcards.fits(file, pattern) or Wildcards.fits(file.get_file(), pattern)):
				unused.append(_describe(graph, file, reached))
	return unused


static func _describe(graph: ProjectGraph, file: String, reached: Dictionary) -> Dictionary:
	var described: Dictionary = {"path": file}
	var loaders: Array[String] = []
	for user: String in graph.users(file.get_base_dir()):
		if reached.has(user):
			loaders.append(user)
	if not loaders.is_empty():
		described["mayBeLoadedBy"] = loaders
	return described
