## Pictures of the editor.
extends RefCounted

const Command := preload("../command.gd")
const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const DrawnFrame := preload("../drawn_frame.gd")
const NodePaths := preload("../editing/node_paths.gd")
const NodePicture := preload("../editing/node_picture.gd")
const Picture := preload("../picture.gd")
const SceneEditor := preload("../editing/scene_editor.gd")

const VIEWS: Array[String] = ["window", "2d", "3d"]

var _editor: SceneEditor


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.write("editor.screenshot", _screenshot, {
			"view?": TYPE_STRING, "scene?": TYPE_STRING, "path?": TYPE_STRING, "maxSize?": TYPE_INT, "format?": TYPE_STRING}).that_takes_long(),
	]


func _screenshot(request: CommandRequest) -> CommandResult:
	var view := request.text("view", "window")
	if not VIEWS.has(view):
		return CommandResult.failed("INVALID_PARAMS", "'view' must be one of %s." % ", ".join(PackedStringArray(VIEWS)))
	var refusal := Picture.refusal(request)
	if refusal != null:
		return refusal
	if DisplayServer.get_name() == "headless":
		return Picture.no_pixels("This editor")
	if request.has("scene"):
		var shown := await _editor.scenes.for_writing(request)
		if shown.failure != null:
			return shown.failure
	if request.has("path"):
		return await _node_screenshot(request)
	if view != "window":
		EditorInterface.set_main_screen_editor(view.to_upper())
	if not await DrawnFrame.wait(request):
		return _nothing_drawn(request)
	var answer := Picture.describe(_viewport_of(view).get_texture().get_image(), request)
	answer["view"] = view
	return CommandResult.succeeded(answer)


## One node of the scene that is shown, framed.
func _node_screenshot(request: CommandRequest) -> CommandResult:
	var root := EditorInterface.get_edited_scene_root()
	if root == null:
		return CommandResult.failed("NO_SCENE_OPEN", "No scene is shown.", "Name one with 'scene'.")
	var node := NodePaths.find(root, request.text("path"))
	if node == null:
		return NodePaths.not_found(root, request.text("path"))
	var picture := NodePicture.new(node)
	if picture.kind().is_empty() or request.text("view", picture.kind()) != picture.kind():
		return CommandResult.failed("INVALID_PARAMS", "'%s' is a %s: it is %s." % [request.text("path"), node.get_class(),
				"nothing that can be seen" if picture.kind().is_empty() else "seen in the view \"%s\"" % picture.kind()])
	var path := NodePaths.path_of(root, node)
	var image := await picture.take(request)
	if image == null:
		return _nothing_drawn(request)
	var answer := Picture.describe(image, request)
	answer.merge({"view": picture.kind(), "path": path})
	return CommandResult.succeeded(answer)


static func _nothing_drawn(request: CommandRequest) -> CommandResult:
	if request.is_cancelled:
		return request.cancelled()
	return CommandResult.failed("TIMEOUT", "The editor draws nothing: is its window minimised?").with("dispatched", true)


static func _viewport_of(view: String) -> Viewport:
	match view:
		"2d": return EditorInterface.get_editor_viewport_2d()
		"3d": return EditorInterface.get_editor_viewport_3d()
	return EditorInterface.get_base_control().get_viewport()
