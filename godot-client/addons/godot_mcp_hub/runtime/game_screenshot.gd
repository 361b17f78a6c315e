## Takes pictures of the running game: of its window, of a part of it, or of several moments in one.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FrameCapture := preload("../pictures/picture.gd").FrameCapture
const GameClock := preload("frame_gate.gd").GameClock
const GameNodes := preload("game_nodes.gd")
const NodeExtent := preload("../pictures/node_picture.gd").NodeExtent
const Picture := preload("../pictures/picture.gd")

const MOST_MOMENTS := 16
const DEFAULT_GAP := 10
const MOST_GAP := 3600
## What is shown around a node that has no size.
const SURROUNDINGS := 128.0

var _tree: SceneTree
var _request: CommandRequest


func _init(tree: SceneTree, request: CommandRequest) -> void:
	_tree = tree
	_request = request


func run(clock: GameClock) -> CommandResult:
	var refusal := _refusal()
	if refusal != null:
		return refusal
	var images: Array[Image] = []
	for moment: int in _request.number("moments", 1):
		if moment > 0:
			for frame: int in _request.number("every", DEFAULT_GAP):
				await clock.gate.turned
		if clock.gate.is_held():
			await clock.gate.await_picture()
		elif not await FrameCapture.wait(_request):
			return _request.cancelled() if _request.is_cancelled \
					else CommandResult.failed("TIMEOUT",
					"The game draws nothing: is its window minimised?").with("dispatched", true)
		var image := _cut(_tree.root.get_texture().get_image())
		if image == null:
			return CommandResult.failed("NOT_FOUND",
					"'%s' is not in the picture." % _request.text("path"))
		images.append(image)
	var picture := images[0] if images.size() == 1 else Picture.sheet(images)
	return CommandResult.succeeded(clock.stamp(Picture.describe(picture, _request)))


func _refusal() -> CommandResult:
	if DisplayServer.get_name() == "headless":
		return Picture.no_pixels("This game")
	var moments := _request.number("moments", 1)
	var gap := _request.number("every", DEFAULT_GAP)
	if moments < 1 or moments > MOST_MOMENTS or gap < 1 or gap > MOST_GAP:
		return CommandResult.failed("INVALID_PARAMS",
				"'moments' must be between 1 and %d, and 'every' between 1 and %d."
				% [MOST_MOMENTS, MOST_GAP])
	if _request.has("path"):
		var node := GameNodes.find(_tree.root, _request.text("path"))
		if node == null:
			return GameNodes.not_found(_tree.root, _request.text("path"))
		if not node is CanvasItem and not node is Node3D:
			return CommandResult.failed("INVALID_PARAMS",
					"'%s' is nothing that can be seen: a %s."
					% [_request.text("path"), node.get_class()], "Leave 'path' out.")
	return Picture.refusal(_request)


## The part of the picture that shows the node; all of it when none is named, null when it is
## outside.
func _cut(image: Image) -> Image:
	var node := GameNodes.find(_tree.root, _request.text("path")) if _request.has("path") else null
	if node == null:
		return image
	var place := _rect_of(node as CanvasItem) if node is CanvasItem \
			else _projection_of(node as Node3D)
	var part := Rect2i(_tree.root.get_final_transform() * place) \
			.intersection(Rect2i(Vector2i.ZERO, image.get_size()))
	return image.get_region(part) if part.has_area() else null


static func _rect_of(item: CanvasItem) -> Rect2:
	if item is Control:
		return GameNodes.screen_rect(item)
	var center := item.get_global_transform_with_canvas().origin
	if item.has_method(&"get_rect"):
		return item.get_global_transform_with_canvas() * (item.call(&"get_rect") as Rect2)
	return Rect2(center, Vector2.ZERO).grow(SURROUNDINGS)


## Where the camera shows the box around a node; empty when it is behind the camera, or none looks.
static func _projection_of(node: Node3D) -> Rect2:
	var camera := node.get_viewport().get_camera_3d()
	var box := NodeExtent.box_of(node)
	var rect := Rect2()
	for corner: int in 8:
		var point := box.get_endpoint(corner)
		if camera == null or camera.is_position_behind(point):
			return Rect2()
		var seen := camera.unproject_position(point)
		rect = Rect2(seen, Vector2.ZERO) if corner == 0 else rect.expand(seen)
	return rect
