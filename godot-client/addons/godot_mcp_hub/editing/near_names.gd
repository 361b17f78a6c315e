## Finds the names that somebody may have meant.
extends RefCounted

const COUNT := 5
const LEAST_SIMILARITY := 0.4


## The names that are most like `wanted`, best first.
static func of(wanted: String, names: Array) -> Array[String]:
	var scored: Array[Array] = []
	for name: Variant in names:
		var score := _likeness(wanted.to_lower(), str(name).to_lower())
		if score >= LEAST_SIMILARITY:
			scored.append([score, str(name)])
	scored.sort_custom(func(a: Array, b: Array) -> bool: return a[0] > b[0] or (a[0] == b[0] and a[1] < b[1]))
	var nearest: Array[String] = []
	for entry: Array in scored.slice(0, COUNT):
		nearest.append(entry[1])
	return nearest


## A sentence part for a hint: "Did you mean 'a', 'b'?", or empty.
static func question(candidates: Array[String]) -> String:
	return "" if candidates.is_empty() else "Did you mean '%s'?" % "', '".join(PackedStringArray(candidates))


static func _likeness(wanted: String, name: String) -> float:
	if wanted == name:
		return 1.0
	var whole := wanted.similarity(name)
	var last := wanted.get_slice("/", wanted.get_slice_count("/") - 1).similarity(name.get_slice("/", name.get_slice_count("/") - 1))
	return maxf(whole, last * 0.95)
