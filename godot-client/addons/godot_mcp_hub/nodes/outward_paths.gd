## Finds paths of nodes that lead out of their scene: a path to something that is not there does so when its node comes nearer to the root.
extends RefCounted

const HeldPaths := preload("../values/held_paths.gd")
const NodePaths := preload("../values/node_paths.gd")


## How many there are of a node and what is below it.
static func count_below(root: Node, node: Node) -> int:
	var found := _of(root, HeldPaths.of(node))
	for child: Node in node.get_children():
		found += count_below(root, child)
	return found


## The same, and of nodes elsewhere with paths that are relative to one of these.
static func count(root: Node, node: Node) -> int:
	var found := count_below(root, node)
	for other: Node in HeldPaths.leaning_on(root, node):
		found += _of(root, HeldPaths.of(other))
	return found


## How many of those there are that a node holds for the engine to resolve them from elsewhere, but for the tracks of a mixer.
static func count_elsewhere(root: Node, node: Node) -> int:
	return _of(root, HeldPaths.elsewhere(node))


static func _of(root: Node, held: Array[Array]) -> int:
	return held.filter(func(entry: Array) -> bool: return NodePaths.leads_out(root, entry[4], entry[3])).size()
