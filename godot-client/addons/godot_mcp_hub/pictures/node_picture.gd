## Takes a picture of one node of a scene that is edited, with all below it, framed: by a view of
## its own on the scene's world, so that nothing that a person sees in the editor moves.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const FrameCapture := preload("picture.gd").FrameCapture

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
	if await FrameCapture.wait(request):
		image = view.get_texture().get_image()
	view.queue_free()
	return image


func _frame_2d(view: SubViewport) -> void:
	var canvas := (_node as CanvasItem).get_canvas() if _node is CanvasItem \
			else _node.get_viewport().find_world_2d().canvas
	var rect := NodeExtent.rect_of(_node)
	view.size = Vector2i((rect.size * (SIZE / maxf(rect.size.x, rect.size.y))).ceil().clampf(1,
			SIZE))
	var scale := PART * minf(view.size.x / rect.size.x, view.size.y / rect.size.y)
	var frame := Transform2D(0.0, Vector2(scale, scale), 0.0,
			view.size / 2.0 - rect.get_center() * scale)
	# What stands in a CanvasLayer is drawn on a separate canvas.
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


## Where a node is, with all that is below it: on its canvas, or in the world.
class NodeExtent extends RefCounted:
	## What is meant by a node that has no size: pixels, metres, to each side.
	const SURROUNDINGS_2D := 64.0
	const SURROUNDINGS_3D := 0.5

	## Where a node and its descendants are on their canvas.
	static func rect_of(node: Node) -> Rect2:
		var rect := Rect2()
		for item: CanvasItem in _all_below(node, "CanvasItem"):
			var place := item.get_global_transform() * _own_rect(item)
			if place.has_area():
				rect = rect.merge(place) if rect.has_area() else place
		if rect.has_area():
			return rect
		return Rect2((node as CanvasItem).get_global_transform().origin if node is CanvasItem
				else Vector2.ZERO, Vector2.ZERO).grow(SURROUNDINGS_2D)

	## Asked of the engine's classes: a script's method or property of the same name is not called.
	static func _own_rect(item: CanvasItem) -> Rect2:
		if item is Control:
			return Rect2(Vector2.ZERO, (item as Control).get_size())
		if item is TileMapLayer:
			var layer := item as TileMapLayer
			var size := layer.get_tile_set().get_tile_size() if layer.get_tile_set() != null \
					else Vector2i.ZERO
			return Rect2(layer.get_used_rect().position * size, layer.get_used_rect().size * size)
		if item is CollisionShape2D:
			return (item as CollisionShape2D).get_shape().get_rect() \
					if (item as CollisionShape2D).get_shape() != null else Rect2()
		if item is Sprite2D:
			return (item as Sprite2D).get_rect()
		return _rect_of_points(item)

	static func _rect_of_points(item: CanvasItem) -> Rect2:
		var own := Rect2()
		for property: StringName in [&"polygon", &"points"]:
			var points: Variant = ClassDB.class_get_property(item, property)
			for point: Vector2 in points if points is PackedVector2Array else PackedVector2Array():
				own = Rect2(point, Vector2.ONE) if own == Rect2() else own.expand(point)
		return own

	## Where a node and its descendants are in the world.
	static func box_of(node: Node) -> AABB:
		var box := AABB()
		for each: VisualInstance3D in _all_below(node, "VisualInstance3D"):
			if not each is Light3D:
				var place := each.get_global_transform() * each.get_aabb()
				box = box.merge(place) if box.size != Vector3.ZERO else place
		if box.size != Vector3.ZERO:
			return box
		return AABB((node as Node3D).get_global_position() if node is Node3D else Vector3.ZERO,
				Vector3.ZERO).grow(SURROUNDINGS_3D)

	## The node itself, when it is of that class, and all of the class below it.
	static func _all_below(node: Node, type: String) -> Array[Node]:
		var found := node.find_children("*", type, true, false)
		if node.is_class(type):
			found.append(node)
		return found


## Where a copy of a scene stands while its picture is taken: in a world that nothing else sees, at
## rest.
class PictureStage extends SubViewport:
	const WIDTH := "display/window/size/viewport_width"
	const HEIGHT := "display/window/size/viewport_height"

	## Takes over the copy. The stage is to be put into the tree, and freed.
	static func with(copy: Node) -> PictureStage:
		var stage := PictureStage.new()
		stage.own_world_3d = true
		stage.gui_embed_subwindows = true
		stage.gui_disable_input = true
		stage.process_mode = Node.PROCESS_MODE_DISABLED
		stage.render_target_update_mode = SubViewport.UPDATE_DISABLED
		stage.size = Vector2i(ProjectSettings.get_setting(WIDTH, 1152),
				ProjectSettings.get_setting(HEIGHT, 648))
		stage.add_child(copy)
		if copy.find_children("*", "Light3D", true, false).is_empty():
			stage._light()
		return stage

	## As the editor's own view does where a scene brings no light.
	func _light() -> void:
		var sun := DirectionalLight3D.new()
		sun.rotation_degrees = Vector3(-60.0, 30.0, 0.0)
		add_child(sun)
