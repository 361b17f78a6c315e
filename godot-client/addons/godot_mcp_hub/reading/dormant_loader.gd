## Loads files for being looked at, with scripts that do not run: it stands before the engine's own
## loaders, and takes part only in loading that DormantFiles has begun, in the same thread.
## A tool script, since the engine calls it, and the editor gives static variables of other scripts
## no initial values.
@tool
extends ResourceFormatLoader

const DormantFiles := preload("dormant_files.gd")
const DormantLoader := preload("dormant_loader.gd")
const DormantScripts := preload("dormant_scripts.gd")

## Scripts as texts, and as an export writes them.
const SCRIPTS: Array[String] = ["gd", "gdc"]
## Loading one loads native code.
const LIBRARY := "gdextension"
const SCENES: Array[String] = ["tscn", "scn"]
## What stands for the one file, in a thread that loads all that it needs, too.
const ALL := ""

## A path that only this loader knows.
const PROBE := "dormant://"

static var _loader: DormantLoader = null
## What is loaded in each thread that loads for looking, by its id: {only: one file without what it
## needs, or ALL; scripts: by path}.
static var _threads: Dictionary = {}
static var _mutex := Mutex.new()


## In this thread, files are loaded for being looked at, with `scripts` for the scripts that they
## name. `only`: all but that file become empty resources. Now and then the engine takes out all
## loaders that are scripts.
static func begin(only: String, scripts: Dictionary) -> void:
	_mutex.lock()
	if _loader == null:
		_loader = DormantLoader.new()
	if not ResourceLoader.exists(PROBE):
		ResourceLoader.add_resource_format_loader(_loader, true)
	_threads[OS.get_thread_caller_id()] = {"only": only, "scripts": scripts}
	_mutex.unlock()


static func end() -> void:
	_mutex.lock()
	_threads.erase(OS.get_thread_caller_id())
	_mutex.unlock()


## Takes the loader out for good.
static func dispose() -> void:
	if _loader != null and ResourceLoader.exists(PROBE):
		ResourceLoader.remove_resource_format_loader(_loader)
	_loader = null


## Empty where the engine loads for itself.
static func _work() -> Dictionary:
	_mutex.lock()
	var work: Dictionary = _threads.get(OS.get_thread_caller_id(), {})
	_mutex.unlock()
	return work


func _recognize_path(path: String, _type: StringName) -> bool:
	if path == PROBE:
		return true
	var work := _work()
	if work.is_empty():
		return false
	var extension := path.get_extension().to_lower()
	return SCRIPTS.has(extension) or extension == LIBRARY \
			or work["only"] != ALL and path != work["only"] or DormantFiles.is_rewritten(path)


func _exists(path: String) -> bool:
	return path == PROBE or FileAccess.file_exists(path)


func _get_recognized_extensions() -> PackedStringArray:
	return []


func _handles_type(_type: StringName) -> bool:
	return false


func _get_resource_type(_path: String) -> String:
	return ""


func _load(path: String, _original_path: String, _use_sub_threads: bool,
		_cache_mode: int) -> Variant:
	var work := _work()
	var extension := path.get_extension().to_lower()
	if extension == LIBRARY:
		return MissingResource.new()
	if SCRIPTS.has(extension):
		return work["scripts"][path] if work["scripts"].has(path) \
				else DormantScripts.unreadable(path)
	if work["only"] != ALL and path != work["only"]:
		return PackedScene.new() if SCENES.has(extension) else MissingResource.new()
	return DormantFiles.rewritten(path)
