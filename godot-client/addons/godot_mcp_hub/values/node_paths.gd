## Names nodes by their path from the scene's root, and finds them again.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const NearNames := preload("../texts/near_names.gd")

## What the scene of the root with this instance id inherits: of the last one that was asked for,
## since finding out reads the file.
static var _base_of: int = 0
static var _base: SceneState = null


static func path_of(root: Node, node: Node) -> String:
	return "." if node == root else String(root.get_path_to(node))


## The node at `path`, or null when there is none inside of the scene.
static func find(root: Node, path: String) -> Node:
	if path.is_empty() or path.begins_with("/") or path.contains(":"):
		return null
	var node := root.get_node_or_null(path)
	return node if node == root or (node != null and root.is_ancestor_of(node)) else null


## Whether a path that is relative to `base`, a node of the scene, or to its root, could lead out of
## the scene.
static func leads_out(root: Node, base: Node, path: NodePath) -> bool:
	if path.is_absolute():
		return true
	var depth := 0
	if base != null and base != root:
		if not root.is_ancestor_of(base):
			return true
		depth = root.get_path_to(base).get_name_count()
	for index: int in path.get_name_count():
		var name := String(path.get_name(index))
		if name == "..":
			depth -= 1
		elif name != ".":
			# A unique name stands for a path from the owner down.
			depth = 1 if name.begins_with("%") else depth + 1
		if depth < 0:
			return true
	return false


static func not_found(root: Node, path: String) -> CommandResult:
	var candidates := NearNames.of(path, all_paths(root))
	return CommandResult.failed("NOT_FOUND", "No node '%s' in %s." % [path, scene_name(root)],
			NearNames.question(candidates) if not candidates.is_empty()
			else "scene.get_tree shows what there is; the root is '.'.", candidates)


static func scene_name(root: Node) -> String:
	return root.get_scene_file_path() if not root.get_scene_file_path().is_empty() \
			else "the unsaved scene '%s'" % root.get_name()


## Paths of every node that belongs to the scene.
static func all_paths(root: Node) -> Array[String]:
	var paths: Array[String] = []
	for node: Node in all_nodes(root):
		paths.append(path_of(root, node))
	return paths


## Every node that the scene's file stands for, parents first.
static func all_nodes(root: Node) -> Array[Node]:
	var nodes: Array[Node] = []
	var waiting: Array[Node] = [root]
	while not waiting.is_empty():
		var node: Node = waiting.pop_back()
		nodes.append(node)
		var children := node.get_children()
		children.reverse()
		for child: Node in children:
			if belongs_to_scene(root, child):
				waiting.append(child)
	return nodes


## Whether the editor shows the node in this scene: its own ones, and those of an instance with
## editable children.
static func belongs_to_scene(root: Node, node: Node) -> bool:
	if node == root or node.get_owner() == root:
		return true
	return node.get_owner() != null and root.is_ancestor_of(node.get_owner()) \
			and root.is_editable_instance(node.get_owner())


## Null when the node's values are saved in this scene; otherwise why not.
static func unchangeable(root: Node, node: Node) -> CommandResult:
	if belongs_to_scene(root, node):
		return null
	var instance := node.get_owner().get_scene_file_path() if node.get_owner() != null \
			else "a script"
	return CommandResult.failed("INVALID_PARAMS",
			"'%s' comes from %s: a change would not be saved in this scene."
			% [path_of(root, node), instance],
			"Change it in that scene, or make the children of the instance editable.")


## What the scene that `node` comes from says of it and of its descendants: of the root of an
## instance, or of an inherited scene. Null when it is neither.
static func foreign_state(root: Node, node: Node) -> SceneState:
	if node == root:
		return _base_state(root)
	if node.get_scene_file_path().is_empty() \
			or not ResourceLoader.exists(node.get_scene_file_path(), "PackedScene"):
		return null
	return _state_of(node.get_scene_file_path())


## Index of the node at `path` (from that scene's root) in a scene's state; -1 when it has none.
static func index_in(state: SceneState, path: String) -> int:
	for index: int in state.get_node_count():
		if String(state.get_node_path(index)).trim_prefix("./") == path:
			return index
	return -1


## Whether an inherited scene has the node from the scene that it inherits.
static func is_inherited(root: Node, node: Node) -> bool:
	var state := _base_state(root)
	var path := path_of(root, node)
	while state != null:
		if index_in(state, path) >= 0:
			return true
		state = state.get_base_scene_state()
	return false


static func _base_state(root: Node) -> SceneState:
	if _base_of != root.get_instance_id():
		var path := root.get_scene_file_path()
		var state := _state_of(path) if ResourceLoader.exists(path, "PackedScene") else null
		_base = state.get_base_scene_state() if state != null else null
		_base_of = root.get_instance_id()
	return _base


static func _state_of(path: String) -> SceneState:
	var packed := DormantFiles.open(path, "PackedScene") as PackedScene
	return packed.get_state() if packed != null else null


## Null when the node was made in this scene, so that it can be deleted, renamed and moved;
## otherwise why not.
static func immovable(root: Node, node: Node) -> CommandResult:
	if node == root:
		return CommandResult.failed("INVALID_PARAMS",
				"This cannot be done with the root of a scene.")
	if node.get_owner() != root:
		return CommandResult.failed("INVALID_PARAMS",
				"'%s' belongs to an instanced scene." % path_of(root, node),
				"Change it in the scene that it comes from.")
	if is_inherited(root, node):
		return CommandResult.failed("INVALID_PARAMS",
				"'%s' comes from the scene that this one inherits." % path_of(root, node),
				"Change it in that scene.")
	return null


## Null when a child of `parent` may be called `name`; otherwise why not.
static func unusable_name(parent: Node, name: String, except: Node = null) -> CommandResult:
	if name.validate_node_name() != name or name.strip_edges().is_empty():
		return CommandResult.failed("INVALID_PARAMS",
				"'%s' is no node name: it may not contain . : @ / \" %%." % name)
	for sibling: Node in parent.get_children(true):
		if sibling != except and sibling.get_name() == name:
			return CommandResult.failed("CONFLICT",
					"'%s' already has a child named '%s'." % [parent.get_name(),
					name], "Choose another name.")
	return null
