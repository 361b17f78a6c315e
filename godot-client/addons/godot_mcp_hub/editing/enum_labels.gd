## Reads the labels of an enum property from its hint, such as "Inherit,Pausable:1".
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


## The editor shows FAST_RUN as "Fast Run": both are meant.
static func _plain(label: String) -> String:
	return label.strip_edges().to_lower().replace("_", " ")
