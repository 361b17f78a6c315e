## Lists the paths of nodes that a node holds, each with the node that the engine resolves it from.
##
## That is the node itself, but for those below. A ViewportTexture's path is resolved from the
## scene's root, wherever it is held.
extends RefCounted

## [class, property that holds paths, itself or in a resource, property that leads to what they are
## resolved from; empty for the node itself].
const ELSEWHERE: Array[Array] = [
	["AnimationMixer", "root_motion_track", "root_node"],
	["MultiplayerSynchronizer", "replication_config", "root_path"],
	["Polygon2D", "bones", "skeleton"],
	["Skeleton2D", "modification_stack", ""],
	["LightmapGI", "light_data", ""],
]
const DEPTH_LIMIT := 8


## Entries [object, its setter, the setter's arguments before the path, path, node that it is
## relative to]. The setter is empty for a path that cannot be set alone, as within an array, the
## node null where there is none.
static func of(node: Node) -> Array[Array]:
	var found := elsewhere(node)
	var known := found.map(func(entry: Array) -> String: return entry[2][0])
	for info: Dictionary in node.get_property_list():
		var name: String = info["name"]
		if info["type"] in [TYPE_NODE_PATH, TYPE_ARRAY, TYPE_DICTIONARY] \
				and info["usage"] & PROPERTY_USAGE_STORAGE and not known.has(name):
			_add(found, node, name, node.get(name), node, 0)
	if node is AnimationMixer:
		_add_tracks(found, node)
	return found


## The same of what is resolved from elsewhere or held in a resource, but for the tracks of a mixer.
static func elsewhere(node: Node) -> Array[Array]:
	var found: Array[Array] = []
	for entry: Array in ELSEWHERE:
		if not node.is_class(entry[0]):
			continue
		var name: String = entry[1]
		var value: Variant = node.get(name)
		var base := base_of(node, name)
		if value is Resource:
			_add_resource(found, value, base, 0)
		elif value is Array:
			# A polygon tells the paths of its bones as texts.
			for part: Variant in value:
				if part is String:
					found.append([node, &"", [name], NodePath(part), base])
		else:
			_add(found, node, name, value, base, 0)
	return found


## The node that paths in a property are relative to; null when there is none.
static func base_of(node: Node, property: String) -> Node:
	for entry: Array in ELSEWHERE:
		if entry[1] == property and entry[2] != "" and node.is_class(entry[0]):
			return node.get_node_or_null(node.get(entry[2]))
	return node


## Whether a path is relative to what another property of `node` leads to: which node that is shows
## when all properties of a call are set. `resource` is the one that has the property; null for a
## property of the node.
static func is_from_other(node: Node, resource: Resource, property: String) -> bool:
	if resource is Animation:
		return node is AnimationMixer
	if resource != null:
		return resource.is_class("SceneReplicationConfig") \
				and node.is_class("MultiplayerSynchronizer")
	return ELSEWHERE.any(func(entry: Array) -> bool:
		return entry[1] == property and entry[2] != "" and node.is_class(entry[0]))


## Nodes outside of `branch` that hold paths which are relative to a node within it.
static func leaning_on(root: Node, branch: Node) -> Array[Node]:
	var found: Array[Node] = []
	for entry: Array in ELSEWHERE:
		for node: Node in root.find_children("*", entry[0], true,
				false) if entry[2] != "" else [] as Array[Node]:
			var base := node.get_node_or_null(node.get(entry[2]))
			if base != null and (base == branch or branch.is_ancestor_of(base)) and node != branch \
					and not branch.is_ancestor_of(node):
				found.append(node)
	return found


static func _add(found: Array[Array], object: Object, name: String, value: Variant, base: Node,
		depth: int) -> void:
	if value is NodePath:
		if not (value as NodePath).is_empty():
			found.append([object, &"set" if depth == 0 else &"", [name], value, base])
	elif value is Array or value is Dictionary and depth < DEPTH_LIMIT:
		for element: Variant in value if value is Array else (value as Dictionary).values():
			if element is NodePath or element is Array or element is Dictionary:
				_add(found, object, name, element, base, depth + 1)


static func _add_resource(found: Array[Array], resource: Resource, base: Node, depth: int) -> void:
	for info: Dictionary in resource.get_property_list():
		var name: String = info["name"]
		if not info["usage"] & PROPERTY_USAGE_STORAGE \
				or not info["type"] in [TYPE_NODE_PATH, TYPE_STRING, TYPE_ARRAY, TYPE_OBJECT]:
			continue
		var value: Variant = resource.get(name)
		if value is Resource and not value is Script and depth < DEPTH_LIMIT:
			_add_resource(found, value, base, depth + 1)
		elif not value is String:
			# A replication config does not change a path that it has.
			_add(found, resource, name, value, base,
					0 if resource.is_class("SkeletonModification2D") else 1)


static func _add_tracks(found: Array[Array], mixer: AnimationMixer) -> void:
	var base := mixer.get_node_or_null(mixer.root_node)
	for name: StringName in mixer.get_animation_list():
		var animation := mixer.get_animation(name)
		for track: int in animation.get_track_count():
			found.append([animation, &"track_set_path", [track], animation.track_get_path(track),
					base])
