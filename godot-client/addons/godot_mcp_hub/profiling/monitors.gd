## What the engine measures of itself, under names with their units, and what the project measures beside it.
extends RefCounted

const ENGINE: Dictionary = {
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


## Value by name, now. A monitor of the project that gives no number is left out.
static func values() -> Dictionary:
	var found: Dictionary = {}
	for name: String in ENGINE:
		found[name] = Performance.get_monitor(ENGINE[name])
	for name: StringName in Performance.get_custom_monitor_names():
		var value: Variant = Performance.get_custom_monitor(name)
		if value is float or value is int:
			found[String(name)] = value
	return found
