## Scene files: made from templates, read and compared without opening, saved elsewhere, closed,
## reloaded, deleted.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const FilePaths := preload("../files/file_paths.gd")
const ProjectFiles := preload("../files/file_scan.gd").ProjectFiles
const SceneComparison := preload("../scenes/scene_file_reader.gd").SceneComparison
const SceneEditor := preload("../scenes/scene_editor.gd")
const SceneFilePage := preload("../scenes/scene_file_reader.gd").SceneFilePage
const SceneFileReader := preload("../scenes/scene_file_reader.gd")
const SceneFiles := preload("../scenes/scene_files.gd")
const SceneSessions := preload("../scenes/scene_sessions.gd")
const SceneTemplates := preload("../scenes/scene_files.gd").SceneTemplates
const SavedSettings := preload("../project/saved_settings.gd")
const UnsavedWork := preload("../scenes/unsaved_work.gd")
const SceneView := preload("../scenes/scene_view.gd")

const MAIN_SCENE := "application/run/main_scene"

var _editor: SceneEditor
var _settings: SavedSettings


func _init(editor: SceneEditor, settings: SavedSettings) -> void:
	_editor = editor
	_settings = settings


func commands() -> Array[Command]:
	return [
		Command.write("scene.create_from_template", _create_from_template, {
			"path": TYPE_STRING, "template": TYPE_STRING, "rootName?": TYPE_STRING}),
		Command.write("scene.save_as", _save_as,
		{"scene?": TYPE_STRING, "path": TYPE_STRING, "force?": TYPE_BOOL}),
		Command.write("scene.save_all", _save_all, {"force?": TYPE_BOOL}),
		Command.write("scene.close", _close, {"scene?": TYPE_STRING, "discard?": TYPE_BOOL}),
		Command.write("scene.reload", _reload, {"scene?": TYPE_STRING, "discard?": TYPE_BOOL}),
		Command.write("scene.delete", _delete, {"path": TYPE_STRING, "confirm?": TYPE_BOOL}),
		Command.read("scene.read_file", _read_file, {
			"path": TYPE_STRING, "sections?": TYPE_ARRAY, "node?": TYPE_STRING, "depth?": TYPE_INT,
			"limit?": TYPE_INT, "cursor?": TYPE_STRING}),
		Command.read("scene.compare", _compare, {"scene?": TYPE_STRING, "other?": TYPE_STRING}),
		Command.write("scene.set_main", _set_main, {"path": TYPE_STRING}),
	]


func _create_from_template(request: CommandRequest) -> CommandResult:
	if not SceneTemplates.TEMPLATES.has(request.text("template")):
		return CommandResult.failed("INVALID_PARAMS",
				"There is no template '%s'." % request.text("template"),
				"Templates: %s." % ", ".join(SceneTemplates.names()))
	var root := SceneTemplates.build(request.text("template"))
	var result := await SceneFiles.write_new(root, request.text("rootName", root.name), request)
	root.free()
	return result if result.is_failure() else await _editor.show(request, result.value["path"])


func _save_as(request: CommandRequest) -> CommandResult:
	var free_path := SceneFiles.free_path(request.text("path"))
	if free_path.is_error():
		return free_path.error
	var path: String = free_path.value
	var view := await _editor.scenes.for_writing(request)
	if view.is_error():
		return view.error
	var failure := _editor.save_as(view, path, request.flag("force", false))
	if failure != null:
		return failure
	await ProjectFiles.announce(path, request)
	_editor.scenes.make_current(request.client_id, path)
	return CommandResult.succeeded({"scene": path, "revision": _editor.revisions.of(view.root),
			"from": view.path})


## Saves every scene with unsaved changes; those that another session holds, or whose file was
## changed by another program, are left and named.
func _save_all(request: CommandRequest) -> CommandResult:
	return CommandResult.succeeded(await UnsavedWork.new(_editor).save(UnsavedWork.ALL,
			request.flag("force", false), request))


