extends "unit_test.gd"

const NumberTypes := preload("res://addons/godot_mcp_hub/values/number_types.gd")
const PropertyParser := preload("res://addons/godot_mcp_hub/values/property_parser.gd")
const PropertyValues := preload("res://addons/godot_mcp_hub/values/property_values.gd")
const Protocol := preload("res://addons/godot_mcp_hub/wire/protocol.gd")

const SAMPLES: Array = [
	Vector2(1, 2.5), Vector2i(-1, 2), Vector3(1, 2, 3), Vector3i(1, 2, 3), Vector4(1, 2, 3, 4), Vector4i(1, 2, 3, 4),
	Quaternion(0, 0, 0, 1), Color(0.1, 0.2, 0.3, 0.4), Rect2(1, 2, 3, 4), Rect2i(1, 2, 3, 4), AABB(Vector3(1, 2, 3), Vector3(4, 5, 6)),
	Plane(0, 1, 0, 5), Transform2D(Vector2(1, 2), Vector2(3, 4), Vector2(5, 6)),
	Basis(Vector3(1, 2, 3), Vector3(4, 5, 6), Vector3(7, 8, 9)),
	Transform3D(Vector3(1, 2, 3), Vector3(4, 5, 6), Vector3(7, 8, 9), Vector3(10, 11, 12)),
	Projection(Vector4(1, 2, 3, 4), Vector4(5, 6, 7, 8), Vector4(9, 10, 11, 12), Vector4(13, 14, 15, 16)),
]


func test_every_number_type_survives_its_object_form_and_its_text_form() -> void:
	for sample: Variant in SAMPLES:
		var info: Dictionary = {"type": typeof(sample)}
		var json: Variant = JSON.parse_string(Protocol.encode_value(PropertyValues.to_json(sample, null)))
		expect_equal(json["type"], type_string(typeof(sample)))
		expect_equal(_parse(json, info), sample, "the object form:")
		expect_equal(_parse(var_to_str(sample), info), sample, "the text form:")


func test_every_number_type_is_read_from_its_numbers_in_the_order_of_the_text() -> void:
	for sample: Variant in SAMPLES:
		var numbers: Array = JSON.parse_string("[%s]" % var_to_str(sample).get_slice("(", 1).trim_suffix(")"))
		expect_equal(_parse(numbers, {"type": typeof(sample)}), sample, "the numbers:")
		_expect_misfit(numbers + [1], {"type": typeof(sample)})
		_expect_misfit(numbers.slice(2), {"type": typeof(sample)})


func test_types_of_parts_are_read_from_their_parts() -> void:
	expect_equal(_parse([[1, 2], {"x": 3, "y": 4}], {"type": TYPE_RECT2}), Rect2(1, 2, 3, 4))
	expect_equal(_parse({"position": [1, 2], "size": "Vector2i(3, 4)"}, {"type": TYPE_RECT2I}), Rect2i(1, 2, 3, 4))
	expect_equal(_parse([[1, 2, 3], [4, 5, 6]], {"type": TYPE_AABB}), AABB(Vector3(1, 2, 3), Vector3(4, 5, 6)))
	expect_equal(_parse([[0, 1, 0], 5], {"type": TYPE_PLANE}), Plane(0, 1, 0, 5))
	expect_equal(_parse([[1, 2], [3, 4], [5, 6]], {"type": TYPE_TRANSFORM2D}), Transform2D(Vector2(1, 2), Vector2(3, 4), Vector2(5, 6)))
	# Parts are columns, numbers alone are rows, as the engine has them.
	var basis := Basis(Vector3(1, 2, 3), Vector3(4, 5, 6), Vector3(7, 8, 9))
	expect_equal(_parse([[1, 2, 3], [4, 5, 6], [7, 8, 9]], {"type": TYPE_BASIS}), basis)
	expect_equal(_parse([1, 4, 7, 2, 5, 8, 3, 6, 9], {"type": TYPE_BASIS}), basis)
	var whole := Transform3D(basis, Vector3(10, 11, 12))
	expect_equal(_parse([[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]], {"type": TYPE_TRANSFORM3D}), whole)
	expect_equal(_parse([[[1, 2, 3], [4, 5, 6], [7, 8, 9]], [10, 11, 12]], {"type": TYPE_TRANSFORM3D}), whole)
	expect_equal(_parse([1, 0.5, 0], {"type": TYPE_COLOR}), Color(1, 0.5, 0))
	expect_equal(_parse([{"type": "float", "value": "inf"}, 0], {"type": TYPE_VECTOR2}), Vector2(INF, 0))
	for given: Variant in [[[1, 2]], [[1, 2], [3]], [[1, 2], 3, 4], [[1, 2], "3, 4"]]:
		_expect_misfit(given, {"type": TYPE_RECT2})
	_expect_misfit([1.5, 2], {"type": TYPE_VECTOR2I})
	_expect_misfit([3e9, 2], {"type": TYPE_VECTOR2I})
	_expect_misfit(["red"], {"type": TYPE_COLOR})


