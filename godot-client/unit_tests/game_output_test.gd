extends "unit_test.gd"

const GameOutput := preload("res://addons/godot_mcp_hub/playing/game_output.gd")
const PATH := "user://game_output_test.log"
const ERROR := "USER SCRIPT ERROR: %s\n   at: push_error (core/variant/variant_utility.cpp:1024)\n   GDScript backtrace (most recent call first):\n       [0] _ready (res://a.gd:3)\n"


func test_what_is_appended_is_taken_in_whole_lines() -> void:
	var output := _output_of("one\ntw")
	output.poll()
	expect_equal(_messages(output), ["one"], "before the end of the line")
	_append("o\nthree\n")
	output.poll()
	expect_equal(_messages(output), ["one", "two", "three"], "after it")
	_append("four")
	output.poll(true)
	expect_equal(_messages(output), ["one", "two", "three", "four"], "at the end")


func test_of_a_flood_the_last_lines_are_kept_and_the_rest_is_counted() -> void:
	var lines: PackedStringArray = []
	for number: int in 30000:
		lines.append("line %d" % number)
		if number % 1000 == 0:
			lines.append((ERROR % number).trim_suffix("\n"))
	lines.append("WARNING: near the end\n   at: here (a.cpp:1)\nlast")
	var output := _output_of("\n".join(lines) + "\n")
	output.poll(true)
	expect_equal(output.error_count, 30, "errors, kept or counted")
	expect_equal(output.warning_count, 1, "warnings")
	expect_equal(output.entries[-1]["message"], "last", "the newest line")
	expect_equal(output.skipped_lines, lines.size() - GameOutput.CHUNK_LINES + 30 * 3 + 2, "the rest")


func test_a_look_takes_no_longer_than_its_share() -> void:
	var output := _output_of("x\n".repeat(1 << 20))
	var begin := Time.get_ticks_usec()
	output.poll(false, 1)
	output.poll(false, 1)
	expect_true(output.position < GameOutput.CHUNK_LINES, "not all lines were looked at")
	expect_true(Time.get_ticks_usec() - begin < 2000000, "neither were all read one by one")


func test_a_report_that_a_gap_cuts_leaves_no_lines_behind() -> void:
	var text := "before\n" + ERROR % "cut"
	for number: int in GameOutput.CHUNK_LINES - 2:
		text += "after %d\n" % number
	var output := _output_of(text)
	output.poll(true)
	expect_equal(output.entries[0]["message"], "after 0", "the first that is kept")
	expect_equal(output.error_count, 1, "the error is counted")


func test_a_machine_without_sound_is_not_why_a_game_ended() -> void:
	var noise := "ERROR: Condition \"status < 0\" is true. Returning: ERR_CANT_OPEN\n   at: init_output_device (./drivers/alsa/audio_driver_alsa.cpp:99)\n"
	noise += "ERROR: Can't open the device.\n   at: open (drivers/vulkan/rendering_context.cpp:7)\n"
	noise += "WARNING: All audio drivers failed, falling back to the dummy driver.\n   at: initialize (servers/audio_server.cpp:253)\n"
	var left := "ERROR: 2 resources still in use at exit.\n   at: clear (core/io/resource.cpp:810)\n"
	var output := _output_of(noise + left)
	output.poll(true)
	expect_equal(output.likely_cause(), {}, "nothing of the game")
	expect_equal(output.first_errors(9).size(), 3, "they are told all the same")
	for cause: String in ["ERROR: Failed loading resource: res://gone.tscn.\n   at: _load (core/io/resource_loader.cpp:343)\n", ERROR % "mine"]:
		output = _output_of(noise + cause + left)
		output.poll(true)
		expect_true(cause.contains(output.likely_cause()["message"]), "the game's own: %s" % output.likely_cause())
		expect_equal(output.first_errors(1), [output.likely_cause()], "which stands first")


func _output_of(text: String) -> GameOutput:
	var file := FileAccess.open(PATH, FileAccess.WRITE)
	file.store_string(text)
	file.close()
	return GameOutput.new(PATH)


func _append(text: String) -> void:
	var file := FileAccess.open(PATH, FileAccess.READ_WRITE)
	file.seek_end()
	file.store_string(text)
	file.close()


static func _messages(output: GameOutput) -> Array:
	return output.entries.map(func(entry: Dictionary) -> String: return entry["message"])
