## Which scene a command means: each session has its own current scene, whatever tab the editor
## shows.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const EditorDialogs := preload("../editor/editor_dialogs.gd")
const EngineLog := preload("../engine/engine_log.gd")
const EngineTurns := preload("../engine/engine_turns.gd")
const FileImports := preload("../reading/file_imports.gd")
const FileLimits := preload("../reading/file_limits.gd")
const FilePaths := preload("../files/file_paths.gd")
const MissingParts := preload("../reading/missing_parts.gd")
const NearNames := preload("../texts/near_names.gd")
const ProjectResources := preload("../reading/project_resources.gd")
const SceneCycles := preload("scene_cycles.gd")
const SceneRevisions := preload("scene_revisions.gd")
const SceneTwin := preload("scene_twin.gd")
const SceneView := preload("scene_view.gd")
const Wait := preload("../engine/wait.gd")

## How often an open scene's tab is asked for: a person may change tabs at the same moment.
const MOST_SWITCHES := 10
## Sessions whose scene is remembered; of those that went, the oldest is forgotten.
const SESSIONS_KEPT := 1024

var _revisions: SceneRevisions
## Scene path by client id.
var _current: Dictionary = {}
## Requests that want another tab, in the order of asking; the first one has the tabs.
var _line: Array[CommandRequest] = []


func _init(revisions: SceneRevisions) -> void:
	_revisions = revisions


## The scene that a command of this session without `scene` goes to; empty when none is open.
func current_of(client_id: String) -> String:
	if _current.has(client_id):
		return _current[client_id]
	var root := EditorInterface.get_edited_scene_root()
	return root.get_scene_file_path() if root != null else ""


## The same for an answer, where no scene is null.
func current_or_null(client_id: String) -> Variant:
	var path := current_of(client_id)
	if path.is_empty():
		return null
	return path


func make_current(client_id: String, path: String) -> void:
	_current.erase(client_id)
	_current[client_id] = path
	if _current.size() > SESSIONS_KEPT:
		_current.erase(_current.keys()[0])


## A scene is closed: sessions whose current one it was have none of their own any more.
func forget(path: String) -> void:
	for client_id: String in _current.keys():
		if _current[client_id] == path:
			_current.erase(client_id)


## The scene that a reading command means, whichever tab is shown. One that is not open is read from
## its file. To be awaited; release it afterwards.
func for_reading(request: CommandRequest) -> SceneView:
	var view := meant(request)
	if view.is_error() or view.root != null and not _revisions.is_outdated(view.root):
		return view
	if view.root == null or not _revisions.is_unsaved(view.root):
		await DormantFiles.prepare([view.path], request)
		return _from_file(view.path)
	# A copy has its parts as they are saved.
	await SceneTwin.prepare(view.root, request)
	view = meant(request)
	return SceneView.of_copy(SceneTwin.of(view.root), view.revision) if view.root != null else view


## A copy of the scene that a command means, as it is now: what is done to it reaches nothing. To be
## awaited; release it afterwards.
func for_trying(request: CommandRequest) -> SceneView:
	var view := meant(request)
	if view.root != null:
		await SceneTwin.prepare(view.root, request)
	elif not view.is_error():
		await DormantFiles.prepare([view.path], request)
	view = meant(request)
	if view.is_error():
		return view
	if view.root == null:
		return _from_file(view.path, PackedScene.GEN_EDIT_STATE_MAIN)
	return SceneView.of_copy(SceneTwin.of(view.root), view.revision)


## The scene that a request means, with its root where it is open.
func meant(request: CommandRequest) -> SceneView:
	var wanted := _wanted(request)
	if wanted.is_error() or wanted.root != null:
		return wanted
	for root: Node in open_roots():
		if root.get_scene_file_path() == wanted.path:
			return SceneView.of(root, _revisions.of(root))
	var known := _revisions.root_of(wanted.path) \
			if EditorInterface.get_open_scenes().has(wanted.path) else null
	if known != null:
		return SceneView.of(known, _revisions.of(known))
	wanted.revision = _revisions.last_of(wanted.path)
	return wanted