func _close(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_writing(request)
	if view.is_error():
		return view.error
	var refusal := _unsaved(view, request)
	if refusal != null:
		return refusal
	if not EditorInterface.has_method("close_scene"):
		return CommandResult.failed("INVALID_REQUEST",
				"This Godot cannot close a scene by itself; 4.5 and later can.",
				"Close the tab by hand.")
	var failure := await _editor.close(view.path, request)
	return failure if failure != null \
			else CommandResult.succeeded({"scene": view.path, "closed": true})


func _reload(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_writing(request)
	if view.is_error():
		return view.error
	var refusal := _unsaved(view, request)
	if refusal != null:
		return refusal
	view = await _editor.reload(view.path, request)
	return view.error if view.is_error() else CommandResult.succeeded(view.describe({}))


func _unsaved(view: SceneView, request: CommandRequest) -> CommandResult:
	if request.flag("discard", false) or not _editor.revisions.is_unsaved(view.root):
		return null
	return CommandResult.failed("CONFLICT", "%s has unsaved changes." % view.path,
			"Save it with scene.save, or give discard:true to lose them.")


func _delete(request: CommandRequest) -> CommandResult:
	var found := SceneFiles.existing(request.text("path"))
	if found.is_error():
		return found.error
	var path: String = found.value
	var guarded := FilePaths.guard(path)
	if guarded != null:
		return guarded
	if not request.flag("confirm", false):
		return CommandResult.failed("INVALID_PARAMS",
				"%s would be deleted, which cannot be undone." % path, "Say so with confirm:true.")
	if FilePaths.resolve(ProjectSettings.get_setting(MAIN_SCENE, "")).value == path:
		return CommandResult.failed("CONFLICT", "%s is the project's main scene." % path,
				"Make another one the main scene first, with scene.set_main.")
	if EditorInterface.get_open_scenes().has(path):
		var failure := await _editor.close(path, request)
		if failure != null:
			return failure
	var error := DirAccess.remove_absolute(path)
	if error != OK:
		return CommandResult.failed("INTERNAL_ERROR",
				"%s cannot be deleted: %s." % [path, error_string(error)])
	EditorInterface.get_resource_filesystem().update_file(path)
	return CommandResult.succeeded({"path": path, "deleted": true})


func _read_file(request: CommandRequest) -> CommandResult:
	var found := SceneFiles.state_of_file(request.text("path"))
	if found.is_error():
		return found.error
	for section: Variant in request.params.get("sections", []):
		if not SceneFilePage.SECTIONS.has(section):
			return CommandResult.failed("INVALID_PARAMS",
					"'sections' may have %s." % ", ".join(
					PackedStringArray(SceneFilePage.SECTIONS)))
	if request.place() < 0:
		return request.not_a_cursor()
	return SceneFilePage.new(found.value["state"], found.value["path"], request).read()


## Without `other`: the open scene with its file.
func _compare(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_trying(request)
	if view.is_error():
		return view.error
	var packed := DormantFiles.pack(view.root)
	var described := SceneFileReader.describe(packed.get_state())
	view.release()
	var other := SceneFiles.state_of_file(request.text("other", view.path))
	if other.is_error():
		return other.error
	var difference := SceneComparison.compare(SceneFileReader.describe(other.value["state"]),
			described)
	difference["other"] = other.value["path"]
	return CommandResult.succeeded(view.describe(difference))


func _set_main(request: CommandRequest) -> CommandResult:
	var found := SceneFiles.existing(request.text("path"))
	if found.is_error():
		return found.error
	var previous: Variant = FilePaths.resolve(ProjectSettings.get_setting(MAIN_SCENE, "")).value
	var failure := _settings.store({MAIN_SCENE: found.value})
	if failure != null:
		return failure
	return CommandResult.succeeded({"path": found.value, "previous": previous})
