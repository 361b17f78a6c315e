## Several changes of one scene as one: all of them, as one undo step, or none.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const EditOperations := preload("../nodes/edit_operations.gd")
const SceneEditor := preload("../scenes/scene_editor.gd")

var _editor: SceneEditor
var _operations := EditOperations.new()


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.write("edit.batch", _batch, {
			"scene?": TYPE_STRING, "operations": TYPE_ARRAY, "label?": TYPE_STRING,
			"ifRevision?": TYPE_INT}),
		Command.read("edit.preview", _preview,
		{"scene?": TYPE_STRING, "operations": TYPE_ARRAY, "ifRevision?": TYPE_INT}),
	]


func _batch(request: CommandRequest) -> CommandResult:
	var operations: Array = request.params["operations"]
	var refusal := EditOperations.refusal(operations)
	if refusal != null:
		return refusal
	return await _editor.change(request,
			request.text("label", "1 edit" if operations.size() == 1
			else "%d edits" % operations.size()), _operations.run_all)


func _preview(request: CommandRequest) -> CommandResult:
	var refusal := EditOperations.refusal(request.params["operations"])
	return refusal if refusal != null else await _editor.preview(request, _operations.run_all)
