## Compares two snapshots of monitors: what has got worse, what better, and by how much.
extends RefCounted

## Of what is compared: the usual case, and the bad one.
const STATISTICS: Array[String] = ["median", "p95"]
## Monitors of which more is better; of all others less is.
const MORE_IS_BETTER: Array[String] = ["fps"]
## Changes that are no more than noise, by the ending of the monitor's name; of everything else,
## less than one whole thing.
const NOISE: Dictionary = {"Seconds": 0.0005, "Ms": 0.5, "Bytes": 65536.0}
const LEAST_COUNT := 1.0

## Entries {monitor, statistic, before, after, percent}, largest change first; percent is null where
## there was nothing before.
var worse: Array[Dictionary] = []
var better: Array[Dictionary] = []
## Monitors that only one of the two has.
var unmatched: Array[String] = []
var unchanged: int = 0


## `tolerance` in percent.
func _init(before: Dictionary, after: Dictionary, tolerance: float) -> void:
	for monitor: String in before.merged(after):
		if before.has(monitor) and after.has(monitor):
			_compare(monitor, before[monitor], after[monitor], tolerance)
		else:
			unmatched.append(monitor)
	worse.sort_custom(_is_larger)
	better.sort_custom(_is_larger)


## One entry a monitor, for the statistic that has changed most.
func _compare(monitor: String, before: Dictionary, after: Dictionary, tolerance: float) -> void:
	var changes: Array[Dictionary] = []
	for statistic: String in STATISTICS:
		var change: Variant = _change(before[statistic], after[statistic])
		var difference := absf(after[statistic] - before[statistic])
		if difference >= _noise_of(monitor) and (change == null or absf(change) > tolerance):
			changes.append({"monitor": monitor, "statistic": statistic, "before": before[statistic],
					"after": after[statistic], "percent": change})
	if changes.is_empty():
		unchanged += 1
		return
	changes.sort_custom(_is_larger)
	var has_risen: bool = changes[0]["after"] > changes[0]["before"]
	(better if has_risen == MORE_IS_BETTER.has(monitor) else worse).append(changes[0])


static func _change(before: float, after: float) -> Variant:
	if is_zero_approx(before):
		return null
	# Not snappedf(): its 51.9 is 51.900000000000006.
	return roundf((after - before) / absf(before) * 1000.0) / 10.0


static func _noise_of(monitor: String) -> float:
	for ending: String in NOISE:
		if monitor.ends_with(ending):
			return NOISE[ending]
	return LEAST_COUNT


static func _is_larger(one: Dictionary, other: Dictionary) -> bool:
	return _size(one["percent"]) > _size(other["percent"])


static func _size(percent: Variant) -> float:
	return INF if percent == null else absf(percent)
