extends "unit_test.gd"

const EngineLog := preload("res://addons/godot_mcp_hub/engine/engine_log.gd")
const LogReader := preload("res://addons/godot_mcp_hub/editor/log_reader.gd")

const FILE := "user://log_reader_test.log"


func test_old_entries_give_way_and_numbers_go_on() -> void:
	var engine_log := EngineLog.new()
	for count: int in EngineLog.CAPACITY + 5:
		engine_log.append({"level": "info", "message": str(count)})
	var entries := engine_log.since(0)
	expect_equal(entries.size(), EngineLog.CAPACITY)
	expect_equal(entries[0]["message"], "5")
	expect_equal(engine_log.position(), EngineLog.CAPACITY + 5)
	expect_equal(engine_log.clear(), EngineLog.CAPACITY)
	expect_equal(engine_log.since(0), [] as Array[Dictionary])
	engine_log.append({"level": "error", "message": "after"})
	expect_equal(engine_log.since(EngineLog.CAPACITY + 5).size(), 1)
	expect_equal(engine_log.since(0).size(), 1)


func test_what_a_check_finds_is_no_entry() -> void:
	var engine_log := EngineLog.new()
	EngineLog.begin_check()
	engine_log.append({"level": "error", "message": "found"})
	expect_equal(EngineLog.end_check(), ["found"] as Array[String])
	engine_log.append({"level": "error", "message": "kept"})
	expect_equal(engine_log.since(0).size(), 1)


func test_entries_come_from_any_thread() -> void:
	var engine_log := EngineLog.new()
	var threads: Array[Thread] = []
	for number: int in 4:
		var thread := Thread.new()
		thread.start(func() -> void:
			for count: int in 200:
				engine_log.append({"level": "info", "message": "x"}))
		threads.append(thread)
	for thread: Thread in threads:
		thread.wait_to_finish()
	expect_equal(engine_log.position(), 800)
	expect_equal(engine_log.since(0).size(), 800)


func test_the_engines_progress_is_no_entry_and_nothing_steers_a_terminal() -> void:
	var engine_log := EngineLog.new()
	for message: String in [
		"[  47% ] \u001b[90m\u001b[1mupdate_scripts_classes\u001b[22m | Player\u001b[39m\u001b[0m\n",
		"[   0% ] \u001b[90m\u001b[1mreimport\u001b[22m | Started Importing (2 steps)\u001b[39m\u001b[0m\n",
		"\u001b[32m[ DONE ]\u001b[39m \u001b[1mreimport\u001b[22m\n\u001b[0m",
	]:
		engine_log.append({"level": "info", "message": message})
	expect_equal(engine_log.position(), 0)
	for message: String in [
		"[  47% ] level | of the project's own",
		"\u001b[31mred\u001b[0m and \u001b]8;;http://a\u0007a link\u001b]8;;\u0007, \u009b1mbold\u001b[m\u001b",
		"[1, 2] \u001b[1m[  5% ]\u001b[m",
	]:
		engine_log.append({"level": "info", "message": message})
	expect_equal(engine_log.since(0).map(func(entry: Dictionary) -> String: return entry["message"]), [
		"[  47% ] level | of the project's own",
		"red and a link, bold",
		"[1, 2] [  5% ]",
	])


func test_a_log_file_is_read_by_levels() -> void:
	var file := FileAccess.open(FILE, FileAccess.WRITE)
	file.store_string("[ DONE ] reimport\n\u001b[1mhello\u001b[m\nWARNING: odd\n   at: f (a.gd:1)\nSCRIPT ERROR: wrong\nERROR: worse\n")
	file.close()
	var levels := LogReader.lines_of_file(FILE, "info").map(func(entry: Dictionary) -> String: return entry["level"])
	expect_equal(levels, ["info", "warning", "info", "error", "error"])
	expect_equal(LogReader.lines_of_file(FILE, "error").size(), 2)
	expect_equal(LogReader.lines_of_file(FILE, "error")[0], {"seq": 5, "level": "error", "message": "SCRIPT ERROR: wrong"})
	expect_equal(LogReader.lines_of_file("user://there_is_none.log", "info").size(), 0)
	DirAccess.remove_absolute(FILE)
