## Finds the names that a wrong name may stand for.
extends RefCounted

const COUNT := 5
const LEAST_SIMILARITY := 0.4
const MOST_ERRORS := 2
## A longer name is no typing error.
const LONGEST := 200


## The names that are most like `wanted`, best first.
static func of(wanted: String, names: Array) -> Array[String]:
	var scored: Array[Array] = []
	for name: Variant in names:
		# Comparing takes as long as both lengths multiplied.
		if maxi(wanted.length(), str(name).length()) > LONGEST:
			continue
		var score := _likeness(wanted.to_lower(), str(name).to_lower())
		if score >= LEAST_SIMILARITY:
			scored.append([score, str(name)])
	scored.sort_custom(func(a: Array, b: Array) -> bool:
		return a[0] > b[0] or (a[0] == b[0] and a[1] < b[1]))
	var nearest: Array[String] = []
	for entry: Array in scored.slice(0, COUNT):
		nearest.append(entry[1])
	return nearest


## A sentence part for a hint: "Did you mean 'a', 'b'?", or empty.
static func question(candidates: Array[String]) -> String:
	return "" if candidates.is_empty() \
			else "Did you mean '%s'?" % "', '".join(PackedStringArray(candidates))


static func _likeness(wanted: String, name: String) -> float:
	if wanted == name:
		return 1.0
	var whole := wanted.similarity(name)
	var last := wanted.get_slice("/", wanted.get_slice_count("/") - 1) \
			.similarity(name.get_slice("/", name.get_slice_count("/") - 1))
	return maxf(maxf(whole, last * 0.95), _typing_likeness(wanted, name))


## 1 less what typing errors cost: a letter too many, too few, another one, or two that changed
## places.
static func _typing_likeness(wanted: String, name: String) -> float:
	if absi(wanted.length() - name.length()) > MOST_ERRORS \
			or mini(wanted.length(), name.length()) < 3:
		return 0.0
	var before: Array[int] = []
	var row: Array[int] = []
	row.assign(range(name.length() + 1))
	for at: int in wanted.length():
		var next: Array[int] = [at + 1]
		for other: int in name.length():
			var is_equal := wanted[at] == name[other]
			var cost := mini(mini(row[other + 1], next[other]) + 1,
					row[other] + (0 if is_equal else 1))
			if at > 0 and other > 0 and wanted[at] == name[other - 1] \
					and wanted[at - 1] == name[other]:
				cost = mini(cost, before[other - 1] + 1)
			next.append(cost)
		before = row
		row = next
		if row.min() > MOST_ERRORS:
			return 0.0
	return 1.0 - float(row[-1]) / maxi(wanted.length(), name.length())
