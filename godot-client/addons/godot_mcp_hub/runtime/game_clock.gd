## The game's time: pause and time scale, and what the engine measures of itself.
extends RefCounted

const MOST_TIME_SCALE := 100.0
const MONITORS: Dictionary = {
	"fps": Performance.TIME_FPS,
	"processSeconds": Performance.TIME_PROCESS,
	"physicsSeconds": Performance.TIME_PHYSICS_PROCESS,
	"staticMemoryBytes": Performance.MEMORY_STATIC,
	"objects": Performance.OBJECT_COUNT,
	"resources": Performance.OBJECT_RESOURCE_COUNT,
	"nodes": Performance.OBJECT_NODE_COUNT,
	"orphanNodes": Performance.OBJECT_ORPHAN_NODE_COUNT,
	"drawCalls": Performance.RENDER_TOTAL_DRAW_CALLS_IN_FRAME,
	"renderedObjects": Performance.RENDER_TOTAL_OBJECTS_IN_FRAME,
	"videoMemoryBytes": Performance.RENDER_VIDEO_MEM_USED,
	"physics2dBodies": Performance.PHYSICS_2D_ACTIVE_OBJECTS,
	"physics3dBodies": Performance.PHYSICS_3D_ACTIVE_OBJECTS,
	"audioLatencySeconds": Performance.AUDIO_OUTPUT_LATENCY,
}

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
	var values: Dictionary = {}
	for name: String in MONITORS:
		values[name] = Performance.get_monitor(MONITORS[name])
	for name: StringName in Performance.get_custom_monitor_names():
		values[String(name)] = Performance.get_custom_monitor(name)
	return values
