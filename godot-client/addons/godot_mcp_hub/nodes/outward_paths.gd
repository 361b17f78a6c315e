## Finds paths of nodes below a node that lead out of its scene: a path to something that is not there does so when its node comes nearer to
## the root.
extends RefCounted

const NodePaths := preload("../values/node_paths.gd")


## How many there are.
static func count(root: Node, node: Node) -> int:
	var found := 0
	for info: Dictionary in node.get_property_list():
		if info["type"] in [TYPE_NODE_PATH, TYPE_ARRAY] and info["usage"] & PROPERTY_USAGE_STORAGE:
			found += _in_value(root, node, node.get(info["name"]))
	if node is AnimationMixer:
		found += _in_tracks(root, node)
	for child: Node in node.get_children():
		found += count(root, child)
	return found


static func _in_value(root: Node, node: Node, value: Variant) -> int:
	if value is Array:
		return (value as Array).filter(func(element: Variant) -> bool: return _in_value(root, node, element) > 0).size()
	return 1 if value is NodePath and NodePaths.leads_out(root, node, value) else 0


static func _in_tracks(root: Node, mixer: AnimationMixer) -> int:
	var base := mixer.get_node_or_null(mixer.root_node)
	var found := 0
	for name: StringName in mixer.get_animation_list():
		var animation := mixer.get_animation(name)
		for track: int in animation.get_track_count():
			found += _in_value(root, base, animation.track_get_path(track))
	return found
