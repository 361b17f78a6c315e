## Pictures of the editor.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FrameCapture := preload("../pictures/picture.gd").FrameCapture
const NodePaths := preload("../values/node_paths.gd")
const NodePicture := preload("../pictures/node_picture.gd")
const Picture := preload("../pictures/picture.gd")
const PictureStage := preload("../pictures/node_picture.gd").PictureStage
const SceneEditor := preload("../scenes/scene_editor.gd")

const VIEWS: Array[String] = ["window", "2d", "3d"]

var _editor: SceneEditor


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.write("editor.screenshot", _screenshot, {
			"view?": TYPE_STRING, "scene?": TYPE_STRING, "path?": TYPE_STRING, "maxSize?": TYPE_INT,
			"format?": TYPE_STRING}).that_takes_long(),
	]


func _screenshot(request: CommandRequest) -> CommandResult:
	var view := request.text("view", "window")
	if not VIEWS.has(view):
		return CommandResult.failed("INVALID_PARAMS",
				"'view' must be one of %s." % ", ".join(PackedStringArray(VIEWS)))
	var refusal := Picture.refusal(request)
	if refusal != null:
		return refusal
	if DisplayServer.get_name() == "headless":
		return Picture.no_pixels("This editor")
	if request.has("scene") or request.has("path"):
		var wanted := _editor.scenes.meant(request)
		if wanted.is_error():
			return wanted.error
		if wanted.root == null or wanted.root != EditorInterface.get_edited_scene_root():
			return await _copy_screenshot(request)
		if request.has("path"):
			return await _node_screenshot(request, wanted.root)
	if view != "window":
		EditorInterface.set_main_screen_editor(view.to_upper())
	if not await FrameCapture.wait(request):
		return _nothing_drawn(request)
	var answer := Picture.describe(_viewport_of(view).get_texture().get_image(), request)
	answer["view"] = view
	return CommandResult.succeeded(answer)


## A scene that is not shown, or one node of it: a copy is drawn, since opening it would run its
## tool scripts.
func _copy_screenshot(request: CommandRequest) -> CommandResult:
	if request.text("view") == VIEWS[0]:
		return CommandResult.failed("INVALID_PARAMS",
				"The window does not show %s." % request.text("scene"),
				"scene.open shows it; without 'view' the picture is one of the scene alone.")
	var view := await _editor.scenes.for_trying(request)
	if view.is_error():
		return view.error
	var stage := PictureStage.with(view.root)
	EditorInterface.get_base_control().add_child(stage)
	# Containers place what is in them when a frame ends.
	await request.let_frame_pass()
	await request.let_frame_pass()
	var answer := await _node_screenshot(request, view.root)
	stage.free()
	return answer


## One node of a scene, or the scene, framed.
func _node_screenshot(request: CommandRequest, root: Node) -> CommandResult:
	var named := request.text("path", ".")
	var node := NodePaths.find(root, named)
	if node == null:
		return NodePaths.not_found(root, named)
	var kind := NodePicture.kind_of(node) if request.has("path") \
			else request.text("view", NodePicture.kind_of_scene(root))
	if kind.is_empty() or request.text("view", kind) != kind:
		return CommandResult.failed("INVALID_PARAMS",
				"'%s' is a %s: it is %s." % [named, node.get_class(),
				"nothing that can be seen" if kind.is_empty() \
				else "seen in the view \"%s\"" % kind])
	var path := NodePaths.path_of(root, node)
	var image := await NodePicture.new(node, kind).take(request)
	if image == null:
		return _nothing_drawn(request)
	var answer := Picture.describe(image, request)
	answer.merge({"view": kind, "path": path})
	return CommandResult.succeeded(answer)


static func _nothing_drawn(request: CommandRequest) -> CommandResult:
	if request.is_cancelled:
		return request.cancelled()
	return CommandResult.failed("TIMEOUT", "The editor draws nothing: is its window minimised?") \
			.with("dispatched", true)


static func _viewport_of(view: String) -> Viewport:
	match view:
		"2d": return EditorInterface.get_editor_viewport_2d()
		"3d": return EditorInterface.get_editor_viewport_3d()
	return EditorInterface.get_base_control().get_viewport()
