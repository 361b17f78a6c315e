## Reads the labels of an enum or flags property from its hint, such as "Inherit,Pausable:1".
extends RefCounted


## The value of `label`; null when the enum has none of that name.
static func value_of(label: String, hint: String) -> Variant:
	var next := 0
	for entry: String in hint.split(","):
		var parts := entry.split(":")
		if parts.size() > 1 and parts[-1].is_valid_int():
			next = parts[-1].to_int()
		if _plain(parts[0]) == _plain(label):
			return next
		next += 1
	return null


## The sum of the flags with these labels in a hint such as "Fire,Water,Earth:4"; null when one of them is none.
static func flags_of(labels: Array, hint: String) -> Variant:
	var sum := 0
	for label: Variant in labels:
		var flag: Variant = _flag_of(label, hint.split(",")) if label is String else null
		if flag == null:
			return null
		sum |= flag
	return sum


static func _flag_of(label: String, entries: PackedStringArray) -> Variant:
	for index: int in entries.size():
		var parts := entries[index].split(":")
		if _plain(parts[0]) == _plain(label):
			return parts[1].to_int() if parts.size() > 1 else 1 << index
	return null


## The editor shows FAST_RUN as "Fast Run": both are meant.
static func _plain(label: String) -> String:
	return label.strip_edges().to_lower().replace("_", " ")
