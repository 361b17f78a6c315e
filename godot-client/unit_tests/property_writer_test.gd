extends "unit_test.gd"

const PropertyInfos := preload("res://addons/godot_mcp_hub/values/property_infos.gd")
const PropertyParser := preload("res://addons/godot_mcp_hub/values/property_parser.gd")
const PropertyWriter := preload("res://addons/godot_mcp_hub/values/property_writer.gd")

## How often the writer has asked what the object has.
var _listed: int = 0
var _parser := PropertyParser.new()


func test_an_animation_is_made_with_as_few_looks_for_many_tracks_as_for_few() -> void:
	var looks: Array[int] = []
	for count: int in [4, 40]:
		var animation := Animation.new()
		looks.append(_looks_for(animation, _tracks(count)))
		expect_equal(animation.get_track_count(), count)
		expect_equal(animation.track_get_path(count - 1), NodePath("N%d:position" % (count - 1)))
		expect_equal(animation.track_get_key_count(count - 1), 2)
	expect_equal(looks[0], looks[1])


func test_so_are_themes_tiles_and_states() -> void:
	var makers: Array[Callable] = [_theme_colors, _tiles, _states, _lists_of_states]
	for maker: Callable in makers:
		var looks: Array[int] = []
		for count: int in [4, 40]:
			looks.append(_looks_for(ClassDB.instantiate(_class_of(maker)), maker.call(count)))
		expect_equal(looks[0], looks[1], "looks for %s:" % maker.get_method())


func test_what_is_like_a_taken_name_and_is_not_taken_is_named() -> void:
	var writer := _writer(Animation.new())
	var given := _tracks(2).merged({"tracks/7/type": "value"})
	expect_true(writer.write(given).is_unknown, "that there is no eighth track after two")
	expect_equal(writer.failed_name, "tracks/7/type")


func _looks_for(object: Object, given: Dictionary) -> int:
	_listed = 0
	var problem := _writer(object).write(given)
	expect_true(problem == null, "that all is written: %s" % [problem.expected if problem != null else ""])
	for name: String in given:
		expect_true(object.get(name) != null, "that there is %s" % name)
	return _listed


func _writer(object: Object) -> PropertyWriter:
	var put := func(name: String, value: Variant, _was_there: bool) -> void: object.set(name, value)
	var writer := PropertyWriter.new(object, null, _parser.parse, put, null)
	writer.find_infos = func(of: Object, names: Array) -> Dictionary:
		_listed += 1
		return PropertyInfos.find_all(of, names)
	return writer


static func _class_of(maker: Callable) -> String:
	return {"_theme_colors": "Theme", "_tiles": "TileSetAtlasSource"}.get(maker.get_method(), "AnimationNodeStateMachine")


static func _tracks(count: int) -> Dictionary:
	var given: Dictionary = {"length": 2.0}
	for track: int in count:
		given["tracks/%d/type" % track] = "value"
		given["tracks/%d/path" % track] = "N%d:position" % track
		given["tracks/%d/keys" % track] = {
			"times": [0.0, 1.0], "transitions": [1.0, 1.0], "update": 0, "values": ["Vector2(0, 0)", "Vector2(1, 1)"]}
	return given


static func _theme_colors(count: int) -> Dictionary:
	var given: Dictionary = {}
	for index: int in count:
		given["Button/colors/c%d_%s" % [index, "x".repeat(index % 3)]] = [1, 0, 0]
		given["Label/constants/%s" % "k".repeat(index + 1)] = index + 1
	return given


static func _tiles(count: int) -> Dictionary:
	var given: Dictionary = {"texture": _texture(count), "texture_region_size": [4, 4]}
	for index: int in count:
		given["%d:0/0" % index] = 0
		given["%d:0/0/modulate" % index] = [1, 0, 0]
	return given


static func _texture(count: int) -> Dictionary:
	return {"type": "Resource", "class": "PlaceholderTexture2D", "properties": {"size": [4 * count, 4]}}


static func _states(count: int) -> Dictionary:
	var given: Dictionary = {}
	for index: int in count:
		given["states/%s/node" % "s".repeat(index + 1)] = {"type": "Resource", "class": "AnimationNodeAnimation"}
		given["states/%s/position" % "s".repeat(index + 1)] = [index, 2]
	return given


## The same in another order, so that each name is like the one before it.
static func _lists_of_states(count: int) -> Dictionary:
	var given := _states(count)
	var sorted: Dictionary = {}
	for ending: String in ["node", "position"]:
		for name: String in given:
			if name.ends_with(ending):
				sorted[name] = given[name]
	return sorted
