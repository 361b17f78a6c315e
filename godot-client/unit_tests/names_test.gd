extends "unit_test.gd"

const NearNames := preload("res://addons/godot_mcp_hub/texts/near_names.gd")
const PrintedText := preload("res://addons/godot_mcp_hub/engine/printed_text.gd")
const Wildcards := preload("res://addons/godot_mcp_hub/texts/wildcards.gd")


func test_typing_errors_lead_to_the_name_that_was_meant() -> void:
	var names: Array = ["position", "rotation", "scale", "visible"]
	for wrong: String in ["positon", "possition", "posiiton", "Position", "pozition"]:
		expect_equal(NearNames.of(wrong, names).slice(0, 1), ["position"] as Array[String], wrong)


func test_nothing_is_near_a_name_of_another_kind_or_one_that_is_too_long() -> void:
	expect_equal(NearNames.of("qqqq", ["position"]), [] as Array[String])
	expect_equal(NearNames.of("a".repeat(300), ["a".repeat(300)]), [] as Array[String])


func test_the_nearest_names_come_first_and_are_few() -> void:
	var names: Array = range(20).map(func(index: int) -> String: return "node_%d" % index)
	var near := NearNames.of("node_1", names)
	expect_equal(near[0], "node_1")
	expect_equal(near.size(), NearNames.COUNT)


func test_candidates_become_a_question() -> void:
	expect_equal(NearNames.question([]), "")
	expect_equal(NearNames.question(["a", "b"]), "Did you mean 'a', 'b'?")


func test_stars_and_question_marks_fit_as_the_engine_has_them() -> void:
	for entry: Array in [
			["player.gd", "*.gd", true], ["PLAYER.GD", "*.gd", true], ["player.tscn", "*.gd", false],
			["a.gd", "?.gd", true], ["..gd", "?.gd", false], ["level_12", "level_??", true],
			["a+b", "a+b", true], ["aab", "a+b", false], ["", "", false], ["x", "*", true]]:
		expect_equal(Wildcards.fits(entry[0], entry[1]), entry[2], "%s %s" % [entry[0], entry[1]])


func test_a_pattern_of_many_stars_is_answered_at_once() -> void:
	var began := Time.get_ticks_msec()
	expect_true(not Wildcards.fits("a".repeat(2000), "*a".repeat(300) + "b"), "that it does not fit")
	expect_true(not Wildcards.fits("a", "a*".repeat(1000)), "that a longer one fits nothing")
	expect_true(Time.get_ticks_msec() - began < 2000, "that it takes no time")


func test_what_steers_a_terminal_is_taken_out_of_printed_texts() -> void:
	expect_equal(PrintedText.plain("\u001b[31mred\u001b[0m, \u001b]8;;url\u0007link"), "red, link")
	expect_equal(PrintedText.plain("plain [1]"), "plain [1]")
	expect_true(PrintedText.is_progress("[  47% ] update_scripts_classes | Player"), "progress")
	expect_true(not PrintedText.is_progress("[info] ready"), "that another line is none")
