extends "unit_test.gd"

const TestRun := preload("res://addons/godot_mcp_hub/testing/test_run.gd")
const FOLDER := "user://leftovers_test"
const LEFT := FOLDER + "/tests-0-0"


func test_what_an_earlier_run_has_left_is_removed_once_it_is_old() -> void:
	DirAccess.make_dir_recursive_absolute(LEFT + "/report_1")
	for path: String in [LEFT + "/" + TestRun.LOG, LEFT + "/report_1/results.xml"]:
		FileAccess.open(path, FileAccess.WRITE).close()
	TestRun.remove_leftovers(FOLDER, TestRun.LEFTOVER_AGE_S)
	expect_true(DirAccess.dir_exists_absolute(LEFT), "that a run which may still write is left alone")
	TestRun.remove_leftovers(FOLDER, 0)
	expect_true(not DirAccess.dir_exists_absolute(LEFT), "that an old one goes")
	DirAccess.remove_absolute(FOLDER)