## The scene that a changing command means, opened and in the active tab. Nothing may be awaited
## between this and the change.
func for_writing(request: CommandRequest) -> SceneView:
	var view := _wanted(request)
	if not view.is_error() and view.root == null and FilePaths.guard(view.path) == null:
		view = await activate(view.path, request)
	return checked_for_writing(view, request) if not view.is_error() else view


## The same view, or a failure where the request may not change the scene as it is; releases a copy
## then.
func checked_for_writing(view: SceneView, request: CommandRequest) -> SceneView:
	var refusal := FilePaths.guard(view.path)
	if refusal == null and request.has("ifRevision") \
			and request.number("ifRevision", 0) != view.revision:
		refusal = CommandResult.failed("CONFLICT", "%s has revision %d, not %d." % [
				view.path, view.revision, request.number("ifRevision", 0)],
				"Somebody changed it: read it again, then repeat with ifRevision:%d."
				% view.revision) \
				.with("revision", view.revision)
	if refusal == null:
		return view
	view.release()
	return SceneView.failed(refusal)


## Opens a scene if need be and brings its tab to the front: edits and their undo history work only
## there.
func activate(path: String, request: CommandRequest) -> SceneView:
	var refusal: CommandResult = null
	if not EditorInterface.get_open_scenes().has(path):
		refusal = SceneCycles.refusal_of(path)
		if refusal == null:
			refusal = FileLimits.refusal(path)
	if refusal != null:
		return SceneView.failed(refusal)
	await _stand_in_line(request)
	var view := await _bring_to_front(path, request)
	_line.pop_front()
	return view


## Brings a scene's tab to the front and has `work` close it or load it anew.
func replace(path: String, request: CommandRequest, work: Callable) -> SceneView:
	await _stand_in_line(request)
	var view := await _bring_to_front(path, request)
	if not view.is_error():
		await EngineTurns.between(work.bind(view))
	_line.pop_front()
	return view


## Roots of all open scenes that can be seen: before Godot 4.5 only the one in the active tab.
static func open_roots() -> Array[Node]:
	var editor: Object = EditorInterface
	if editor.has_method("get_open_scene_roots"):
		return editor.call("get_open_scene_roots")
	var root := EditorInterface.get_edited_scene_root()
	var roots: Array[Node] = []
	if root != null:
		roots.append(root)
	return roots


## The active root when that is meant; else only the path.
func _wanted(request: CommandRequest) -> SceneView:
	var path := current_of(request.client_id)
	if request.has("scene"):
		var resolved := FilePaths.resolve(request.text("scene"))
		if resolved.is_error():
			return SceneView.failed(resolved.error)
		path = resolved.value
	var active := EditorInterface.get_edited_scene_root()
	if active != null and active.get_scene_file_path() == path:
		return SceneView.of(active, _revisions.of(active))
	if path.is_empty():
		return SceneView.failed(CommandResult.failed("NO_SCENE_OPEN", "No scene is open.",
				"Open one with scene.open, or name it with 'scene'."))
	if not ResourceLoader.exists(path, "PackedScene"):
		return SceneView.failed(scene_not_found(path))
	return SceneView.named(path)


static func scene_not_found(path: String) -> CommandResult:
	var not_imported := FileImports.refusal_of(path)
	if not_imported != null:
		return not_imported
	var scenes: Array[String] = []
	_collect_scenes(EditorInterface.get_resource_filesystem().get_filesystem(), scenes)
	var near := NearNames.of(path, scenes)
	return CommandResult.failed("NOT_FOUND", "There is no scene %s." % path,
			NearNames.question(near), near)


static func _collect_scenes(folder: EditorFileSystemDirectory, into: Array[String]) -> void:
	if folder == null:
		return
	for index: int in folder.get_file_count():
		if folder.get_file_type(index) == "PackedScene":
			into.append(folder.get_file_path(index))
	for index: int in folder.get_subdir_count():
		_collect_scenes(folder.get_subdir(index), into)


