## The engine's types that are made of numbers: between their values, their object form, their array
## form and their text form.
extends RefCounted

const Protocol := preload("../wire/protocol.gd")

## Members of each type in its object form. A member is a number, or one of these types again.
const MEMBERS: Dictionary = {
	TYPE_VECTOR2: {"x": TYPE_FLOAT, "y": TYPE_FLOAT},
	TYPE_VECTOR2I: {"x": TYPE_INT, "y": TYPE_INT},
	TYPE_VECTOR3: {"x": TYPE_FLOAT, "y": TYPE_FLOAT, "z": TYPE_FLOAT},
	TYPE_VECTOR3I: {"x": TYPE_INT, "y": TYPE_INT, "z": TYPE_INT},
	TYPE_VECTOR4: {"x": TYPE_FLOAT, "y": TYPE_FLOAT, "z": TYPE_FLOAT, "w": TYPE_FLOAT},
	TYPE_VECTOR4I: {"x": TYPE_INT, "y": TYPE_INT, "z": TYPE_INT, "w": TYPE_INT},
	TYPE_QUATERNION: {"x": TYPE_FLOAT, "y": TYPE_FLOAT, "z": TYPE_FLOAT, "w": TYPE_FLOAT},
	TYPE_COLOR: {"r": TYPE_FLOAT, "g": TYPE_FLOAT, "b": TYPE_FLOAT, "a": TYPE_FLOAT},
	TYPE_RECT2: {"position": TYPE_VECTOR2, "size": TYPE_VECTOR2},
	TYPE_RECT2I: {"position": TYPE_VECTOR2I, "size": TYPE_VECTOR2I},
	TYPE_AABB: {"position": TYPE_VECTOR3, "size": TYPE_VECTOR3},
	TYPE_PLANE: {"normal": TYPE_VECTOR3, "d": TYPE_FLOAT},
	TYPE_TRANSFORM2D: {"x": TYPE_VECTOR2, "y": TYPE_VECTOR2, "origin": TYPE_VECTOR2},
	TYPE_BASIS: {"x": TYPE_VECTOR3, "y": TYPE_VECTOR3, "z": TYPE_VECTOR3},
	TYPE_TRANSFORM3D: {"basis": TYPE_BASIS, "origin": TYPE_VECTOR3},
	TYPE_PROJECTION: {"x": TYPE_VECTOR4, "y": TYPE_VECTOR4, "z": TYPE_VECTOR4, "w": TYPE_VECTOR4},
}
const INTEGRAL: Array[int] = [TYPE_VECTOR2I, TYPE_VECTOR3I, TYPE_VECTOR4I, TYPE_RECT2I]
## Of a Transform3D.
const AXES_AND_ORIGIN: Array[int] = [TYPE_VECTOR3, TYPE_VECTOR3, TYPE_VECTOR3, TYPE_VECTOR3]
const SPECIAL_NUMBERS: Dictionary = {"inf": INF, "-inf": -INF, "nan": NAN}
const INT32_MAX := 0x7fffffff
const INT32_MIN := -0x80000000


## How many numbers a type has.
static func count(type: int) -> int:
	if not MEMBERS.has(type):
		return 1
	var sum := 0
	for member: String in MEMBERS[type]:
		sum += count(MEMBERS[type][member])
	return sum


## The object form of a value. A number that JSON does not have is written as an object, too.
static func to_json(value: Variant) -> Variant:
	var type := typeof(value)
	if type == TYPE_FLOAT:
		return _shortest(value) if is_finite(value) \
				else {"type": "float", "value": "nan" if is_nan(value)
				else ("inf" if value > 0 else "-inf")}
	if type == TYPE_INT:
		return value
	var form: Dictionary = {"type": type_string(type)}
	for member: String in MEMBERS[type]:
		form[member] = to_json(_member_of(value, member))
	return form


## The value of `type` in `given`, an object, array or text form; null when it is none.
static func from_json(type: int, given: Variant) -> Variant:
	var numbers: Variant = _numbers_of(type, given)
	return null if numbers == null else build(type, numbers)


## Its default value in the forms that are taken.
static func example(type: int) -> String:
	var value: Variant = type_convert(null, type)
	var numbers := var_to_str(value).get_slice("(", 1).trim_suffix(")")
	return "%s such as [%s] or %s" % [type_string(type), numbers,
			Protocol.encode_value(to_json(value))]


## A number in any of its forms; null when it is none.
static func number(given: Variant) -> Variant:
	if given is float or given is int:
		return given
	if given is Dictionary and given.size() == 2 and given.get("type") == "float" \
			and SPECIAL_NUMBERS.has(given.get("value")):
		return SPECIAL_NUMBERS[given["value"]]
	if given is String:
		if SPECIAL_NUMBERS.has(given):
			return SPECIAL_NUMBERS[given]
		if (given as String).is_valid_float():
			return (given as String).to_float()
	return null


static func is_whole(value: Variant) -> bool:
	return value is int or (value is float and is_finite(value) and value == floorf(value))