func test_a_list_stays_a_list_where_any_type_is_taken() -> void:
	expect_equal(_parse([1, 2], {"type": TYPE_NIL}), [1, 2])
	expect_equal(_parse([1, 2], {"type": TYPE_NIL}, Vector2(1, 2)), [1, 2])
	expect_equal(_parse([[1, 2]], {"type": TYPE_ARRAY}), [[1, 2]])
	expect_equal(_parse({"x": 1, "y": 2}, {"type": TYPE_NIL}), {"x": 1, "y": 2})


func test_components_are_written_as_short_as_they_were_given() -> void:
	var written := Protocol.encode_value(PropertyValues.to_json(Vector2(0.1, -1234.567), null))
	expect_equal(written, '{"type":"Vector2","x":0.1,"y":-1234.567}')


func test_numbers_that_json_does_not_have_are_written_as_objects() -> void:
	expect_equal(PropertyValues.to_json(INF, null), {"type": "float", "value": "inf"})
	expect_equal(PropertyValues.to_json(-INF, null), {"type": "float", "value": "-inf"})
	expect_equal(_parse({"type": "float", "value": "-inf"}, {"type": TYPE_FLOAT}), -INF)
	expect_true(is_nan(_parse({"type": "float", "value": "nan"}, {"type": TYPE_FLOAT})), "that nan is read")
	expect_equal(_parse({"type": "Vector2", "x": {"type": "float", "value": "inf"}, "y": 0.0}, {"type": TYPE_VECTOR2}), Vector2(INF, 0))


func test_colors_have_names_and_hexadecimal_digits() -> void:
	expect_equal(_parse("#ff8000", {"type": TYPE_COLOR}), Color.html("#ff8000"))
	expect_equal(_parse("red", {"type": TYPE_COLOR}), Color.RED)
	expect_equal(_parse("Color(1, 0.5, 0)", {"type": TYPE_COLOR}), Color(1, 0.5, 0))


func test_integers_keep_every_digit_and_floats_stay_floats() -> void:
	expect_equal(_parse("9223372036854775807", {"type": TYPE_INT}), 9223372036854775807)
	expect_equal(_parse(3.0, {"type": TYPE_INT}), 3)
	expect_equal(Protocol.encode_value({"i": 9223372036854775807, "f": 1.0}), '{"i":9223372036854775807,"f":1.0}')


func test_enums_take_their_labels() -> void:
	var info: Dictionary = {"type": TYPE_INT, "hint": PROPERTY_HINT_ENUM, "hint_string": "Calm:0,Very Angry:5,Next"}
	expect_equal(_parse("VERY_ANGRY", info), 5)
	expect_equal(_parse("Next", info), 6)
	_expect_misfit("Furious", info)


func test_containers_have_the_types_that_arguments_declare() -> void:
	var cells: Variant = _parse(["Vector2i(1, 2)"], {
		"type": TYPE_ARRAY, "hint": PROPERTY_HINT_ARRAY_TYPE, "hint_string": "Vector2i"})
	expect_equal(cells, [Vector2i(1, 2)] as Array[Vector2i])
	expect_equal((cells as Array).get_typed_builtin(), TYPE_VECTOR2I)
	_expect_misfit(["here"], {"type": TYPE_ARRAY, "hint": PROPERTY_HINT_ARRAY_TYPE, "hint_string": "Vector2i"})
	expect_equal(_parse({"1": "2"}, {"type": TYPE_DICTIONARY, "hint": 38, "hint_string": "int;float"}), {1: 2.0})


func test_numbers_stay_what_they_were_where_any_type_is_taken() -> void:
	expect_equal(PropertyParser.new().parse([2.0, 1.0], {"type": TYPE_ARRAY}, [0.5, 1]).value, [2.0, 1])
	expect_equal(PropertyParser.new().parse({"1": "name"}, {"type": TYPE_DICTIONARY}, {1: &"x"}).value, {1: &"name"})


func test_names_and_paths_are_strings_in_either_form() -> void:
	expect_equal(_parse("../A:position", {"type": TYPE_NODE_PATH}), NodePath("../A:position"))
	expect_equal(_parse('NodePath("../A")', {"type": TYPE_NODE_PATH}), NodePath("../A"))
	expect_equal(_parse('&"jump"', {"type": TYPE_STRING_NAME}), &"jump")
	expect_equal(PropertyValues.to_json(NodePath("../A"), null), "../A")


