## The game's time: pause and time scale, and what the engine measures of itself.
extends RefCounted

const Monitors := preload("../profiling/monitors.gd")

const MOST_TIME_SCALE := 100.0

var _tree: SceneTree


func _init(tree: SceneTree) -> void:
	_tree = tree


## Adds to an answer when it was true: the frame, and whether time stands still.
func stamp(answer: Dictionary) -> Dictionary:
	answer.merge({"frame": Engine.get_process_frames(), "paused": _tree.paused, "timeScale": Engine.time_scale})
	return answer


## A paused game draws and answers, and none of its nodes that can be paused runs.
func set_paused(is_paused: bool) -> void:
	_tree.paused = is_paused


func monitors() -> Dictionary:
	return Monitors.values()
