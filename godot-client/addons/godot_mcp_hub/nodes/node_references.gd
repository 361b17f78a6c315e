## Lets node paths follow a node that is renamed or moved: properties that hold paths, and animation tracks.
extends RefCounted

const HeldPaths := preload("../values/held_paths.gd")
const NodePaths := preload("../values/node_paths.gd")
const SceneChange := preload("../undo/scene_change.gd")

var _root: Node
## Entries: [object, setter, arguments before the path, old path, node that it is relative to, node that it points to].
var _references: Array[Array] = []


## Notes what every path in the scene points to; to be called before the change.
func _init(root: Node) -> void:
	_root = root
	for node: Node in NodePaths.all_nodes(root):
		for held: Array in HeldPaths.of(node):
			_note(held)


## Corrects the paths that no longer point to the same node; to be called after the change.
func follow(change: SceneChange) -> void:
	for noted: Array in _references:
		var old: NodePath = noted[3]
		var base: Node = noted[4]
		var target: Node = noted[5]
		if not _root.is_ancestor_of(target) and target != _root or base.get_node_or_null(_names_of(old)) == target:
			continue
		var corrected := NodePath(_new_names(base, target, old) + _subnames_of(old))
		var args: Array = noted[2]
		change.run(noted[0], noted[1], args + [corrected], noted[1], args + [old])


func _note(held: Array) -> void:
	var path: NodePath = held[3]
	var base: Node = held[4]
	# Where the path is a part of a container, that would have to be set as a whole.
	if base == null or path.is_absolute() or held[1] == &"":
		return
	var target := base.get_node_or_null(_names_of(path))
	if target != null:
		_references.append(held + [target])


static func _new_names(base: Node, target: Node, old: NodePath) -> String:
	if old.get_name_count() == 1 and String(old.get_name(0)).begins_with("%") and target.unique_name_in_owner:
		return "%" + target.name
	return String(base.get_path_to(target))


static func _names_of(path: NodePath) -> NodePath:
	return NodePath(path.get_concatenated_names())


static func _subnames_of(path: NodePath) -> String:
	var subnames := String(path.get_concatenated_subnames())
	return "" if subnames.is_empty() else ":" + subnames