## A value of `type` from as many numbers as it has, in the order of its members.
static func build(type: int, n: Array) -> Variant:
	match type:
		TYPE_VECTOR2: return Vector2(n[0], n[1])
		TYPE_VECTOR2I: return Vector2i(n[0], n[1])
		TYPE_VECTOR3: return Vector3(n[0], n[1], n[2])
		TYPE_VECTOR3I: return Vector3i(n[0], n[1], n[2])
		TYPE_VECTOR4: return Vector4(n[0], n[1], n[2], n[3])
		TYPE_VECTOR4I: return Vector4i(n[0], n[1], n[2], n[3])
		TYPE_QUATERNION: return Quaternion(n[0], n[1], n[2], n[3])
		TYPE_COLOR: return Color(n[0], n[1], n[2], n[3])
		TYPE_RECT2: return Rect2(n[0], n[1], n[2], n[3])
		TYPE_RECT2I: return Rect2i(n[0], n[1], n[2], n[3])
		TYPE_AABB: return AABB(_vector3(n, 0), _vector3(n, 3))
		TYPE_PLANE: return Plane(n[0], n[1], n[2], n[3])
		TYPE_TRANSFORM2D: return Transform2D(Vector2(n[0], n[1]), Vector2(n[2], n[3]),
				Vector2(n[4], n[5]))
		TYPE_BASIS: return Basis(_vector3(n, 0), _vector3(n, 3), _vector3(n, 6))
		TYPE_TRANSFORM3D: return Transform3D(_vector3(n, 0), _vector3(n, 3), _vector3(n, 6),
				_vector3(n, 9))
		TYPE_PROJECTION: return Projection(_vector4(n, 0), _vector4(n, 4), _vector4(n, 8),
				_vector4(n, 12))
	return null


static func _vector3(n: Array, at: int) -> Vector3:
	return Vector3(n[at], n[at + 1], n[at + 2])


static func _vector4(n: Array, at: int) -> Vector4:
	return Vector4(n[at], n[at + 1], n[at + 2], n[at + 3])


static func _member_of(value: Variant, member: String) -> Variant:
	if value is Transform3D:
		return value.basis if member == "basis" else value.origin
	if value is Plane and member == "normal":
		return value.normal
	return value[member]


## The engine keeps most of its numbers in 32 bits: 0.1 comes back as 0.10000000149. This gives the
## shortest number that is the same there: six significant digits survive 32 bits, and nine are
## always enough (IEEE 754, FLT_DIG and FLT_DECIMAL_DIG).
static func _shortest(value: float) -> float:
	if value == floorf(value) or Vector2(value, 0).x != value:
		return value
	var magnitude := floori(log(absf(value)) / log(10.0))
	for digits: int in [6, 7, 8, 9]:
		var short := String.num(value, maxi(digits - 1 - magnitude, 0)).to_float()
		if Vector2(short, 0).x == value:
			return short
	return value


static func _numbers_of(type: int, given: Variant) -> Variant:
	if given is Dictionary:
		return _numbers_of_object(type, given)
	if given is Array:
		return _numbers_of_array(type, given)
	return _numbers_of_text(type, given) if given is String else null


static func _numbers_of_object(type: int, given: Dictionary) -> Variant:
	if given.has("type") and given["type"] != type_string(type):
		return null
	var members: Dictionary = MEMBERS[type]
	for name: Variant in given:
		if name is not String or (name != "type" and not members.has(name)):
			return null
	var numbers: Array = []
	for member: String in members:
		if not given.has(member):
			if type == TYPE_COLOR and member == "a":
				numbers.append(1.0)
				continue
			return null
		var part: Variant = _numbers_of_member(members[member], given[member])
		if part == null:
			return null
		numbers.append_array(part)
	return numbers


static func _numbers_of_member(type: int, given: Variant) -> Variant:
	if MEMBERS.has(type):
		return _numbers_of(type, given)
	var component: Variant = number(given) if not given is String else null
	if component == null or (type == TYPE_INT and not _is_int32(component)):
		return null
	return [component]


## Reads `[1, 2, ...]`, in the order of the text form, or the parts that a constructor of the engine
## takes.
static func _numbers_of_array(type: int, given: Array) -> Variant:
	var numbers := given.map(func(part: Variant) -> Variant:
		return null if part is String else number(part))
	if not numbers.has(null):
		return _numbers_in_order(type, numbers)
	var parts: Array = (MEMBERS[type] as Dictionary).values()
	if type == TYPE_TRANSFORM3D and given.size() == AXES_AND_ORIGIN.size():
		parts = AXES_AND_ORIGIN
	if given.size() != parts.size():
		return null
	numbers.clear()
	for index: int in parts.size():
		var part: Variant = _numbers_of_member(parts[index], given[index])
		if part == null:
			return null
		numbers.append_array(part)
	return numbers


## Reads `Type(1, 2, ...)`: a name and numbers, nothing else, so nothing is ever evaluated.
static func _numbers_of_text(type: int, text: String) -> Variant:
	if type == TYPE_COLOR and not text.begins_with("Color("):
		return _numbers_of_color(text)
	var head := type_string(type) + "("
	if not text.begins_with(head) or not text.ends_with(")"):
		return null
	var numbers: Array = []
	for part: String in text.substr(head.length(), text.length() - head.length() - 1).split(","):
		numbers.append(number(part.strip_edges()))
	return null if numbers.has(null) else _numbers_in_order(type, numbers)


static func _numbers_in_order(type: int, numbers: Array) -> Variant:
	if type in INTEGRAL and not numbers.all(_is_int32):
		return null
	if type == TYPE_COLOR and numbers.size() == 3:
		numbers.append(1.0)
	if numbers.size() != count(type):
		return null
	return _columns_first(numbers) if type == TYPE_BASIS or type == TYPE_TRANSFORM3D else numbers


static func _numbers_of_color(text: String) -> Variant:
	var none := Color(-1, -1, -1, -1)
	var color := Color.from_string(text, none)
	if color == none or (text.begins_with("#") and not text.is_valid_html_color()):
		return null
	return [color.r, color.g, color.b, color.a]


## The text of a basis has its rows one after another, the object its columns.
static func _columns_first(n: Array) -> Array:
	return [n[0], n[3], n[6], n[1], n[4], n[7], n[2], n[5], n[8]] + n.slice(9)


static func _is_int32(value: Variant) -> bool:
	return is_whole(value) and value >= INT32_MIN and value <= INT32_MAX
