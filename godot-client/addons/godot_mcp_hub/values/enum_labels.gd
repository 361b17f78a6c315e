## The names that an enum or flags property or argument has for its values: those of its hint, such
## as "Inherit,Pausable:1", constants of its class, or the project's names of layers.
extends RefCounted

const EnumLabels := preload("enum_labels.gd")

const LAYERS: Dictionary = {
	PROPERTY_HINT_LAYERS_2D_RENDER: "2d_render", PROPERTY_HINT_LAYERS_2D_PHYSICS: "2d_physics",
	PROPERTY_HINT_LAYERS_2D_NAVIGATION: "2d_navigation",
	PROPERTY_HINT_LAYERS_3D_RENDER: "3d_render",
	PROPERTY_HINT_LAYERS_3D_PHYSICS: "3d_physics",
	PROPERTY_HINT_LAYERS_3D_NAVIGATION: "3d_navigation",
	PROPERTY_HINT_LAYERS_AVOIDANCE: "avoidance",
}
const LAYER := "layer_names/%s/layer_%d"
const MOST_LAYERS := 32

## Whether several of them make a value.
var are_flags: bool = false

## Value by label, in the order in which they are declared.
var _values: Dictionary = {}


## Those of a property or an argument; empty when it has none.
static func of(info: Dictionary) -> EnumLabels:
	var labels := EnumLabels.new()
	var hint: int = info.get("hint", PROPERTY_HINT_NONE)
	var usage: int = info.get("usage", 0)
	labels.are_flags = hint == PROPERTY_HINT_FLAGS or LAYERS.has(hint) \
			or usage & PROPERTY_USAGE_CLASS_IS_BITFIELD
	if hint == PROPERTY_HINT_ENUM or hint == PROPERTY_HINT_FLAGS:
		labels._add_hint(String(info.get("hint_string", "")))
	elif LAYERS.has(hint):
		labels._add_layers(LAYERS[hint])
	if usage & (PROPERTY_USAGE_CLASS_IS_ENUM | PROPERTY_USAGE_CLASS_IS_BITFIELD):
		labels._add_constants(String(info.get("class_name", "")))
	return labels


func is_empty() -> bool:
	return _values.is_empty()


## What can be given, for people.
func shown() -> String:
	return ", ".join(PackedStringArray(_values.keys()))


## The value of one label, or of several flags ("A | B"); null when one of them is none.
func value_of(text: String) -> Variant:
	if are_flags and (text.contains("|") or text.contains(",")):
		return flags_of(text.replace("|", ",").split(",", false))
	var constant: Variant = null
	var longest := 0
	for label: String in _values:
		if _plain(label) == _plain(text):
			return _values[label]
		# PROCESS_MODE_ALWAYS is the constant of "Always".
		var is_constant := text == text.to_upper() and _plain(text).ends_with(" " + _plain(label))
		if is_constant and label.length() > longest:
			constant = _values[label]
			longest = label.length()
	return constant


## The sum of the flags with these labels; null when one of them is none.
func flags_of(labels: Array) -> Variant:
	var sum := 0
	for label: Variant in labels:
		var flag: Variant = value_of(label) if label is String else null
		if flag == null:
			return null
		sum |= int(flag)
	return sum


func _add_hint(hint: String) -> void:
	var next := 0
	for entry: String in hint.split(",", false):
		var parts := entry.split(":")
		if parts.size() > 1 and parts[-1].is_valid_int():
			next = parts[-1].to_int()
		elif are_flags:
			next = 1 << _values.size()
		_values[parts[0].strip_edges()] = next
		next += 1


func _add_layers(kind: String) -> void:
	for index: int in MOST_LAYERS:
		var name := str(ProjectSettings.get_setting(LAYER % [kind, index + 1], ""))
		if not name.is_empty():
			_values[name] = 1 << index


## "Control.LayoutPreset": PRESET_FULL_RECT, and FULL_RECT as well, without what all of them begin
## with.
func _add_constants(enum_name: String) -> void:
	var type := enum_name.get_slice(".", 0)
	var name := enum_name.get_slice(".", 1)
	if not ClassDB.class_exists(type) or not ClassDB.class_has_enum(type, name):
		return
	var constants := ClassDB.class_get_enum_constants(type, name)
	var head := _common_head(constants)
	for constant: String in constants:
		for label: String in [constant, constant.substr(head)]:
			if not _values.has(label) and not label.is_empty():
				_values[label] = ClassDB.class_get_integer_constant(type, constant)


## How many letters all names begin with, up to an underscore.
static func _common_head(names: PackedStringArray) -> int:
	var head := names[0].rfind("_") + 1 if not names.is_empty() else 0
	while head > 0:
		var common := names[0].left(head)
		if Array(names).all(func(name: String) -> bool: return name.begins_with(common)):
			break
		head = names[0].rfind("_", head - 2) + 1
	return head


## The editor shows FAST_RUN as "Fast Run": both are meant.
static func _plain(label: String) -> String:
	return label.strip_edges().to_lower().replace("_", " ")
