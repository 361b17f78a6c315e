## Loads scenes and resources in order to look at them: nothing of their scripts runs, and nothing
## of them stays in the editor.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const BinaryResource := preload("binary_resource.gd")
const CommandRequest := preload("../requests/command_request.gd")
const DormantScripts := preload("dormant_scripts.gd")
const FileLimits := preload("file_limits.gd")
const TameFiles := preload("tame_files.gd")

const LOADER := "dormant_loader.gd"
## Where a file is written that has to be loaded in another form; gone when it is loaded.
const FOLDER := "user://godot_mcp_hub"
const TEXTS: Array[String] = ["tscn", "tres"]
const BINARIES: Array[String] = ["scn", "res"]
const SCRIPT := "gd"
const BUILT_IN := "type=\"GDScript\""
## How a text begins the code of a script that is kept in it, and what keeps the engine from
## compiling it.
const SOURCE := "script/source = \""
const UNCOMPILED := "source_code = \"" + DormantScripts.UNREADABLE

## Resources of so many files that were rewritten are known by their own paths.
const PATHS_KEPT := 256

## How a file is loaded.
enum Form { AS_IT_IS, WITHOUT_SCRIPTS, NOT_AT_ALL }

## Files whose form is known; of those that were looked at, the first is forgotten.
const FORMS_KEPT := 4096

## [digest, form] by path.
static var _forms: Dictionary = {}
## Paths of files by those from which their other form was loaded.
static var _paths: Dictionary = {}
static var _count: int = 0
static var _mutex := Mutex.new()


## Ends the part that this takes in what the engine loads.
static func dispose() -> void:
	_loader().call("dispose")


## The resource of a file; null when it cannot be loaded.
static func open(path: String, type: String = "") -> Resource:
	return _load(path, type, "")


## Finds out what has to be known of the scripts of files before these are opened. To be awaited.
static func prepare(paths: Array, request: CommandRequest) -> void:
	var scripts: Dictionary = {}
	var others: Array[String] = []
	for path: String in paths.filter(FileAccess.file_exists):
		if path.get_extension().to_lower() == SCRIPT:
			scripts[path] = null
		else:
			others.append(path)
	for path: String in scripts_of(others):
		scripts[path] = null
	await DormantScripts.prepare(scripts.keys(), request)


## The same without what the file needs: only whether it can be loaded. It must not need itself.
## From any thread.
static func open_alone(path: String) -> Resource:
	return _load(path, "", path)


static func _load(path: String, type: String, only: String) -> Resource:
	if _known(path)[1] == Form.NOT_AT_ALL:
		return null
	if only.is_empty() and not FileLimits.problem_of_needs(path).is_empty():
		return null
	var scripts: Dictionary = {}
	for script: String in scripts_of([path]) if only.is_empty() else []:
		scripts[script] = DormantScripts.of(script)
	_loader().call("begin", only, scripts)
	var resource := ResourceLoader.load(path, type, ResourceLoader.CACHE_MODE_IGNORE_DEEP)
	_loader().call("end")
	return resource


## Paths of the scripts of all that loading files loads. While one is loaded, they cannot be.
static func scripts_of(paths: Array) -> Array:
	var scripts: Dictionary = {}
	var seen: Dictionary = {}
	var left: Array = paths.duplicate()
	while not left.is_empty():
		for need: String in TameFiles.dependencies_of(left.pop_back()):
			if need.get_extension().to_lower() == SCRIPT:
				scripts[need] = null
			elif not seen.has(need):
				seen[need] = true
				left.append(need)
	return scripts.keys()


## A copy of a scene for being looked at. Its signals reach nothing.
static func instantiate(scene: PackedScene, state := PackedScene.GEN_EDIT_STATE_INSTANCE) -> Node:
	return quiet(scene.instantiate(state)) if scene != null and scene.can_instantiate() else null


## The same node, whose signals and those of all below it reach nothing.
static func quiet(node: Node) -> Node:
	node.set_block_signals(true)
	for child: Node in node.get_children(true):
		quiet(child)
	return node


## What a file would keep of a scene. Of the scenes that are instanced in it, those that are not
## loaded are not loaded for that.
static func pack(root: Node) -> PackedScene:
	var packed := PackedScene.new()
	_loader().call("begin", root.get_scene_file_path(), {})
	packed.pack(root)
	_loader().call("end")
	return packed


## Whether a file is loaded in another form than that which it has.
static func is_rewritten(path: String) -> bool:
	return not path.begins_with(FOLDER) and _known(path)[1] != Form.AS_IT_IS


static func _known(path: String) -> Array:
	var digest := FileAccess.get_md5(path) if FileAccess.file_exists(path) else ""
	_mutex.lock()
	var known: Array = _forms.get(path, [null])
	_mutex.unlock()
	if not known[0] is String or known[0] != digest:
		known = _read_form(path, digest)
		_mutex.lock()
		_forms[path] = known
		if _forms.size() > FORMS_KEPT:
			_forms.erase(_forms.keys()[0])
		_mutex.unlock()
	return known


## What a file holds, loaded from a form of it in which no script is compiled; something empty for
## one that is not loaded.
static func rewritten(path: String) -> Resource:
	if _known(path)[1] == Form.NOT_AT_ALL:
		return MissingResource.new()
	_mutex.lock()
	_count += 1
	var copy := FOLDER.path_join("dormant-%d-%d.%s" % [OS.get_process_id(), _count,
			path.get_extension()])
	_paths[copy] = path
	if _paths.size() > PATHS_KEPT:
		_paths.erase(_paths.keys()[0])
	_mutex.unlock()
	DirAccess.make_dir_recursive_absolute(FOLDER)
	if not _write(path, copy):
		return MissingResource.new()
	var resource := ResourceLoader.load(copy, "", ResourceLoader.CACHE_MODE_IGNORE_DEEP)
	DirAccess.remove_absolute(copy)
	return resource if resource != null else MissingResource.new()


## The path of a resource, also of one that was loaded from another form of its file.
static func path_of(resource: Resource) -> String:
	var path := DormantScripts.path_of(resource as Script) if resource is Script \
			else resource.get_path()
	var file := path.get_slice("::", 0)
	return path if not _paths.has(file) else path.replace(file, _paths[file])


static func _loader() -> GDScript:
	return load((DormantScripts as Script).resource_path.get_base_dir().path_join(LOADER))


static func _read_form(path: String, digest: String) -> Array:
	if not FileLimits.problem_of(path).is_empty():
		return [digest, Form.NOT_AT_ALL]
	var extension := path.get_extension().to_lower()
	if BINARIES.has(extension):
		return [digest, Form.WITHOUT_SCRIPTS if BinaryResource.has_scripts(path) else Form.AS_IT_IS]
	var text := FileAccess.get_file_as_string(path) if TEXTS.has(extension) else ""
	return [digest, Form.WITHOUT_SCRIPTS if text.contains(BUILT_IN)
			and not TameFiles.has_tame_text(path, text) else Form.AS_IT_IS]


static func _write(path: String, copy: String) -> bool:
	if BINARIES.has(path.get_extension().to_lower()):
		return BinaryResource.write_without_scripts(path, copy)
	var file := FileAccess.open(copy, FileAccess.WRITE)
	if file == null:
		return false
	file.store_string(FileAccess.get_file_as_string(path).replace(SOURCE, UNCOMPILED))
	file.close()
	return true
