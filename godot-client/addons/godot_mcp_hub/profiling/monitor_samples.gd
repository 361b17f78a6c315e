## Samples the monitors of this process for a while, and says of each what is usual and what is the worst.
extends RefCounted

const EngineTurns := preload("../engine/engine_turns.gd")
const Monitors := preload("monitors.gd")

## The length of each frame, beside the engine's own monitors: those are told once a second or smoothed.
const FRAME := "frameMs"
## Samples of one monitor; more frames than that are looked at once in several.
const MOST_SAMPLES := 5000
const MS := 1000.0

## PackedFloat64Array by name.
var _samples: Dictionary = {}
var _frames: int = 0


## Samples every frame for `duration_ms`, or until `is_unwanted` says so: {frames, durationMs, monitors: {name: {min, median, p95, max}}}.
func take(duration_ms: int, is_unwanted := Callable()) -> Dictionary:
	await EngineTurns.next()
	var started := Time.get_ticks_usec()
	var frame_at := started
	var next_at := started
	@warning_ignore("integer_division")
	var interval := duration_ms * 1000 / MOST_SAMPLES
	while frame_at - started < duration_ms * MS and not (is_unwanted.is_valid() and is_unwanted.call()):
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
	return {"frames": _frames, "durationMs": roundi((frame_at - started) / MS), "monitors": _statistics()}


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
		statistics[name] = {"min": sorted[0], "median": _quantile(sorted, 0.5), "p95": _quantile(sorted, 0.95), "max": sorted[-1]}
	return statistics


## The least sample that so large a part of them does not exceed.
static func _quantile(sorted: PackedFloat64Array, part: float) -> float:
	return sorted[maxi(0, ceili(part * sorted.size()) - 1)]
