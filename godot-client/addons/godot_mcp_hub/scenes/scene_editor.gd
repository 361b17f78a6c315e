## Changes scenes: each change whole, as one undo step of the agent that asked, or not at all.
extends RefCounted

const AnimationPreview := preload("animation_preview.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const EditorDialogs := preload("../editor/editor_dialogs.gd")
const EngineTurns := preload("../engine/engine_turns.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const LiveConnections := preload("../undo/live_connections.gd")
const MentionedFiles := preload("../reading/mentioned_files.gd")
const MissingParts := preload("../reading/missing_parts.gd")
const SceneChange := preload("../undo/scene_change.gd")
const SceneCycles := preload("scene_cycles.gd")
const SceneRevisions := preload("scene_revisions.gd")
const SceneSaving := preload("scene_saving.gd")
const SceneSessions := preload("scene_sessions.gd")
const SceneView := preload("scene_view.gd")
const SelectedNodes := preload("../engine_workarounds/selected_nodes.gd")
const UndoHistory := preload("../undo/undo_history.gd")

var history: UndoHistory
var previews := AnimationPreview.new()
var revisions: SceneRevisions
var scenes: SceneSessions
var timestamps := SceneTimestamps.new()

## [revision, LiveConnections] by instance id of a scene's root.
var _live: Dictionary = {}


func _init(undo_redo: EditorUndoRedoManager) -> void:
	history = UndoHistory.new(undo_redo, SceneCycles.refusal_of)
	revisions = SceneRevisions.new(history)
	scenes = SceneSessions.new(revisions)


func dispose() -> void:
	previews.dispose()
	revisions.dispose()


## Runs `edit` (SceneChange, root, params) -> CommandResult on the scene that `request` means.
func change(request: CommandRequest, what: String, edit: Callable) -> CommandResult:
	var view := await scenes.for_writing(request)
	if view.is_error():
		return view.error
	var live := live_in(view.root)
	live.mute(previews.stop_all.bind(view.root))
	var scene_change := SceneChange.new(request.permissions, live)
	var selected := SelectedNodes.count()
	var result: Variant = edit.call(scene_change, view.root, request.params)
	SelectedNodes.let_go(view.root, selected)
	if not result is CommandResult or (result as CommandResult).is_failure():
		scene_change.roll_back()
		return result
	if not scene_change.is_undoable:
		(result as CommandResult).value["undoable"] = false
		await _settle(view.root, request.client_id)
	var step := ""
	if scene_change.is_undoable and not scene_change.is_empty():
		step = history.commit(scene_change, what, view.root, request.client_id, request.agent)
		_note_live(view.root, scene_change)
	view.revision = revisions.of(view.root)
	var answer := CommandResult.succeeded(view.describe((result as CommandResult).value))
	answer.undo_step = step
	return answer


## A node that its own setter has deleted goes at the end of the frame. Who saves before that saves
## it.
func _settle(root: Node, client_id: String) -> void:
	keep_lasting(root, client_id)
	await EngineTurns.next()
	if root == EditorInterface.get_edited_scene_root():
		keep_lasting(root, client_id)


## What is no step of the history has changed the scene all the same: the session that did it.
func keep_lasting(root: Node, client_id: String) -> void:
	EditorInterface.mark_scene_as_unsaved()
	revisions.note_change(root, client_id)
	_live.erase(root.get_instance_id())


## The connections of a scene that would call something in the editor: none of them counts where
## agents may run code.
func live_in(root: Node) -> LiveConnections:
	if ExecutionGate.is_open():
		return LiveConnections.new()
	var id := root.get_instance_id()
	if not _live.has(id) or _live[id][0] != revisions.of(root):
		for other: int in _live.keys():
			if not is_instance_id_valid(other):
				_live.erase(other)
		_live[id] = [revisions.of(root), LiveConnections.below(root)]
	return _live[id][1]


## Finding them takes a look at every node: after a change that has touched none of them they are
## the same as before.
func _note_live(root: Node, scene_change: SceneChange) -> void:
	var id := root.get_instance_id()
	if scene_change.changes_connections():
		_live.erase(id)
	elif _live.has(id):
		_live[id][0] = revisions.of(root)


## Runs `edit` as change() does, on a copy of the scene, and answers what came of it. The copy is in
## no tree, its signals reach no object, and no script runs in it.
func preview(request: CommandRequest, edit: Callable) -> CommandResult:
	await MentionedFiles.prepare(request)
	var view := await scenes.for_trying(request)
	if not view.is_error():
		view = scenes.checked_for_writing(view, request)
	if view.is_error():
		return view.error
	var live := LiveConnections.new() if ExecutionGate.is_open() \
			else LiveConnections.below(view.root)
	var scene_change := SceneChange.new(request.permissions.for_preview(), live)
	var result: Variant = edit.call(scene_change, view.root, request.params)
	var answer: Variant = result
	if result is CommandResult and not (result as CommandResult).is_failure():
		answer = CommandResult.succeeded(view.describe((result as CommandResult).value))
	# What was added to the copy and taken out of it goes with it.
	scene_change.roll_back()
	view.release()
	return answer


## Opens a scene, makes it the session's current one, and answers with its root.
func show(request: CommandRequest, path: String) -> CommandResult:
	var view := await scenes.activate(path, request)
	if view.is_error():
		return view.error
	scenes.make_current(request.client_id, path)
	var shown: Dictionary = {"root": {"name": String(view.root.get_name()),
			"type": view.root.get_class()}}
	var missing := MissingParts.below(path)
	if not missing.is_empty():
		shown["missing"] = missing
	return CommandResult.succeeded(view.describe(shown))


## Saves the scene of the active tab. A file that another program has changed meanwhile is
## overwritten only with `force`.
func save(view: SceneView, force: bool) -> CommandResult:
	if view.path.is_empty():
		return CommandResult.failed("INVALID_PARAMS", "The open scene has no file yet.",
				"Create scenes with scene.create.")
	if not force and timestamps.is_overtaken(view.path):
		return CommandResult.failed("CONFLICT",
				"%s was changed on disk since the editor has read it." % view.path,
				"scene.compare shows the difference; scene.reload takes the file, scene.save with force:true overwrites it.")
	var failure := _write(view, view.path, force, EditorInterface.save_scene)
	if failure != null:
		return failure
	revisions.mark_saved(view.path)
	timestamps.mark_saved(view.path)
	return null


## Saves the scene of the active tab as the file `path`, which the tab then shows.
func save_as(view: SceneView, path: String, force: bool) -> CommandResult:
	return _write(view, path, force, func() -> Error:
		EditorInterface.save_scene_as(path)
		return OK)


## Null when `save` has had the engine write the file. A reference to what is missing is lost only
## with `force`.
func _write(view: SceneView, path: String, force: bool, save_scene: Callable) -> CommandResult:
	var refusal := SceneCycles.refusal_of(view.path)
	if refusal != null:
		return refusal
	var lost := MissingParts.lost_by_saving(view.root) if not force else ([] as Array[Dictionary])
	if not lost.is_empty():
		return CommandResult.failed("CONFLICT",
				"%s refers to what is missing, and would lose that: %s."
				% [view.path, MissingParts.listed(lost)],
				"Bring the files back and call scene.reload, put something else in their place, or give force:true to lose them.").with("missing", lost)
	previews.stop_all(view.root)
	var failure: Array[CommandResult] = []
	var said := EditorDialogs.during(func() -> void:
		failure.append(SceneSaving.run(view.root, path, save_scene)), path)
	if failure[0] == null:
		return null
	revisions.mark_unsaved(view.path)
	return failure[0].with("editorSays", said) if not said.is_empty() else failure[0]


## Whether every unsaved change of an open scene is this session's.
func is_own_work(path: String, client_id: String) -> bool:
	var steps_of_scene := revisions.history_of(path)
	if steps_of_scene == null:
		return false
	var besides := revisions.changed_besides_by(path)
	var unsaved := revisions.unsaved_steps(path)
	if not besides.all(func(session: String) -> bool: return session == client_id):
		return false
	if unsaved == 0:
		return not besides.is_empty()
	var applied := history.steps(steps_of_scene, client_id) \
			.filter(func(step: Dictionary) -> bool: return not step["undone"])
	var counted := applied.slice(-unsaved) if unsaved > 0 and unsaved <= applied.size() else applied
	return not counted.is_empty() and counted.all(func(step: Dictionary) -> bool:
		return step["own"])


## Closes a scene's tab and forgets that it was anybody's current scene. Null when it is done.
func close(path: String, request: CommandRequest) -> CommandResult:
	var closed := await scenes.replace(path, request, func(view: SceneView) -> void:
		previews.stop_all(view.root)
		scenes.forget(path)
		(EditorInterface as Object).call("close_scene"))
	return closed.error


## Loads a scene's file anew.
func reload(path: String, request: CommandRequest) -> SceneView:
	var reloaded := await scenes.replace(path, request, func(view: SceneView) -> void:
		previews.stop_all(view.root)
		EditorDialogs.during(Callable.create(EditorInterface, &"reload_scene_from_path").bind(path),
				path))
	return reloaded if reloaded.is_error() else await scenes.activate(path, request)


## Every open scene with its revision, and whether it has unsaved changes or is in the active tab.
func describe_open_scenes() -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	var roots: Dictionary = {}
	for root: Node in SceneSessions.open_roots():
		roots[root.get_scene_file_path()] = root
	var active := EditorInterface.get_edited_scene_root()
	for path: String in EditorInterface.get_open_scenes():
		var root: Node = roots.get(path)
		described.append({
			"scene": path,
			"revision": revisions.of(root) if root != null else revisions.last_of(path),
			"unsaved": root != null and revisions.is_unsaved(root),
			"active": root != null and root == active,
			"changedOnDisk": timestamps.is_overtaken(path),
		})
	return described


## Knows what the file of each open scene was like when the editor last read or wrote it, so that a
## newer one is noticed.
class SceneTimestamps extends RefCounted:
	## By scene path: [instance id of the root that was read, digest of the file].
	var _stamps: Dictionary = {}

	## Takes note of scenes that were opened or reloaded since the last time; to be called often.
	func watch() -> void:
		for root: Node in SceneSessions.open_roots():
			var path := root.get_scene_file_path()
			if not path.is_empty() and (not _stamps.has(path)
					or _stamps[path][0] != root.get_instance_id()):
				_stamps[path] = [root.get_instance_id(), FileAccess.get_md5(path)]

	## The editor has just written the scene's file.
	func mark_saved(path: String) -> void:
		for root: Node in SceneSessions.open_roots():
			if root.get_scene_file_path() == path:
				_stamps[path] = [root.get_instance_id(), FileAccess.get_md5(path)]

	## Whether another program has changed the file of an open scene, or taken it away.
	func is_overtaken(path: String) -> bool:
		watch()
		return _stamps.has(path) and _stamps[path][1] != FileAccess.get_md5(path)
