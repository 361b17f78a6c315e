## Takes a picture of one node of a scene that is edited, with all below it, framed: by a view of its own on the scene's world, so that
## nothing that a person sees in the editor moves.
extends RefCounted

const CommandRequest := preload("../command_request.gd")
const DrawnFrame := preload("../drawn_frame.gd")
const NodeExtent := preload("node_extent.gd")

## Pixels of the longest edge that is drawn; the answer may be smaller.
const SIZE := 1280
## How much of the picture the node takes.
const PART := 0.85
## From where a 3D node is looked at.
const FROM := Vector3(0.6, 0.5, 1.0)

var _node: Node


func _init(node: Node) -> void:
	_node = node


## "2d" or "3d"; empty for a node that cannot be seen.
func kind() -> String:
	if _node is CanvasItem:
		return "2d"
	return "3d" if _node is Node3D else ""


## The picture; null when nothing was drawn.
func take(request: CommandRequest) -> Image:
	var view := SubViewport.new()
	view.render_target_update_mode = SubViewport.UPDATE_ALWAYS
	EditorInterface.get_base_control().add_child(view)
	if _node is CanvasItem:
		_frame_2d(view)
	else:
		_frame_3d(view)
	var image: Image = null
	if await DrawnFrame.wait(request):
		image = view.get_texture().get_image()
	view.queue_free()
	return image


func _frame_2d(view: SubViewport) -> void:
	var item := _node as CanvasItem
	var rect := NodeExtent.rect_of(item)
	view.size = Vector2i((rect.size * (SIZE / maxf(rect.size.x, rect.size.y))).ceil().clampf(1, SIZE))
	var scale := PART * minf(view.size.x / rect.size.x, view.size.y / rect.size.y)
	var frame := Transform2D(0.0, Vector2(scale, scale), 0.0, view.size / 2.0 - rect.get_center() * scale)
	# What stands in a CanvasLayer is drawn on a canvas of its own.
	RenderingServer.viewport_attach_canvas(view.get_viewport_rid(), item.get_canvas())
	RenderingServer.viewport_set_canvas_transform(view.get_viewport_rid(), item.get_canvas(), frame)


func _frame_3d(view: SubViewport) -> void:
	var node := _node as Node3D
	var box := NodeExtent.box_of(node)
	view.size = Vector2i(SIZE, int(SIZE * 0.75))
	view.world_3d = node.get_world_3d()
	var camera := Camera3D.new()
	view.add_child(camera)
	var radius := box.size.length() / 2.0
	var distance := radius / sin(deg_to_rad(camera.fov) / 2.0) / PART
	camera.near = maxf(0.001, distance - radius * 2.0)
	camera.far = maxf(camera.far, distance + radius * 2.0)
	camera.look_at_from_position(box.get_center() + FROM.normalized() * distance, box.get_center())
	camera.make_current()
