## The changes of all sessions that are in no file yet: whose they are, which of them a command may
## save, and which it must not lose.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const OpenScripts := preload("../scripts/open_scripts.gd")
const SceneEditor := preload("scene_editor.gd")

const NONE := "none"
const OWN := "own"
const ALL := "all"
const KINDS: Array[String] = [NONE, OWN, ALL]

var _editor: SceneEditor


func _init(editor: SceneEditor) -> void:
	_editor = editor


## Open scenes with unsaved changes.
func scenes() -> Array[String]:
	var unsaved: Array[String] = []
	for described: Dictionary in _editor.describe_open_scenes():
		if described["unsaved"]:
			unsaved.append(described["scene"])
	return unsaved


## Saves what `which` (NONE, OWN, ALL) means: {saved: [scene], skipped: [{scene, kind, message}]}.
## To be awaited.
func save(which: String, force: bool, request: CommandRequest) -> Dictionary:
	var saved: Array[String] = []
	var skipped: Array[Dictionary] = []
	for scene: String in scenes():
		var failure := await _save_one(scene, which, force, request)
		if failure == null:
			saved.append(scene)
		else:
			skipped.append({"scene": scene, "kind": failure.kind, "message": failure.message})
	return {"saved": saved, "skipped": skipped}


## Null when only the request's own unsaved changes, or none, would be lost with the editor.
## `to_lose_them` is the param that loses them all the same.
func refusal_of_loss(request: CommandRequest, to_lose_them: String) -> CommandResult:
	var of_others: Array[String] = []
	for scene: String in scenes():
		var held := request.leases.refusal_of_file(scene)
		if held != null:
			return held
		if not _editor.is_own_work(scene, request.client_id):
			of_others.append(scene)
	var lost := of_others + OpenScripts.unsaved()
	return null if lost.is_empty() else CommandResult.failed("CONFLICT",
			"Unsaved changes of others would be lost: %s." % ", ".join(PackedStringArray(lost)),
			"Save them (scene.save_all; scripts at the editor), or say %s to lose them."
			% to_lose_them).with("unsaved", lost)


func _save_one(scene: String, which: String, force: bool, request: CommandRequest) -> CommandResult:
	if which == NONE:
		return CommandResult.failed("CONFLICT", "It has unsaved changes, and save is \"none\".")
	var held := request.leases.refusal_of_file(scene)
	if held != null:
		return held
	if which == OWN and not _editor.is_own_work(scene, request.client_id):
		return CommandResult.failed("CONFLICT", "It has unsaved changes of others.",
				"Save it with scene.save, or play with save:\"all\".")
	var view := await _editor.scenes.activate(scene, request)
	if view.is_error():
		return view.error
	return _editor.save(view, force)
