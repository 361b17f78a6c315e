## Names the nodes of a running game by their path from the tree's root, and finds them again.
extends RefCounted

const ClassNames := preload("../scripts/class_names.gd")
const CommandResult := preload("../requests/command_result.gd")
const GameTexts := preload("game_texts.gd")
const NearNames := preload("../texts/near_names.gd")
const NodePaths := preload("../values/node_paths.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const PropertyValues := preload("../values/property_values.gd")

const ROOT := "/root"
## Paths that are compared with one that was not found.
const NEAR_PATHS := 5000


## The node at `path`: from the root ("Level/Player", "/root/Level/Player"), or "." for the root;
## null when there is none.
static func find(root: Node, path: String) -> Node:
	var relative := "." if path == ROOT else path.trim_prefix(ROOT + "/")
	return NodePaths.find(root, relative)


static func not_found(root: Node, path: String) -> CommandResult:
	var near := NearNames.of(path,
			all(root).slice(0, NEAR_PATHS).map(func(node: Node) -> String:
				return NodePaths.path_of(root, node)))
	return CommandResult.failed("NOT_FOUND", "The game has no node '%s'." % path,
			NearNames.question(near) if not near.is_empty()
			else "game.get_tree shows what there is; paths begin below the root.", near)


## Every node of the game but the root, parents first; `with_parts`: also those that other nodes are
## made of, such as the button of a dialog.
static func all(root: Node, with_parts: bool = false) -> Array[Node]:
	var nodes: Array[Node] = []
	var waiting: Array[Node] = [root]
	while not waiting.is_empty():
		var node: Node = waiting.pop_back()
		if node != root:
			nodes.append(node)
		var children := node.get_children(with_parts)
		children.reverse()
		waiting.append_array(children)
	return nodes


## The facts about each property that a node has, by name: those of the editor, every variable of
## its script, and what is neither saved nor shown, such as global_position.
static func property_infos(node: Node) -> Dictionary:
	var infos := PropertyInfos.all(node).merged(PropertyInfos.unlisted(node))
	for info: Dictionary in node.get_property_list():
		if info["usage"] & PROPERTY_USAGE_SCRIPT_VARIABLE:
			infos[info["name"]] = info
	return infos


## The same of some properties, without those that the node does not have.
static func infos_of(node: Node, names: Array) -> Dictionary:
	var infos := PropertyInfos.find_all(node, names)
	var others := names.filter(func(name: String) -> bool:
		return not infos.has(name) and PropertyInfos.is_of_script(node, name))
	var listed := property_infos(node) if not others.is_empty() else {}
	for name: String in others:
		infos[name] = listed[name]
	return infos


## Names of the variables that a node's scripts declare.
static func script_variables(infos: Dictionary) -> Array[String]:
	var names: Array[String] = []
	for name: String in infos:
		if infos[name]["usage"] & PROPERTY_USAGE_SCRIPT_VARIABLE:
			names.append(name)
	return names


static func unknown_property(node: Node, name: String, infos: Dictionary) -> CommandResult:
	var near := NearNames.of(name, infos.keys())
	return CommandResult.failed("NOT_FOUND",
			"%s '%s' has no property '%s'." % [node.get_class(), node.name, name],
			NearNames.question(near), near)


## One line about a node: what it is, where on the screen, what it says.
static func describe(root: Node, node: Node) -> Dictionary:
	var described: Dictionary = {"name": String(node.name), "type": node.get_class(),
			"path": NodePaths.path_of(root, node)}
	var script: Script = node.get_script()
	if script != null:
		described["script"] = script.resource_path
	if not node.scene_file_path.is_empty():
		described["scene"] = node.scene_file_path
	var groups := node.get_groups().filter(func(group: StringName) -> bool:
		return not String(group).begins_with("_"))
	if not groups.is_empty():
		described["groups"] = groups.map(func(group: StringName) -> String: return String(group))
	if node is CanvasItem and not (node as CanvasItem).is_visible_in_tree() or node is Node3D \
			and not (node as Node3D).is_visible_in_tree():
		described["visible"] = false
	return described


## What describe() says, and where the node is.
static func describe_with_place(root: Node, node: Node) -> Dictionary:
	var described := describe(root, node)
	if node is Control:
		described["rect"] = PropertyValues.to_json(screen_rect(node), root)
	elif node is Node2D:
		described["position"] = PropertyValues.to_json((node as Node2D).global_position, root)
		described["onScreen"] = PropertyValues.to_json(
				(node as Node2D).get_global_transform_with_canvas().origin, root)
	elif node is Node3D:
		described["position"] = PropertyValues.to_json((node as Node3D).global_position, root)
	return described.merged(GameTexts.described(node))


## Where a Control is in the game's picture.
static func screen_rect(control: Control) -> Rect2:
	return screen_part(control, Rect2(Vector2.ZERO, control.size))


## Where a part of a Control is in the game's picture, also in a window inside of the game's own.
static func screen_part(control: Control, part: Rect2) -> Rect2:
	var rect := control.get_global_transform_with_canvas() * part
	var window := control.get_window()
	while window != null and window.is_embedded():
		rect.position += Vector2(window.position)
		window = window.get_parent().get_window()
	return rect


## Where what the player sees says `text`, {node, text}, as of GameTexts.find(); also in menus,
## dialogs and other parts of nodes. Empty when nothing does.
static func find_text(root: Node, text: String, with_tooltips: bool = false) -> Dictionary:
	return GameTexts.find(all(root, true), text, with_tooltips)


## Whether a node is of a class, of the engine or of a script.
static func is_a(node: Node, type: String) -> bool:
	return ClassNames.is_a(node, type)
