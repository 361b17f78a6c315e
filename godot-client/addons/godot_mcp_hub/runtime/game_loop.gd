## The main loop of a game that the editor plays: the engine's own, and beside it what answers the
## hub.
##
## The editor names this script on the command line of the games that it starts. The project itself
## knows nothing of it, and no node of it stands in the game's tree.
extends SceneTree

## Loaded when the tree exists and not with this script: the debugger's messages are handled at
## every line, and need the tree.
const GAME_RUNTIME := "game_runtime.gd"
## Variable in which the editor tells a game that it starts where its line is and whose it is.
const RUN_VARIABLE := "GODOT_HUB_RUN"

var _side: RefCounted = null


func _init() -> void:
	if OS.has_environment(RUN_VARIABLE):
		var type: GDScript = load(
				(get_script() as Script).resource_path.get_base_dir().path_join(GAME_RUNTIME))
		_side = type.new(self, OS.get_environment(RUN_VARIABLE))
		OS.unset_environment(RUN_VARIABLE)


func _initialize() -> void:
	if _side != null:
		_side.call(&"enter")


func _physics_process(_delta: float) -> bool:
	if _side != null:
		_side.call(&"begin_frame", true)
	return false


func _process(_delta: float) -> bool:
	if _side != null:
		_side.call(&"begin_frame", false)
	return false


func _finalize() -> void:
	if _side != null:
		_side.call(&"leave")
