## The arguments that an agent and the project give to a game, in the order in which the engine understands them.
extends RefCounted


## What a game gets of the wish: the arguments of all games and its own, those for the engine before those for the game itself.
static func of(wish: Dictionary, index: int) -> Array:
	var own: Array = wish.get("args_of", [])
	var before: Array = []
	var behind: Array = []
	for args: Array in [wish.get("args", []), own[index] if index < own.size() else []]:
		var marker := args.find("--")
		before.append_array(args if marker < 0 else args.slice(0, marker))
		behind.append_array([] if marker < 0 else args.slice(marker + 1))
	return before if behind.is_empty() else before + ["--"] + behind


## The editor puts the project's own arguments behind these: after a "--" the engine would not see them.
static func before_project_args(args: Array) -> PackedStringArray:
	var marker := args.find("--")
	if marker < 0:
		return PackedStringArray(args)
	return PackedStringArray(args.slice(0, marker)) + of_project() + PackedStringArray(args.slice(marker))


## The project's own arguments for its games.
static func of_project() -> PackedStringArray:
	return str(ProjectSettings.get_setting("editor/run/main_run_args", "")).split(" ", false)
