## Where a node is, with all that is below it: on its canvas, or in the world.
extends RefCounted

## What is meant by a node that has no size: pixels, metres, to each side.
const SURROUNDINGS_2D := 64.0
const SURROUNDINGS_3D := 0.5


## Where a node and what is below it are on their canvas.
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


## Where a node and what is below it are in the world.
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
