## Shows how a project gives agents commands, a resource and a prompt of its own: what it registers appears in every agent's list.
@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")
const COIN := preload("res://game/coin.tscn")


func _enter_tree() -> void:
	GodotMcpHub.register_command("level.count_coins", "Counts the coins of the open level and what they are worth.", {}, _count_coins, true)
	GodotMcpHub.register_command("level.place_coins", "Places a row of coins in the open level, as one undo step.", {
		"type": "object",
		"properties": {
			"count": {"type": "integer", "minimum": 1, "maximum": 50},
			"x": {"type": "number", "description": "Place of the first coin, in pixels."},
			"y": {"type": "number"},
			"distance": {"type": "number", "description": "Pixels between two coins. Default 60."},
		},
		"required": ["count", "x", "y"],
	}, _place_coins)
	GodotMcpHub.register_resource("custom://coins/{name}", "Where a coin of the open level is.", _describe_coin)
	GodotMcpHub.register_prompt("place_coins", "Places coins where players will like them.", {
		"type": "object",
		"properties": {"count": {"type": "string", "description": "How many. Default: a few."}},
	}, _ask_for_coins)


func _count_coins(_params: Dictionary) -> Dictionary:
	var worth := 0
	var coins := _coins()
	for coin: Node in coins:
		worth += coin.get("value") as int
	return {"coins": coins.size(), "worth": worth}


func _place_coins(params: Dictionary) -> Variant:
	var level := EditorInterface.get_edited_scene_root()
	if level == null or not level.has_node("Coins"):
		return GodotMcpHub.failure("The open scene has no node 'Coins'.", "Open a level first.", "NO_SCENE_OPEN")
	var undo_redo := get_undo_redo()
	undo_redo.create_action("Place coins", UndoRedo.MERGE_DISABLE, level)
	for index: int in params["count"]:
		var coin: Node2D = COIN.instantiate(PackedScene.GEN_EDIT_STATE_INSTANCE)
		coin.position = Vector2(params["x"] + index * params.get("distance", 60.0), params["y"])
		undo_redo.add_do_method(level.get_node("Coins"), &"add_child", coin, true)
		undo_redo.add_do_method(coin, &"set_owner", level)
		undo_redo.add_do_reference(coin)
		undo_redo.add_undo_method(level.get_node("Coins"), &"remove_child", coin)
	undo_redo.commit_action()
	return {"placed": params["count"], "coins": _coins().size()}


func _describe_coin(params: Dictionary) -> Variant:
	for coin: Node2D in _coins():
		if coin.name == params["name"]:
			return {"position": coin.position, "value": coin.get("value")}
	return GodotMcpHub.failure("There is no coin '%s'." % params["name"], "level.count_coins counts them.", "NOT_FOUND")


func _ask_for_coins(arguments: Dictionary) -> String:
	return "Place %s coins in the open level with level.place_coins: where players can reach them, and do not see them at once." % arguments.get("count", "a few")


func _coins() -> Array[Node]:
	var level := EditorInterface.get_edited_scene_root()
	var coins: Array[Node] = []
	if level != null:
		coins.assign(level.find_children("*", "Area2D").filter(func(node: Node) -> bool: return node.is_in_group("coins")))
	return coins
