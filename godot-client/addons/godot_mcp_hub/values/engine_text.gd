## Reads values that are given as the engine's own text, as its scene files have them: `Vector2i(1,
## 2)`, `PackedFloat32Array(1, 2.5)`, `PackedByteArray("AAEC")`. Nothing is evaluated.
extends RefCounted

const NumberTypes := preload("number_types.gd")

## Numbers of an element of each packed array; 0 for texts.
const PACKED: Dictionary = {
	TYPE_PACKED_BYTE_ARRAY: 1,
	TYPE_PACKED_INT32_ARRAY: 1,
	TYPE_PACKED_INT64_ARRAY: 1,
	TYPE_PACKED_FLOAT32_ARRAY: 1,
	TYPE_PACKED_FLOAT64_ARRAY: 1,
	TYPE_PACKED_STRING_ARRAY: 0,
	TYPE_PACKED_VECTOR2_ARRAY: 2,
	TYPE_PACKED_VECTOR3_ARRAY: 3,
	TYPE_PACKED_COLOR_ARRAY: 4,
	TYPE_PACKED_VECTOR4_ARRAY: 4,
}
const ELEMENTS: Dictionary = {
	TYPE_PACKED_VECTOR2_ARRAY: TYPE_VECTOR2,
	TYPE_PACKED_VECTOR3_ARRAY: TYPE_VECTOR3,
	TYPE_PACKED_COLOR_ARRAY: TYPE_COLOR,
	TYPE_PACKED_VECTOR4_ARRAY: TYPE_VECTOR4,
}
const INTEGRAL: Array[int] = [
	TYPE_PACKED_BYTE_ARRAY, TYPE_PACKED_INT32_ARRAY, TYPE_PACKED_INT64_ARRAY]
const BASE64 := "\\A[A-Za-z0-9+/]*={0,2}\\z"


## The value of a text, where any type is taken; null when it is a plain text.
static func value_of(text: String) -> Variant:
	if not text.ends_with(")"):
		return null
	var head := text.get_slice("(", 0)
	for type: int in NumberTypes.MEMBERS:
		if type_string(type) == head:
			return NumberTypes.from_json(type, text)
	for type: int in PACKED:
		if type_string(type) == head:
			return packed(text, type)
	return null


## The packed array of `type` in a text; null when it is none.
static func packed(text: String, type: int) -> Variant:
	var head := type_string(type) + "("
	if not text.begins_with(head) or not text.ends_with(")"):
		return null
	var inside := text.substr(head.length(), text.length() - head.length() - 1).strip_edges()
	if type == TYPE_PACKED_BYTE_ARRAY and inside.begins_with("\""):
		return _bytes(inside)
	var parts: Variant = _parts(inside)
	if parts == null or not _fits(parts, type):
		return null
	return type_convert(_elements(parts, type) if ELEMENTS.has(type) else parts, type)


## Scene files have bytes as base64.
static func _bytes(quoted: String) -> Variant:
	var text := quoted.trim_prefix("\"").trim_suffix("\"")
	if text.length() % 4 != 0 or RegEx.create_from_string(BASE64).search(text) == null:
		return null
	return Marshalls.base64_to_raw(text) if not text.is_empty() else PackedByteArray()


## The parts between commas: all numbers, or all texts; null for anything else.
static func _parts(inside: String) -> Variant:
	var json := JSON.new()
	if json.parse("[%s]" % inside) == OK:
		return json.data
	# JSON has no inf and nan.
	var numbers: Array = []
	for part: String in inside.split(","):
		numbers.append(NumberTypes.number(part.strip_edges()))
	return null if numbers.has(null) else numbers


static func _fits(parts: Array, type: int) -> bool:
	if PACKED[type] == 0:
		return parts.all(func(part: Variant) -> bool: return part is String)
	var most := 255 if type == TYPE_PACKED_BYTE_ARRAY else NumberTypes.INT32_MAX
	var least := 0 if type == TYPE_PACKED_BYTE_ARRAY else NumberTypes.INT32_MIN
	return parts.size() % int(PACKED[type]) == 0 and parts.all(func(part: Variant) -> bool:
		return (part is float or part is int) and (not INTEGRAL.has(type)
				or NumberTypes.is_whole(part)
				and (type == TYPE_PACKED_INT64_ARRAY or part >= least and part <= most)))


static func _elements(numbers: Array, type: int) -> Array:
	var elements: Array = []
	for at: int in range(0, numbers.size(), PACKED[type]):
		elements.append(NumberTypes.build(ELEMENTS[type],
				numbers.slice(at, at + int(PACKED[type]))))
	return elements
