## Pictures of the editor.
extends RefCounted

const Command := preload("../command.gd")
const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const DrawnFrame := preload("../drawn_frame.gd")
const Picture := preload("../picture.gd")
const SceneEditor := preload("../editing/scene_editor.gd")

const VIEWS: Array[String] = ["window", "2d", "3d"]

var _editor: SceneEditor


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.write("editor.screenshot", _screenshot, {
			"view?": TYPE_STRING, "scene?": TYPE_STRING, "maxSize?": TYPE_INT, "format?": TYPE_STRING}).that_takes_long(),
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
	if view != "window":
		EditorInterface.set_main_screen_editor(view.to_upper())
	# An editor in which nothing happens draws nothing.
	EditorInterface.get_base_control().queue_redraw()
	var redraw := EditorInterface.get_base_control().get_tree().process_frame
	redraw.connect(EditorInterface.get_base_control().queue_redraw)
	var has_drawn := await DrawnFrame.wait(request)
	redraw.disconnect(EditorInterface.get_base_control().queue_redraw)
	if not has_drawn:
		return request.cancelled() if request.is_cancelled else CommandResult.failed("TIMEOUT", "The editor draws nothing: is its window minimised?").with("dispatched", true)
	var answer := Picture.describe(_viewport_of(view).get_texture().get_image(), request)
	answer["view"] = view
	return CommandResult.succeeded(answer)


static func _viewport_of(view: String) -> Viewport:
	match view:
		"2d": return EditorInterface.get_editor_viewport_2d()
		"3d": return EditorInterface.get_editor_viewport_3d()
	return EditorInterface.get_base_control().get_viewport()
