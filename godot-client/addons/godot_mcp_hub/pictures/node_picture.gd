## Takes a picture of one node of a scene that is edited, with all below it, framed: by a view of its own on the scene's world, so that
## nothing that a person sees in the editor moves.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const DrawnFrame := preload("drawn_frame.gd")
const NodeExtent := preload("node_extent.gd")

## Pixels of the longest edge that is drawn; the answer may be smaller.
const SIZE := 1280
## How much of the picture the node takes.
const PART := 0.85
## From where a 3D node is looked at.
const FROM := Vector3(0.6, 0.5, 1.0)

const IN_2D := "2d"
const IN_3D := "3d"

var _node: Node
var _kind: String


func _init(node: Node, kind: String) -> void:
	_node = node
	_kind = kind


## As what a node is seen; empty for one that cannot be seen.
static func kind_of(node: Node) -> String:
	if node is CanvasItem:
		return IN_2D
	return IN_3D if node is Node3D else ""


## As what a scene is seen whose root may be none that is seen itself.
static func kind_of_scene(root: Node) -> String:
	var kind := kind_of(root)
	return kind if not kind.is_empty() else IN_2D \
			if root.find_children("*", "VisualInstance3D", true, false).is_empty() else IN_3D


## The picture; null when nothing was drawn.
func take(request: CommandRequest) -> Image:
	var view := SubViewport.new()
	view.render_target_update_mode = SubViewport.UPDATE_ALWAYS
	EditorInterface.get_base_control().add_child(view)
	if _kind == IN_2D:
		_frame_2d(view)
	else:
		_frame_3d(view)
	var image: Image = null
	if await DrawnFrame.wait(request):
		image = view.get_texture().get_image()
	view.queue_free()
	return image


func _frame_2d(view: SubViewport) -> void:
	var canvas := (_node as CanvasItem).get_canvas() if _node is CanvasItem \
			else _node.get_viewport().find_world_2d().canvas
	var rect := NodeExtent.rect_of(_node)
	view.size = Vector2i((rect.size * (SIZE / maxf(rect.size.x, rect.size.y))).ceil().clampf(1, SIZE))
	var scale := PART * minf(view.size.x / rect.size.x, view.size.y / rect.size.y)
	var frame := Transform2D(0.0, Vector2(scale, scale), 0.0, view.size / 2.0 - rect.get_center() * scale)
	# What stands in a CanvasLayer is drawn on a canvas of its own.
	RenderingServer.viewport_attach_canvas(view.get_viewport_rid(), canvas)
	RenderingServer.viewport_set_canvas_transform(view.get_viewport_rid(), canvas, frame)


func _frame_3d(view: SubViewport) -> void:
	var box := NodeExtent.box_of(_node)
	view.size = Vector2i(SIZE, int(SIZE * 0.75))
	view.world_3d = _node.get_viewport().find_world_3d()
	var camera := Camera3D.new()
	view.add_child(camera)
	var radius := box.size.length() / 2.0
	var distance := radius / sin(deg_to_rad(camera.fov) / 2.0) / PART
	camera.near = maxf(0.001, distance - radius * 2.0)
	camera.far = maxf(camera.far, distance + radius * 2.0)
	camera.look_at_from_position(box.get_center() + FROM.normalized() * distance, box.get_center())
	camera.make_current()
