## Samples the monitors of this process for a while, and says of each what is usual and what is the
## worst.
extends RefCounted

const EngineTurns := preload("../engine/engine_turns.gd")

## The length of each frame, beside the engine's own monitors: those are reported once a second or
## smoothed.
const FRAME := "frameMs"
## Samples of one monitor; more frames than that are looked at once in several.
const MOST_SAMPLES := 5000
const MS := 1000.0

## PackedFloat64Array by name.
var _samples: Dictionary = {}
var _frames: int = 0


## Samples every frame for `duration_ms`, or until `is_unwanted` says so: {frames, durationMs,
## monitors: {name: {min, median, p95, max}}}.
func take(duration_ms: int, is_unwanted := Callable()) -> Dictionary:
	await EngineTurns.next()
	var started := Time.get_ticks_usec()
	var frame_at := started
	var next_at := started
	@warning_ignore("integer_division")
	var interval := duration_ms * 1000 / MOST_SAMPLES
	while frame_at - started < duration_ms * MS and not (is_unwanted.is_valid()
			and is_unwanted.call()):
		await EngineTurns.next()
		var now := Time.get_ticks_usec()
		_frames += 1
		if now >= next_at:
			next_at = now + interval
			_add(FRAME, (now - frame_at) / MS)
			var values := Monitors.values()
			for name: String in values:
				_add(name, values[name])
		frame_at = now
	return {"frames": _frames, "durationMs": roundi((frame_at - started) / MS),
			"monitors": _statistics()}


## Samples once, where no frame passes: a held game has no length of frames.
func take_once() -> Dictionary:
	var values := Monitors.values()
	for name: String in values:
		_add(name, values[name])
	return {"frames": 0, "durationMs": 0, "monitors": _statistics()}


func _add(name: String, value: float) -> void:
	if not _samples.has(name):
		_samples[name] = PackedFloat64Array()
	var samples: PackedFloat64Array = _samples[name]
	samples.append(value)
	_samples[name] = samples


func _statistics() -> Dictionary:
	var statistics: Dictionary = {}
	for name: String in _samples:
		var sorted: PackedFloat64Array = _samples[name]
		sorted.sort()
		statistics[name] = {"min": sorted[0], "median": _quantile(sorted, 0.5),
				"p95": _quantile(sorted, 0.95), "max": sorted[-1]}
	return statistics


## The least sample that so large a part of them does not exceed.
static func _quantile(sorted: PackedFloat64Array, part: float) -> float:
	return sorted[maxi(0, ceili(part * sorted.size()) - 1)]


## What the engine measures of itself, under names with their units, and what the project measures
## beside it.
class Monitors extends RefCounted:
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