func _stand_in_line(request: CommandRequest) -> void:
	_line.append(request)
	await Wait.until(func() -> bool: return _line[0] == request)


## A scene that is not open is asked for once. Tabs change between turns: the engine hears of no
## other one, and of no node that goes, while it changes them.
func _bring_to_front(path: String, request: CommandRequest) -> SceneView:
	var said: PackedStringArray = []
	for time: int in MOST_SWITCHES:
		if request.is_cancelled:
			return SceneView.failed(request.cancelled())
		if _is_at_the_front(path):
			var root := EditorInterface.get_edited_scene_root()
			return SceneView.of(root, _revisions.of(root))
		var was_open := EditorInterface.get_open_scenes().has(path)
		var refusal := await FileImports.await_parts(path, request) if not was_open else null
		if refusal == null and not was_open:
			refusal = SceneOpening.refusal_of(path)
		if refusal != null:
			return SceneView.failed(refusal)
		if not was_open:
			ProjectResources.freshen_scripts_of(path)
		await EngineTurns.between(func() -> void:
			said.append_array(
					EditorDialogs.during(Callable.create(EditorInterface,
					&"open_scene_from_path").bind(path), path)))
		if not was_open and not _is_at_the_front(path):
			break
	return SceneView.failed(SceneOpening.not_loaded(path, [], said))


static func _is_at_the_front(path: String) -> bool:
	var root := EditorInterface.get_edited_scene_root()
	return root != null and root.get_scene_file_path() == path


func _from_file(path: String, state := PackedScene.GEN_EDIT_STATE_INSTANCE) -> SceneView:
	var root := DormantFiles.instantiate(DormantFiles.open(path, "PackedScene") as PackedScene,
			state)
	if root == null:
		return SceneView.failed(SceneOpening.unloaded(path))
	root.set_scene_file_path(path)
	return SceneView.of_copy(root, _revisions.last_of(path))


## What can be known of a scene file before the editor is asked to open it, and why it could not.
class SceneOpening extends RefCounted:
	## Why the editor cannot open a scene that is not open; null when it may be asked to.
	static func refusal_of(path: String) -> CommandResult:
		if FileAccess.file_exists(path + ".import"):
			return CommandResult.failed("INVALID_PARAMS",
					"%s is imported: the editor does not edit it." % path,
					"Put it into a scene with scene.instance, and change it there.")
		var missing := MissingParts.below(path)
		if missing.is_empty():
			return null
		# The editor loads it once more, and reports then what it complains of now.
		EngineLog.begin_check()
		var root := DormantFiles.instantiate(DormantFiles.open(path, "PackedScene") as PackedScene,
				PackedScene.GEN_EDIT_STATE_INSTANCE)
		EngineLog.end_check()
		if root == null:
			return not_loaded(path, missing)
		root.free()
		return null

	## The answer for a scene whose file cannot be loaded to look at it.
	static func unloaded(path: String) -> CommandResult:
		var missing := MissingParts.below(path)
		return not_loaded(path, missing) if not missing.is_empty() \
				else FileLimits.unloaded(path, "NO_SCENE_OPEN")

	## The answer for a scene that the editor could not load; `said` is what it has announced.
	static func not_loaded(path: String, missing: Array[Dictionary],
			said := PackedStringArray()) -> CommandResult:
		var why := ""
		if not missing.is_empty():
			why = " It needs what is missing: %s." % MissingParts.listed(missing)
		elif not said.is_empty():
			why = " The editor says: %s" % " ".join(said)
		var hint := "Bring the missing files back, or take them out of the scene's file." \
				if not missing.is_empty() else "The engine's errors say where."
		var result := CommandResult.failed("NO_SCENE_OPEN",
				"The editor cannot load %s.%s" % [path, why], hint)
		return result.with("missing", missing) if not missing.is_empty() else result