func test_what_does_not_fit_is_never_a_default() -> void:
	for given: Variant in [null, true, "abc", "Vector2(1)", "Vector2(1, 2, 3)", "Vector2(a, b)", "Vector3(1, 2, 3)", [], [1], [1, 2, 3], [1, "2"], [[1, 2]], [1, null], {"x": 1.0},
			{"type": "Vector3", "x": 1.0, "y": 2.0}, {"type": "Vector2", "x": 1.0, "y": 2.0, "z": 3.0}, {"type": "Vector2", "x": "1", "y": 2.0},
			"Vector2(OS.exit(), 1)", 5.0]:
		_expect_misfit(given, {"type": TYPE_VECTOR2})
	for given: Variant in [1.5, "1.5", true, null, [], 1e300]:
		_expect_misfit(given, {"type": TYPE_INT})
	_expect_misfit("Vector2i(1.5, 2)", {"type": TYPE_VECTOR2I})
	_expect_misfit({"x": 3e9, "y": 0.0}, {"type": TYPE_VECTOR2I})
	for given: Variant in [1.0, 0.0, "yes", null]:
		_expect_misfit(given, {"type": TYPE_BOOL})
	_expect_misfit(5.0, {"type": TYPE_STRING})
	_expect_misfit("#zzz", {"type": TYPE_COLOR})
	_expect_misfit("nocolor", {"type": TYPE_COLOR})
	_expect_misfit("Object(Node,\"script\":Resource(\"res://game/level.gd\"))", {"type": TYPE_OBJECT})
	_expect_misfit("x", {"type": TYPE_CALLABLE})


func test_typed_arrays_and_packed_arrays_check_their_elements() -> void:
	var numbers: Array[int] = [1]
	var parsed: Variant = _parse([4.0, 5.0], {"type": TYPE_ARRAY}, numbers)
	expect_equal(parsed, [4, 5] as Array[int])
	expect_true((parsed as Array).is_typed(), "that the array stays typed")
	_expect_misfit([4.0, "x"], {"type": TYPE_ARRAY}, numbers)
	expect_equal(_parse(["Vector2(1, 2)"], {"type": TYPE_PACKED_VECTOR2_ARRAY}), PackedVector2Array([Vector2(1, 2)]))
	_expect_misfit([256.0], {"type": TYPE_PACKED_BYTE_ARRAY})


func test_free_values_keep_json_and_typed_objects() -> void:
	var given: Variant = JSON.parse_string('{"a":[1,2.5,"x",{"type":"Vector2","x":1,"y":2}],"b":null}')
	expect_equal(_parse(given, {"type": TYPE_NIL}), {"a": [1, 2.5, "x", Vector2(1, 2)], "b": null})


func test_resources_are_loaded_and_checked() -> void:
	var info: Dictionary = {"type": TYPE_OBJECT, "hint": PROPERTY_HINT_RESOURCE_TYPE, "hint_string": "Script"}
	expect_equal(_parse("res://game/player.gd", info), load("res://game/player.gd"))
	expect_equal(_parse({"type": "Resource", "class": "GDScript", "path": "res://game/player.gd"}, info), load("res://game/player.gd"))
	expect_equal(PropertyValues.to_json(load("res://game/player.gd"), null), {"type": "Resource", "class": "GDScript", "path": "res://game/player.gd"})
	expect_equal(_parse(null, info), null)
	_expect_misfit("res://game/player.tscn", info)
	_expect_misfit("res://missing.gd", info)
	_expect_misfit("user://player.gd", info)


func test_a_resource_can_be_made_in_place() -> void:
	var info: Dictionary = {"type": TYPE_OBJECT, "hint": PROPERTY_HINT_RESOURCE_TYPE, "hint_string": "Shape2D"}
	var shape: Variant = _parse({"type": "Resource", "class": "CircleShape2D", "properties": {"radius": 8.0}}, info)
	expect_true(shape is CircleShape2D and is_equal_approx(shape.radius, 8.0), "that a circle of radius 8 is made")
	_expect_misfit({"type": "Resource", "class": "Gradient"}, info)
	_expect_misfit({"type": "Resource", "class": "CircleShape2D", "properties": {"radius": "big"}}, info)
	_expect_misfit({"type": "Resource", "class": "Node"}, info)


func test_nodes_are_referred_to_by_path() -> void:
	var root := Node2D.new()
	var child := Sprite2D.new()
	child.name = "Child"
	root.add_child(child)
	var info: Dictionary = {"type": TYPE_OBJECT, "hint": PROPERTY_HINT_NODE_TYPE, "hint_string": "Node2D"}
	expect_true(PropertyParser.new(root).parse("Child", info).value == child, "that the path leads to the child")
	expect_true(PropertyParser.new(root).parse({"type": "Node", "path": "."}, info).value == root, "that . is the root")
	expect_true(not PropertyParser.new(root).parse("../Child", info).fits(), "that nothing outside is reached")
	info["hint_string"] = "Node3D"
	expect_true(not PropertyParser.new(root).parse("Child", info).fits(), "that the class is checked")
	expect_equal(PropertyValues.to_json(child, root), {"type": "Node", "path": "Child"})
	root.free()


func _parse(given: Variant, info: Dictionary, current: Variant = null) -> Variant:
	var parsed := PropertyParser.new().parse(given, info, current)
	expect_true(parsed.fits(), "that %s fits %s" % [var_to_str(given), type_string(info["type"])])
	return parsed.value


func _expect_misfit(given: Variant, info: Dictionary, current: Variant = null) -> void:
	var parsed := PropertyParser.new().parse(given, info, current)
	expect_true(not parsed.fits(), "that %s does not fit %s" % [var_to_str(given), type_string(info["type"])])
