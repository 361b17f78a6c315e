## Compares values that were asked for with what the engine has made of them.
extends RefCounted

const NumberTypes := preload("number_types.gd")

const TEXTS: Array[int] = [TYPE_STRING, TYPE_STRING_NAME, TYPE_NODE_PATH]
const NUMBERS: Array[int] = [TYPE_INT, TYPE_FLOAT]
## The engine computes most of its numbers in 32 bits.
const PRECISION := 0.00001
## Where it reads a number of JSON, the last of sixteen digits may become another one.
const JSON_PRECISION := 1e-14


## Whether both are the same value within the engine's precision. A resource may be the engine's
## own copy.
static func same(asked: Variant, got: Variant) -> bool:
	var type := typeof(got)
	if asked is Object or got is Object:
		return _same_object(asked, got)
	if asked == null:
		return got == null or got == type_convert(null, type)
	if typeof(asked) in NUMBERS and type in NUMBERS:
		return _same_number(asked, got)
	if typeof(asked) in TEXTS and type in TEXTS:
		return String(asked) == String(got)
	if typeof(asked) != type:
		return got != null and same(type_convert(asked, type), got)
	if type == TYPE_ARRAY or type >= TYPE_PACKED_BYTE_ARRAY:
		return asked == got or _same_elements(asked, got)
	if type == TYPE_DICTIONARY:
		return _same_members(asked, got)
	return asked == got or NumberTypes.MEMBERS.has(type) and (asked.is_equal_approx(got) 
			if type not in NumberTypes.INTEGRAL else false)


## Whether two values are the same JSON: all numbers of JSON are floats, those that are written may
## be integers.
static func same_json(one: Variant, other: Variant) -> bool:
	if typeof(one) in NUMBERS and typeof(other) in NUMBERS:
		return one == other or absf(float(one) - float(other)) <= JSON_PRECISION * maxf(absf(one),
				absf(other))
	if typeof(one) != typeof(other):
		return false
	if one is Array:
		var many: Array = one
		return many.size() == (other as Array).size() and range(many.size()).all(
				func(index: int) -> bool: return same_json(many[index], other[index]))
	if one is Dictionary:
		var members: Dictionary = one
		return members.size() == (other as Dictionary).size() and members.keys().all(
				func(key: Variant) -> bool:
					return (other as Dictionary).has(key) and same_json(members[key], other[key]))
	return one == other


static func _same_object(asked: Variant, got: Variant) -> bool:
	if not (asked is Object and got is Object):
		return false
	return is_same(asked, got) or asked is Resource and got is Resource \
			and (asked as Resource).get_class() == (got as Resource).get_class()


static func _same_number(asked: Variant, got: Variant) -> bool:
	if asked is int and got is int:
		return asked == got
	var one: float = asked
	var other: float = got
	return one == other or is_nan(one) and is_nan(other) \
			or absf(one - other) <= PRECISION * maxf(1.0, maxf(absf(one), absf(other)))


static func _same_elements(asked: Variant, got: Variant) -> bool:
	return asked.size() == got.size() and range(asked.size()).all(
			func(index: int) -> bool: return same(asked[index], got[index]))


static func _same_members(asked: Dictionary, got: Dictionary) -> bool:
	return asked.size() == got.size() and asked.keys().all(
			func(key: Variant) -> bool: return got.has(key) and same(asked[key], got[key]))
