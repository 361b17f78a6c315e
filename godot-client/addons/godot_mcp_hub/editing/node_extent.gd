## Where a node is, with all that is below it: on its canvas, or in the world.
extends RefCounted

## What is meant by a node that has no size: pixels, metres, to each side.
const SURROUNDINGS_2D := 64.0
const SURROUNDINGS_3D := 0.5


## Where a node and what is below it are on their canvas.
static func rect_of(item: CanvasItem) -> Rect2:
	var rect := Rect2()
	for each: Node in [item] + item.find_children("*", "CanvasItem", true, false):
		var place := _own_rect(each as CanvasItem)
		if place.has_area():
			rect = rect.merge(place) if rect.has_area() else place
	return rect if rect.has_area() else Rect2(item.get_global_transform().origin, Vector2.ZERO).grow(SURROUNDINGS_2D)


static func _own_rect(item: CanvasItem) -> Rect2:
	var own := Rect2()
	if item is Control:
		own = Rect2(Vector2.ZERO, (item as Control).size)
	elif item is TileMapLayer:
		var layer := item as TileMapLayer
		var size := layer.tile_set.tile_size if layer.tile_set != null else Vector2i.ZERO
		own = Rect2(layer.get_used_rect().position * size, layer.get_used_rect().size * size)
	elif item is CollisionShape2D and (item as CollisionShape2D).shape != null:
		own = (item as CollisionShape2D).shape.get_rect()
	elif item.has_method(&"get_rect"):
		own = item.call(&"get_rect")
	elif item.get(&"polygon") is PackedVector2Array or item.get(&"points") is PackedVector2Array:
		var points: PackedVector2Array = item.get(&"polygon") if item.get(&"polygon") != null else item.get(&"points")
		for point: Vector2 in points:
			own = Rect2(point, Vector2.ONE) if own == Rect2() else own.expand(point)
	return item.get_global_transform() * own


## Where a node and what is below it are in the world.
static func box_of(node: Node3D) -> AABB:
	var box := AABB()
	for each: Node in [node] + node.find_children("*", "VisualInstance3D", true, false):
		if each is VisualInstance3D and not each is Light3D:
			var place := (each as Node3D).global_transform * (each as VisualInstance3D).get_aabb()
			box = box.merge(place) if box.size != Vector3.ZERO else place
	return box if box.size != Vector3.ZERO else AABB(node.global_position, Vector3.ZERO).grow(SURROUNDINGS_3D)
