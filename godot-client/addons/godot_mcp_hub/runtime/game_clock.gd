## The game's time: pause and time scale, and what the engine measures of itself.
extends RefCounted

const FrameGate := preload("frame_gate.gd")
const Monitors := preload("../profiling/monitors.gd")

const MOST_TIME_SCALE := 100.0

var gate: FrameGate

var _tree: SceneTree


func _init(tree: SceneTree, frame_gate: FrameGate) -> void:
	_tree = tree
	gate = frame_gate


## Adds to an answer when it was true: the frame, and whether time stands still.
func stamp(answer: Dictionary) -> Dictionary:
	answer.merge({"frame": Engine.get_process_frames(), "paused": _tree.paused or gate.is_paused, "timeScale": Engine.time_scale})
	return answer


## A paused game answers, and can be looked at. Letting it go on also ends a pause of its own.
func set_paused(is_paused: bool) -> void:
	if is_paused:
		gate.pause()
	elif gate.is_paused:
		gate.go_on()
	else:
		_tree.paused = false


func monitors() -> Dictionary:
	return Monitors.values()
